using Payouts.Stellar.Xdr;

namespace Payouts.Stellar;

/// <summary>
/// The authorization of one payout: the payout source account lets the contract pay this order, and nothing below it. Every party makes it by
/// itself from the order, the nonce and the last ledger, and compares.
/// </summary>
public static class PayoutAuthorization
{
    /// <summary>The unsigned entry.</summary>
    /// <exception cref="ArgumentException">The order cannot be written as a call: see <see cref="PayoutContractCall.Pay"/>.</exception>
    public static SorobanAuthorizationEntry Of(PayoutContractCall call, PayoutOrder order, AccountId source, long nonce, uint expirationLedger) =>
        SorobanAuthorization.ForCall(source, ((HostFunction.InvokeContract)call.Pay(order).Function).Value, nonce, expirationLedger);

    /// <summary>The one authorization of a call when it is an address's own; null: the call is authorized by its transaction, or otherwise.</summary>
    public static SorobanAuthorizationEntry? Carried(Transaction transaction) =>
        transaction.Body.Operations is [{ Body: OperationBody.InvokeHostFunction { Value.Auth: [{ Credentials: SorobanCredentials.Address } entry] } }] ? entry : null;

    /// <summary>The unsigned entry that a preimage is of: version 1 leaves the account out.</summary>
    /// <exception cref="FormatException">A preimage of something else.</exception>
    /// <exception cref="XdrException">No preimage at all.</exception>
    public static SorobanAuthorizationEntry FromPreimage(string preimageXdr, AccountId source) => XdrCodec.FromBase64<HashIDPreimage>(preimageXdr) is HashIDPreimage.SorobanAuthorization { Value: var asked }
        ? new(new SorobanCredentials.Address(new SorobanAddressCredentials(source.ToScAddress(), asked.Nonce, asked.SignatureExpirationLedger, ScVal.Void)), asked.Invocation)
        : throw new FormatException("it is no preimage of an authorization");

    /// <summary>Reads an entry.</summary>
    /// <exception cref="XdrException">No such entry.</exception>
    public static SorobanAuthorizationEntry FromBase64(string xdr) => XdrCodec.FromBase64<SorobanAuthorizationEntry>(xdr);
}
