using Payouts.Contracts;
using Payouts.Signer.Configuration;
using Payouts.Stellar;
using Payouts.Stellar.Xdr;
using StellarOrder = Payouts.Stellar.PayoutOrder;

namespace Payouts.Signer.Intent;

/// <summary>
/// The authorization form. Asked for: the preimage must be, to the byte, the one that is made here from the order. Carried by an envelope: the entry
/// must be that authorization with signatures of the payout source that suffice; then the channel's key may sign the envelope, and nobody is asked again.
/// </summary>
internal static class CarriedAuthorization
{
    /// <summary>Null when the preimage is the payout's own; <paramref name="entry"/> is then the unsigned authorization.</summary>
    public static IntentVerdict.Refused? CheckAsked(string preimageXdr, string hash, uint expirationLedger, PayoutId payoutId, StellarOrder order, SignerPolicy policy, out SorobanAuthorizationEntry entry)
    {
        entry = Own(policy, order, payoutId, expirationLedger);
        var right = SorobanAuthorization.Preimage(entry, policy.Network);
        if (preimageXdr != XdrCodec.ToBase64(right))
            return Explain(preimageXdr, (HashIDPreimage.SorobanAuthorization)right);
        var own = SorobanAuthorization.Hash(entry, policy.Network).Value;
        return hash == Convert.ToHexStringLower(own.Span) ? null
            : new(IntentProblem.HashDiffers, $"the authorization's hash on \"{policy.Network}\" is {Convert.ToHexStringLower(own.Span)}, another was announced");
    }

    /// <summary>Null when the envelope's one authorization is the payout's own, signed by the payout source.</summary>
    public static IntentVerdict.Refused? CheckCarried(SorobanAuthorizationEntry carried, PayoutId payoutId, StellarOrder order, SignerPolicy policy)
    {
        var credentials = SorobanAuthorization.Credentials(carried);
        var own = Own(policy, order, payoutId, credentials.SignatureExpirationLedger);
        if (credentials.Address != policy.PayoutSource.ToScAddress())
            return new(IntentProblem.CredentialsForeign, $"the authorization is not {policy.PayoutSource}'s");
        if (credentials.Nonce != payoutId.AuthorizationNonce())
            return new(IntentProblem.NonceDiffers, $"the authorization's nonce is {credentials.Nonce}; {payoutId.AuthorizationNonce()} is this payout's");
        if (carried.RootInvocation.SubInvocations.Count != 0)
            return new(IntentProblem.SubInvocationForeign, "calls below the payout are authorized; none may be");
        if (carried.RootInvocation != own.RootInvocation)
            return new(IntentProblem.AuthorizationDiffers, "what is authorized is not the call itself");
        var signatures = SorobanAuthorization.ReadSignatures(carried);
        var hash = SorobanAuthorization.Hash(own, policy.Network).Value;
        var suffice = signatures is not null && signatures.All(x => policy.Signers.WeightOf(x.Key) > 0 && Ed25519Verifier.Verify(x.Key, hash.Span, x.Value))
            && policy.Signers.WeightOf(signatures.Select(x => x.Key)) >= policy.Signers.Threshold;
        // Written again from what was read: an entry that says the same in other bytes is none that was released here.
        return suffice && SorobanAuthorization.WithSignatures(own, signatures!) == carried ? null
            : new(IntentProblem.AuthorizationUnsigned, $"the authorization does not carry signatures of {policy.PayoutSource} that suffice, and nothing else");
    }

    private static SorobanAuthorizationEntry Own(SignerPolicy policy, StellarOrder order, PayoutId payoutId, uint expirationLedger) =>
        PayoutAuthorization.Of(policy.Call, order, policy.PayoutSource, payoutId.AuthorizationNonce(), expirationLedger);

    private static IntentVerdict.Refused Explain(string preimageXdr, HashIDPreimage.SorobanAuthorization right)
    {
        if (preimageXdr.Length > IntentCheck.XdrLengthMax)
            return new(IntentProblem.EnvelopeTooLarge, $"the preimage has {preimageXdr.Length} characters; {IntentCheck.XdrLengthMax} are the most");
        HashIDPreimage asked;
        try
        {
            asked = XdrCodec.FromBase64<HashIDPreimage>(preimageXdr);
        }
        catch (XdrException wrong)
        {
            return new(IntentProblem.EnvelopeUnreadable, $"the preimage: {wrong.Message}");
        }

        if (asked is not HashIDPreimage.SorobanAuthorization { Value: var found })
            return new(IntentProblem.AuthorizationDiffers, $"the preimage is {asked.Discriminant}; {right.Discriminant} is right");
        var own = right.Value;
        if (found.NetworkID != own.NetworkID)
            return new(IntentProblem.HashDiffers, "the authorization is for another network");
        if (found.Nonce != own.Nonce)
            return new(IntentProblem.NonceDiffers, $"the nonce is {found.Nonce}; {own.Nonce} is this payout's");
        if (found.SignatureExpirationLedger != own.SignatureExpirationLedger)
            return new(IntentProblem.ExpirationDiffers, $"the last ledger is {found.SignatureExpirationLedger}, {own.SignatureExpirationLedger} was announced");
        if (found.Invocation.SubInvocations.Count != 0)
            return new(IntentProblem.SubInvocationForeign, "calls below the payout are to be authorized; none may be");
        if (found.Invocation.Function is not SorobanAuthorizedFunction.ContractFn { Value: var call })
            return new(IntentProblem.NotAContractCall, $"{found.Invocation.Function.Discriminant} is to be authorized; a contract call is right");
        var wanted = ((SorobanAuthorizedFunction.ContractFn)own.Invocation.Function).Value;
        if (call.ContractAddress != wanted.ContractAddress)
            return new(IntentProblem.ContractDiffers, "another contract is called");
        if (call.FunctionName != wanted.FunctionName)
            return new(IntentProblem.MethodDiffers, "another method is called");
        return call.Args != wanted.Args ? new(IntentProblem.ArgumentsDiffer, "an argument is not what the order says")
            : new(IntentProblem.EnvelopeUnreadable, "the preimage is not written as XDR writes it");
    }
}
