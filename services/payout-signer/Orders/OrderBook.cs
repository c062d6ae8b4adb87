using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Payouts.Contracts;
using Payouts.Hosting.Messaging;
using Payouts.Signer.Requests;

namespace Payouts.Signer.Orders;

/// <summary>Keeps the orders of resolved rounds and lets go the requests that waited for them, in one transaction.</summary>
public sealed class OrderBook(SignRequestBook requests, ILogger<OrderBook> logger)
{
    /// <summary>Rows in one statement.</summary>
    private const int RowsMax = 10_000;

    /// <summary>Requests released in the transaction that brings their orders; the sweep takes what is left.</summary>
    private const int ReleasedMax = 1_000;

    /// <summary>Keeps what is new. The same debt with another amount or currency is logged and counted: the first order stays.</summary>
    public async Task KeepAsync(IReadOnlyList<IReadOnlyList<Order>> rounds, UnitOfWork<SignerDbContext> unit, CancellationToken cancellationToken)
    {
        foreach (var part in rounds.SelectMany(orders => orders).Chunk(RowsMax))
        {
            var first = part.DistinctBy(x => x.PayoutId).ToList();
            var inserted = await OrderInsert.RunAsync(unit.Transaction, first, unit.Now, cancellationToken);
            if (inserted.Count < part.Length)
                await ReportConflictsAsync(part, inserted, unit, cancellationToken);
        }

        await requests.ReleaseAsync(unit, ReleasedMax, askedBefore: null, cancellationToken);
    }

    private async Task ReportConflictsAsync(Order[] announced, HashSet<PayoutId> inserted, UnitOfWork<SignerDbContext> unit, CancellationToken cancellationToken)
    {
        var repeated = announced.GroupBy(x => x.PayoutId).SelectMany(debts => inserted.Contains(debts.Key) ? debts.Skip(1) : debts).ToList();
        foreach (var part in repeated.Chunk(1_000))
        {
            var ids = part.Select(x => x.PayoutId).Distinct().ToList();
            var kept = await unit.Db.Orders.AsNoTracking().Where(x => ids.Contains(x.PayoutId)).ToDictionaryAsync(x => x.PayoutId, cancellationToken);
            foreach (var order in part)
            {
                var first = kept[order.PayoutId];
                // Two rounds with one key are the rounds service's business; whatever is ordered directly is owed besides.
                if (order.Amount == first.Amount && order.Currency == first.Currency && (order.RoundId == first.RoundId || !(order.IsDirect || first.IsDirect)))
                    continue;
                logger.OrderConflict(order.PayoutId.Value, order.RoundId, $"{order.Amount} {order.Currency}, it was {first.Amount} {first.Currency} of {first.RoundId}");
                unit.BeforeCommit(_ =>
                {
                    SignerMetrics.OrderConflicts.Inc();
                    return Task.CompletedTask;
                });
            }
        }
    }
}
