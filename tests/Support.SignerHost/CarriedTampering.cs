using Payouts.Contracts;
using Payouts.Signer.Intent;
using Payouts.Stellar;
using Payouts.Stellar.Xdr;
using Transaction = Payouts.Stellar.Transaction;

namespace Payouts.Signer.Tests.Support;

/// <summary>Envelopes around an authorization that is not the payout's own, or not signed as it must be: the channel's key must not sign them.</summary>
internal static class CarriedTampering
{
    public static IEnumerable<Tampering> All { get; } =
    [
        new(IntentProblem.AuthorizationUnsigned, "an authorization that nobody signed", at => Carrying(at, at.Authorization(at.Order()))),
        new(IntentProblem.AuthorizationUnsigned, "an authorization signed by a stranger", at => Carrying(at, SignedBy(at, at.StrangerKey))),
        new(IntentProblem.AuthorizationUnsigned, "an authorization with a stranger's signature as well", at => Carrying(at, SorobanAuthorization.WithSignatures(at.Authorization(at.Order()),
            [Signature(at, at.PayoutKey), Signature(at, at.StrangerKey)]))),
        new(IntentProblem.AuthorizationUnsigned, "an authorization with a broken signature", at =>
        {
            var signature = Signature(at, at.PayoutKey);
            signature.Value[7] ^= 1;
            return Carrying(at, SorobanAuthorization.WithSignatures(at.Authorization(at.Order()), [signature]));
        }),
        new(IntentProblem.AuthorizationUnsigned, "an authorization that was signed until an earlier ledger", at =>
        {
            var early = Signed(at, at.Authorization(at.Order(), expirationLedger: 4_000));
            var credentials = SorobanAuthorization.Credentials(early);
            return Carrying(at, early with { Credentials = new SorobanCredentials.Address(credentials with { SignatureExpirationLedger = 5_000 }) });
        }),
        new(IntentProblem.AuthorizationUnsigned, "an authorization signed for another network", at =>
            Carrying(at, SorobanAuthorization.Sign(at.Authorization(at.Order()), Network.Public, at.PayoutKey))),
        new(IntentProblem.AuthorizationDiffers, "the authorization of another amount", at => Carrying(at, Signed(at, at.Authorization(at.Order(amount: "13"))))),
        new(IntentProblem.NonceDiffers, "the authorization of another payout", at => Carrying(at, Signed(at, at.Authorization(at.Order(round: 8))))),
        new(IntentProblem.NonceDiffers, "an authorization with a nonce of its own", at =>
        {
            var entry = at.Authorization(at.Order());
            return Carrying(at, Signed(at, entry with { Credentials = new SorobanCredentials.Address(SorobanAuthorization.Credentials(entry) with { Nonce = 1 }) }));
        }),
        new(IntentProblem.SubInvocationForeign, "an authorization of a transfer below the call", at =>
        {
            var entry = at.Authorization(at.Order());
            return Carrying(at, Signed(at, entry with { RootInvocation = entry.RootInvocation with { SubInvocations = [Tampering.Transfer(at, at.Token, at.Winner, 125_000_000)] } }));
        }),
        new(IntentProblem.CredentialsForeign, "a stranger's authorization", at =>
        {
            var entry = at.Authorization(at.Order());
            var address = at.StrangerKey.AccountId.ToScAddress();
            return Carrying(at, SorobanAuthorization.Sign(entry with { Credentials = new SorobanCredentials.Address(SorobanAuthorization.Credentials(entry) with { Address = address }) }, at.Network, at.StrangerKey));
        }),
        new(IntentProblem.OperationSourceDiffers, "an authorized call twice authorized", at => Carrying(at, [SignedBy(at, at.PayoutKey), SignedBy(at, at.PayoutKey)])),
        new(IntentProblem.OperationSourceDiffers, "an authorized call on the payout source's own number", at =>
        {
            var carried = at.BuildAuthorized(at.Order(), [SignedBy(at, at.PayoutKey)]);
            return at.Command(at.Order(), new Transaction(new TransactionV1Envelope(carried.Body with { SourceAccount = at.PayoutKey.AccountId.ToMuxedAccount() }, [])));
        }),
    ];

    /// <summary>The envelope that is right: nobody need be asked.</summary>
    public static SignPayout Sound(Installation at) => Carrying(at, SignedBy(at, at.PayoutKey));

    private static SignPayout Carrying(Installation at, SorobanAuthorizationEntry entry) => Carrying(at, [entry]);

    private static SignPayout Carrying(Installation at, XdrArray<SorobanAuthorizationEntry> entries) => at.Command(at.Order(), at.BuildAuthorized(at.Order(), entries));

    private static SorobanAuthorizationEntry SignedBy(Installation at, KeyPair key) => SorobanAuthorization.WithSignatures(at.Authorization(at.Order()), [Signature(at, key)]);

    private static SorobanAuthorizationEntry Signed(Installation at, SorobanAuthorizationEntry entry) => SorobanAuthorization.Sign(entry, at.Network, at.PayoutKey);

    private static KeyValuePair<AccountId, byte[]> Signature(Installation at, KeyPair key) =>
        new(key.AccountId, key.Sign(SorobanAuthorization.Hash(at.Authorization(at.Order()), at.Network).Value.Span));
}
