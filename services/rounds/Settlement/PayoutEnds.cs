using Payouts.Contracts;
using Payouts.Hosting.Messaging;
using Payouts.Hosting.Observability;
using Payouts.Rounds.Storage;
using Payouts.Rounds.Trail;

namespace Payouts.Rounds.Settlement;

/// <summary>
/// Enters how payouts ended, one statement for a whole group. Confirmed and written off are final; other ends may be followed by another
/// one, because an operator can have a failed payout tried again.
/// </summary>
internal sealed class PayoutEnds(IRoundsSql sql, ILogger<PayoutEnds> logger)
{
    /// <exception cref="RefusedMessageException">No such debt, or it was confirmed by another transaction or with another amount.</exception>
    public async Task HandleAsync(IReadOnlyList<PayoutSettled> ends, UnitOfWork<RoundsDbContext> unit, CancellationToken cancellationToken)
    {
        // The lock on the rounds makes their counters right, and lets one transaction see the last payout and settle.
        var rounds = (await sql.LockRoundsAsync(unit.Db, [.. ends.Select(x => x.RoundId).Distinct(StringComparer.Ordinal)], cancellationToken))
            .ToDictionary(round => round.Id, StringComparer.Ordinal);
        var trail = RoundTrail.Of(unit);
        foreach (var round in rounds.Values)
            await trail.WatchAsync(round, cancellationToken);
        var final = ends.GroupBy(x => (x.RoundId, x.Winner)).Select(PickEnd).ToList();
        var written = await sql.SettleAsync(unit.Transaction, final.ConvertAll(x => (x, rounds.TryGetValue(x.RoundId, out var round) ? RoundTrail.NextOf(round) : 0)), unit.Now, cancellationToken);
        await CheckAgainstKnownAsync([.. ends.Where(x => !written.Contains((x.RoundId, x.Winner)))], unit, cancellationToken);

        var off = final.Where(x => x.Outcome == PayoutOutcome.WrittenOff && written.Contains((x.RoundId, x.Winner))).Select(x => (x.RoundId, x.Winner)).ToList();
        // What was written off is what was owed: the message carries what was paid, nothing.
        var gone = (off.Count == 0 ? [] : await sql.KnownEndsAsync(unit.Transaction, off, cancellationToken)).ToLookup(x => x.RoundId);
        foreach (var ended in final.Where(x => written.Contains((x.RoundId, x.Winner))).GroupBy(x => x.RoundId))
        {
            var round = rounds[ended.Key];
            var confirmed = ended.Where(x => x.Outcome == PayoutOutcome.Confirmed).ToList();
            round.Confirm(confirmed.Count, confirmed.Aggregate(Stroops.Zero, (sum, end) => sum + end.Paid));
            round.WriteOff(gone[ended.Key].Count(), gone[ended.Key].Aggregate(Stroops.Zero, (sum, end) => sum + end.Amount));
            trail.Record(round, TrailAction.PayoutsEnded, Actors.PayoutBuilder, Why([.. ended]), TrailContent.OfEnds(ended, unit.Now));
            RoundSettlement.SettleIfPaid(round, unit, logger);
            Trace(round, [.. ended], unit);
        }
    }

    /// <summary>What the payout's trace cannot know before: the round that it came from, and that the round has heard of its end.</summary>
    private static void Trace(Round round, IReadOnlyList<PayoutSettled> ended, UnitOfWork<RoundsDbContext> unit)
    {
        if (!PayoutTrace.IsOn || (round.ResolvedAt ?? round.CancelledAt) is not { } decided)
            return;
        var (opened, now, tag) = (round.OpenedAt, unit.Now, new KeyValuePair<string, object?>("round.id", round.Id));
        unit.AfterCommit(() =>
        {
            foreach (var end in ended)
            {
                PayoutTrace.Write(end.PayoutId, "round", opened, decided, tag);
                PayoutTrace.Write(end.PayoutId, "owed", decided, now, tag, new("payout.outcome", end.Outcome.ToString()));
            }
        });
    }

    private static string Why(IReadOnlyList<PayoutSettled> ended) =>
        string.Join(", ", ended.GroupBy(x => x.Outcome).OrderBy(x => x.Key).Select(x => $"{TrailText.Of(x.Count())} {x.Key}"));

    /// <summary>Of several ends of one debt in a group: the final one, else the last to arrive.</summary>
    private static PayoutSettled PickEnd(IEnumerable<PayoutSettled> ends)
    {
        PayoutSettled? picked = null;
        foreach (var end in ends)
        {
            if (picked is { Outcome: PayoutOutcome.Confirmed or PayoutOutcome.WrittenOff })
                RefuseSecondPayment(end, picked.Outcome, picked.Paid, picked.TransactionHash);
            else
                picked = end;
        }

        return picked!;
    }

    /// <summary>What was not written is a repeat or late word about a confirmed debt, or it is wrong.</summary>
    private async Task CheckAgainstKnownAsync(List<PayoutSettled> unwritten, UnitOfWork<RoundsDbContext> unit, CancellationToken cancellationToken)
    {
        if (unwritten.Count == 0)
            return;
        var known = (await sql.KnownEndsAsync(unit.Transaction, [.. unwritten.Select(x => (x.RoundId, x.Winner)).Distinct()], cancellationToken))
            .ToDictionary(x => (x.RoundId, x.Winner));
        foreach (var end in unwritten)
        {
            if (!known.TryGetValue((end.RoundId, end.Winner), out var confirmed))
                throw new RefusedMessageException("PayoutUnknown",
                    $"round \"{end.RoundId}\" owes {end.Winner} nothing: check which service announced payout {end.PayoutId}");
            RefuseSecondPayment(end, confirmed.Outcome, confirmed.Paid, confirmed.TransactionHash);
        }
    }

    // Two confirmations that differ would mean that somebody was paid twice, and one after a write-off that it was wrong: a human must see this.
    private static void RefuseSecondPayment(PayoutSettled end, PayoutOutcome? known, Stroops paid, string? transactionHash)
    {
        if (end.Outcome is not (PayoutOutcome.Confirmed or PayoutOutcome.WrittenOff))
            return;
        if (end.Outcome != known || end.Paid != paid || end.TransactionHash != transactionHash)
            throw new RefusedMessageException("PayoutConflict",
                $"payout {end.PayoutId} to {end.Winner} of round \"{end.RoundId}\" was {known} as {paid} in {transactionHash ?? "no transaction"}, and "
                + $"now {end.Outcome} as {end.Paid} in {end.TransactionHash ?? "no transaction"}: look at both on the ledger");
    }
}
