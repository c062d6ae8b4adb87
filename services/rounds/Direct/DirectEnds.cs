using Payouts.Contracts;
using Payouts.Hosting.Database;
using Payouts.Hosting.Messaging;
using Payouts.Hosting.Observability;
using Payouts.Rounds.Storage;
using Payouts.Rounds.Trail;

namespace Payouts.Rounds.Direct;

/// <summary>How a direct payout ended.</summary>
/// <param name="Settled">The message.</param>
internal sealed record DirectEnd(PayoutSettled Settled);

/// <summary>Enters how direct payouts ended. Confirmed and written off are final; other ends may be followed by another one, because an operator can have a failed payout tried again.</summary>
internal sealed class DirectEnds(ILogger<DirectEnds> logger)
{
    /// <exception cref="RefusedMessageException">Nobody ordered it, or it ended otherwise before.</exception>
    public async Task HandleAsync(IReadOnlyList<DirectEnd> ends, UnitOfWork<RoundsDbContext> unit, CancellationToken cancellationToken)
    {
        var rows = new Dictionary<string, DirectPayout>(StringComparer.Ordinal);
        // One order of locks, so that two transactions do not wait for each other.
        foreach (var reference in ends.Select(ReferenceOf).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
            foreach (var row in await unit.LockAsync<RoundsDbContext, DirectPayout>("select * from direct_payouts where reference = {0}", skipLocked: false, [reference], cancellationToken))
            {
                RoundTrail.Of(unit).Watch(row);
                rows.Add(reference, row);
            }

        foreach (var end in ends)
            Enter(end.Settled, rows.GetValueOrDefault(ReferenceOf(end)), unit);
    }

    private void Enter(PayoutSettled end, DirectPayout? order, UnitOfWork<RoundsDbContext> unit)
    {
        if (order is null || order.Winner != end.Winner)
            throw new RefusedMessageException("PayoutUnknown", $"\"{end.RoundId}\" owes {end.Winner} nothing: check which service announced payout {end.PayoutId}");
        if (!order.HasEnded)
        {
            order.End(end, unit.Now);
            RoundTrail.Of(unit).Record(order, TrailAction.Ended, Actors.PayoutBuilder, $"payout {end.PayoutId} ended as {end.Outcome}");
            if (end.Outcome == PayoutOutcome.Confirmed && end.Paid != order.Amount)
                Log.DirectPaidIsNotOwed(logger, order.Reference, end.Paid, order.Amount);
            var now = unit.Now;
            unit.AfterCommit(() => PayoutTrace.Write(
                end.PayoutId, "owed", order.OrderedAt, now, new KeyValuePair<string, object?>("direct.reference", order.Reference), new("payout.outcome", end.Outcome.ToString())));
            return;
        }

        // Two confirmations that differ would mean that somebody was paid twice, and one after a write-off that it was wrong: a human must see this.
        if (end.Outcome is PayoutOutcome.Confirmed or PayoutOutcome.WrittenOff && (end.Outcome != order.Outcome || end.Paid != order.Paid || end.TransactionHash != order.TransactionHash))
            throw new RefusedMessageException("PayoutConflict",
                $"payout {end.PayoutId} to {end.Winner} of \"{end.RoundId}\" was {order.Outcome} as {order.Paid} in {order.TransactionHash ?? "no transaction"}, and "
                + $"now {end.Outcome} as {end.Paid} in {end.TransactionHash ?? "no transaction"}: look at both on the ledger");
    }

    private static string ReferenceOf(DirectEnd end) => DirectName.ReferenceOf(end.Settled.RoundId)!;
}
