using Payouts.Contracts;
using Payouts.Stellar;
using Payouts.Stellar.Xdr;
using PayoutOrder = Payouts.Contracts.PayoutOrder;
using StellarOrder = Payouts.Stellar.PayoutOrder;
using StellarShare = Payouts.Stellar.PayoutShare;

namespace Payouts.Builder.Building;

/// <summary>An order of the contracts in the words of the ledger.</summary>
internal static class StellarOrders
{
    /// <exception cref="FormatException">An account, an amount or the currency cannot be written so.</exception>
    public static StellarOrder Of(PayoutOrder order) => new(
        new PayoutKey(order.Context, order.PoolId, order.RoundNumber, Address.Parse(order.Winner)), order.Amount.Value, Currency.Parse(order.Currency))
    {
        Others = (order.Others ?? []).Select(share => new StellarShare(Address.Parse(share.Winner), share.Amount.Value)).ToXdrArray(),
    };
}
