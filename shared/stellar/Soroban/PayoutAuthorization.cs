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

    /// <summary>Reads an entry.</summary>
    /// <exception cref="XdrException">No such entry.</exception>
    public static SorobanAuthorizationEntry FromBase64(string xdr) => XdrCodec.FromBase64<SorobanAuthorizationEntry>(xdr);
}
