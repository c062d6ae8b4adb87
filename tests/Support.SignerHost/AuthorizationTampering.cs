using Payouts.Contracts;
using Payouts.Signer.Intent;
using Payouts.Stellar;
using Payouts.Stellar.Xdr;

namespace Payouts.Signer.Tests.Support;

/// <summary>A request for an authorization that is wrong in one way, and the refusal that it must meet.</summary>
internal sealed record AuthorizationTampering(IntentProblem Problem, string Name, Func<Installation, AuthorizePayout> Command)
{
    public static IReadOnlyList<AuthorizationTampering> All { get; } = [.. Announced(), .. Preimages(), .. Invocations()];

    private static IEnumerable<AuthorizationTampering> Announced()
    {
        yield return new(IntentProblem.PayoutIdDiffers, "an authorization under another payout's id", at => Sound(at) with { PayoutId = at.IdOf(at.Order(round: 9)) });
        yield return new(IntentProblem.OrderUnsound, "an authorization of nothing", at => Sound(at) with { Order = at.Order(amount: "0") });
        yield return new(IntentProblem.OrderUnsound, "an authorization for two winners", at =>
            Sound(at) with { Order = at.Order() with { Others = [new Contracts.PayoutShare { Winner = at.StrangerKey.AccountId.ToString(), Amount = new Stroops(1) }] } });
        yield return new(IntentProblem.HashDiffers, "the hash of another authorization", at => Sound(at) with { AuthorizationHash = at.Authorize(at.Order(round: 8)).AuthorizationHash });
        yield return new(IntentProblem.ExpirationDiffers, "an authorization for longer than announced", at =>
            at.Authorize(at.Order(), at.Authorization(at.Order(), expirationLedger: 5_001)) with { ExpirationLedger = 5_000 });
    }

    private static IEnumerable<AuthorizationTampering> Preimages()
    {
        yield return new(IntentProblem.EnvelopeTooLarge, "an oversized preimage", at => Sound(at) with { PreimageXdr = new string('A', IntentCheck.XdrLengthMax + 4) });
        yield return new(IntentProblem.EnvelopeUnreadable, "a preimage that is none", at => Sound(at) with { PreimageXdr = "AAAA" });
        yield return new(IntentProblem.EnvelopeUnreadable, "bytes behind the preimage", at =>
            Sound(at) with { PreimageXdr = Convert.ToBase64String([.. Convert.FromBase64String(Sound(at).PreimageXdr), 0, 0, 0, 0]) });
        yield return new(IntentProblem.AuthorizationDiffers, "a preimage of another version", at =>
            Sound(at) with { PreimageXdr = XdrCodec.ToBase64(new HashIDPreimage.SorobanAuthorizationWithAddress(new HashIDPreimageSorobanAuthorizationWithAddress(at.Network.NetworkId, 1, 5_000, at.PayoutKey.AccountId.ToScAddress(), at.Authorization(at.Order()).RootInvocation))) });
        yield return new(IntentProblem.HashDiffers, "an authorization for another network", at =>
            Sound(at) with { PreimageXdr = XdrCodec.ToBase64(SorobanAuthorization.Preimage(at.Authorization(at.Order()), Network.Public)) });
        yield return new(IntentProblem.NonceDiffers, "an authorization with another nonce", at =>
        {
            var entry = at.Authorization(at.Order());
            return at.Authorize(at.Order(), entry with { Credentials = new SorobanCredentials.Address(SorobanAuthorization.Credentials(entry) with { Nonce = 1 }) });
        });
    }

    private static IEnumerable<AuthorizationTampering> Invocations()
    {
        yield return new(IntentProblem.SubInvocationForeign, "an authorization with a call below", at => Changed(at, root => root with { SubInvocations = [Tampering.Transfer(at, at.Token, at.Winner, 125_000_000)] }));
        yield return new(IntentProblem.ContractDiffers, "an authorization of another contract", at => Called(at, call => call with { ContractAddress = at.Token.ToScAddress() }));
        yield return new(IntentProblem.MethodDiffers, "an authorization of another method", at => Called(at, call => call with { FunctionName = new SCSymbol("set_admin") }));
        yield return new(IntentProblem.ArgumentsDiffer, "an authorization of a stroop more", at =>
            Called(at, call => call with { Args = call.Args.Select((value, i) => i == 4 ? ScVal.I128(125_000_001) : value).ToXdrArray() }));
        yield return new(IntentProblem.ArgumentsDiffer, "an authorization of another winner", at =>
            Called(at, call => call with { Args = call.Args.Select((value, i) => i == 3 ? ScVal.Address(at.StrangerKey.AccountId) : value).ToXdrArray() }));
    }

    private static AuthorizePayout Sound(Installation at) => at.Authorize(at.Order());

    private static AuthorizePayout Called(Installation at, Func<InvokeContractArgs, InvokeContractArgs> change) => Changed(at, root =>
        root with { Function = new SorobanAuthorizedFunction.ContractFn(change(((SorobanAuthorizedFunction.ContractFn)root.Function).Value)) });

    private static AuthorizePayout Changed(Installation at, Func<SorobanAuthorizedInvocation, SorobanAuthorizedInvocation> change)
    {
        var entry = at.Authorization(at.Order());
        return at.Authorize(at.Order(), entry with { RootInvocation = change(entry.RootInvocation) });
    }
}
