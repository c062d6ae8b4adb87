using Payouts.Contracts;
using Payouts.Signer.Configuration;
using Payouts.Signer.Intent;

namespace Payouts.Signer.Orders;

/// <summary>Holds what a transaction is said to pay against the signer's own copy of every debt in it. Pure.</summary>
public sealed class OrderMatch(SignerPolicy policy)
{
    /// <summary>The debts that an order names, the payout's own first.</summary>
    public IEnumerable<PayoutId> IdsOf(PayoutOrder order) => Single(order).Select(IdOf);

    /// <summary>Null when every debt is known and the same; the payout's own is known.</summary>
    public IntentVerdict.Refused? Compare(PayoutOrder asked, IReadOnlyDictionary<PayoutId, Order> known)
    {
        foreach (var debt in Single(asked))
        {
            // All debts of a round are announced by one message, so one that is missing beside another never comes.
            var problem = known.TryGetValue(IdOf(debt), out var own)
                ? IntentCheck.Compare(debt, own.ToContract())
                : new IntentVerdict.Refused(IntentProblem.OrderDiffers, $"no round and no direct order announced a payout to {debt.Winner} with this key");
            if (problem is not null)
                return problem;
        }

        return null;
    }

    private PayoutId IdOf(PayoutOrder debt) =>
        PayoutId.Derive(policy.Network.Passphrase, policy.Call.Contract.ToString(), debt.Context, debt.PoolId, debt.RoundNumber, debt.Winner);

    private static IEnumerable<PayoutOrder> Single(PayoutOrder order) =>
        (order.Others ?? []).Where(share => share is not null).Select(share => order with { Winner = share.Winner, Amount = share.Amount, Others = null }).Prepend(order with { Others = null });
}
