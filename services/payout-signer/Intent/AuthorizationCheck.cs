using Payouts.Signer.Configuration;
using Payouts.Stellar;
using Payouts.Stellar.Xdr;
using StellarOrder = Payouts.Stellar.PayoutOrder;

namespace Payouts.Signer.Intent;

/// <summary>
/// What the signature would authorize besides the envelope. Source-account credentials lend the payout source's authority to the whole
/// invocation tree, so the tree must be this very call; below it at most the one token transfer that pays this winner, and that only when
/// PAYOUT_TOKEN_CONTRACTS names the currency's token.
/// </summary>
internal static class AuthorizationCheck
{
    private static readonly SCSymbol Transfer = new("transfer");

    /// <summary>Null when nothing more than the call is authorized. The transaction's one operation is a contract call already.</summary>
    public static IntentVerdict.Refused? Check(Stellar.Transaction transaction, SignerPolicy policy, StellarOrder order, string currency)
    {
        var operation = ((OperationBody.InvokeHostFunction)transaction.Body.Operations[0].Body).Value;
        // None at all lends no authority: a contract that needs it would merely refuse the call.
        if (operation.Auth.Count == 0)
            return null;
        if (operation.Auth.Count > 1)
            return Refuse(IntentProblem.CredentialsForeign, $"there are {operation.Auth.Count} authorizations; at most one is right");
        var entry = operation.Auth[0];
        if (entry.Credentials is not SorobanCredentials.SourceAccount)
            return Refuse(IntentProblem.CredentialsForeign, $"the authorization has {entry.Credentials.Discriminant}; source account credentials are right");
        var call = ((HostFunction.InvokeContract)operation.HostFunction).Value;
        if (entry.RootInvocation.Function is not SorobanAuthorizedFunction.ContractFn { Value: var authorized } || authorized != call)
            return Refuse(IntentProblem.AuthorizationDiffers, "what is authorized is not the call itself");
        return entry.RootInvocation.SubInvocations.Count == 0 ? null : CheckTransfer(entry.RootInvocation.SubInvocations, policy, order, currency);
    }

    private static IntentVerdict.Refused? CheckTransfer(XdrArray<SorobanAuthorizedInvocation> below, SignerPolicy policy, StellarOrder order, string currency)
    {
        if (!policy.Tokens.TryGetValue(currency, out var token))
            return Refuse(IntentProblem.SubInvocationForeign, $"calls below the payout are authorized, but PAYOUT_TOKEN_CONTRACTS names no token of {currency}");
        var right = order.Shares.Select(share => new SorobanAuthorizedFunction.ContractFn(new InvokeContractArgs(token.ToScAddress(), Transfer,
        [
            ScVal.Address(policy.PayoutSource), ScVal.Address(share.Winner), ScVal.I128(share.Amount),
        ])));
        if (below.Any(x => x.SubInvocations.Count != 0) || !below.Select(x => x.Function).SequenceEqual(right))
            return Refuse(IntentProblem.SubInvocationForeign, $"below the payout only one transfer of the ordered amount from {policy.PayoutSource} to each winner, in their order, by {token} may be authorized");
        return null;
    }

    private static IntentVerdict.Refused Refuse(IntentProblem problem, string detail) => new(problem, detail);
}
