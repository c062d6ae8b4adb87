using Payouts.Contracts;
using Payouts.Stellar;
using Payouts.Stellar.Xdr;
using StellarOrder = Payouts.Stellar.PayoutOrder;
using Transaction = Payouts.Stellar.Transaction;

namespace Payouts.Signers.Requests;

/// <summary>What a signer signs for.</summary>
/// <param name="Network">Whose hashes.</param>
/// <param name="Key">The key that this signer holds: one of the wanted signers.</param>
/// <param name="Contract">The only contract that may be called; null: whichever the intent names.</param>
/// <param name="Source">The payout source account; null: the account of <paramref name="Key"/>.</param>
public sealed record RequestPolicy(Network Network, AccountId Key, ContractId? Contract = null, AccountId? Source = null)
{
    /// <summary>For whom is signed.</summary>
    public AccountId PayoutSource => Source ?? Key;
}

/// <summary>
/// What a signer should check before it signs, as docs/signing.md tells other teams: the hash belongs to the envelope on this network, the
/// envelope does what the intent says for the one account that this signer signs for, and its key is among the wanted ones. Returns why not to sign, or null.
/// </summary>
public static class RequestCheck
{
    /// <summary>Reads the envelope itself and holds the intent against it.</summary>
    public static string? WhyNot(SigningRequested request, RequestPolicy policy)
    {
        if (request.NetworkPassphrase != policy.Network.Passphrase)
            return $"the request is for the network \"{request.NetworkPassphrase}\"; this signer signs for \"{policy.Network}\"";
        if (!request.Signers.Contains(policy.Key.ToString()))
            return $"{policy.Key}, whose key this signer holds, is none of the wanted signers";
        if (request.Intent.PayoutSource != policy.PayoutSource.ToString())
            return $"the intent's payoutSource is not {policy.PayoutSource}, for whom this signer signs";
        if (policy.Contract is { } contract && request.Intent.Contract != contract.ToString())
            return $"the intent's contract is {request.Intent.Contract}; this signer signs calls of {contract} only";
        if (request.Form == SigningForm.Authorization)
            return AuthorizationRequestCheck.WhyNot(request, policy);
        Transaction transaction;
        try
        {
            transaction = Transaction.FromBase64(request.UnsignedXdr);
        }
        catch (TransactionFormatException wrong)
        {
            return $"unsignedXdr is {wrong.Message}";
        }

        if (transaction.Hash(policy.Network).ToString() != request.TransactionHash)
            return "transactionHash is not the hash of unsignedXdr on this network";
        return transaction.Signatures.Count == 0 ? WhyNot(transaction, request.Intent) : "unsignedXdr carries signatures already";
    }

    private static string? WhyNot(Transaction transaction, SigningIntent intent)
    {
        if (transaction.Source.ToString() != intent.Channel || intent.FeeStroops is not { } fee || transaction.Fee > fee)
            return "the transaction source or the fee is not the intent's";
        if (transaction.TimeBounds?.MaxTime != (ulong)intent.ValidUntil.ToUnixTimeSeconds())
            return "the envelope's maxTime is not the intent's validUntil";
        if (transaction.Body.Operations.Count != 1)
            return $"the transaction has {transaction.Body.Operations.Count} operations; one is right";
        var operation = transaction.Body.Operations[0];
        if (AccountId.FromXdr(operation.SourceAccount ?? transaction.Body.SourceAccount).ToString() != intent.PayoutSource)
            return "the operation does not act for the intent's payoutSource";
        if (operation.Body is not OperationBody.InvokeHostFunction { Value: { HostFunction: HostFunction.InvokeContract { Value: var call } } invoke })
            return $"the operation is {operation.Body.Discriminant}; a contract call is right";
        if (call.ContractAddress != ContractId.Parse(intent.Contract).ToScAddress() || call.FunctionName != new SCSymbol(intent.Method))
            return "the called contract or method is not the intent's";
        if (!SaysTheOrder(call, intent.Order))
            return "the call's arguments are not what the intent's order says";
        return invoke.Auth.All(entry => entry.Credentials is SorobanCredentials.SourceAccount) ? null : "the call carries authorizations of other accounts";
    }

    /// <summary>Whether the arguments are the order's, and say who gets how much.</summary>
    internal static bool SaysTheOrder(InvokeContractArgs call, Contracts.PayoutOrder order)
    {
        var deciding = DecidingValues(order);
        return call.Args.All(x => KeyValues(order).Contains(x) || deciding.Exists(way => way.Contains(x))) && deciding.Exists(way => way.TrueForAll(call.Args.Contains));
    }

    // The argument layout is the contract's affair; whatever it is, every argument must be a value of the order, and together they must say who
    // gets how much: winner and amount, a list of both, or a list of winners and what they get in all.
    private static List<List<SCVal>> DecidingValues(Contracts.PayoutOrder order)
    {
        var shares = (order.Others ?? []).Select(x => (Winner: ScVal.Address(AccountId.Parse(x.Winner)), Amount: ScVal.I128(x.Amount.Value)))
            .Prepend((Winner: ScVal.Address(AccountId.Parse(order.Winner)), Amount: ScVal.I128(order.Amount.Value))).ToList();
        List<List<SCVal>> lists = [[ScVal.Vec(shares.Select(x => ScVal.Vec(x.Winner, x.Amount)))]];
        if (shares.TrueForAll(x => x.Amount == shares[0].Amount))
            lists.Add([ScVal.Vec(shares.Select(x => x.Winner)), ScVal.I128(order.Total().Value)]);
        return shares.Count > 1 ? lists : [.. lists, [shares[0].Winner, shares[0].Amount]];
    }

    private static List<SCVal> KeyValues(Contracts.PayoutOrder order) =>
    [
        ScVal.Symbol(order.Context), ScVal.U32(order.PoolId), ScVal.U32(order.RoundNumber),
        Currency.Parse(order.Currency) is Currency.Token token ? ScVal.Address(token.Contract) : ScVal.Symbol(order.Currency),
    ];
}
