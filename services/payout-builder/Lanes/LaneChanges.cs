using Npgsql;
using Payouts.Builder.Saga;
using Payouts.Contracts;
using Payouts.Hosting.Database;
using Payouts.Hosting.Messaging;

namespace Payouts.Builder.Lanes;

/// <summary>
/// Slots that end in this transaction, written at its commit. An end names payout and sequence number, so a late one cannot free
/// what somebody else owns by then.
/// </summary>
internal sealed class LaneChanges
{
    private readonly List<Ended> _consumed = [];
    private readonly List<Ended> _returned = [];
    private readonly TimeSpan _rest;

    public LaneChanges(UnitOfWork<BuilderDbContext> unit, LaneSignal signal, TimeSpan rest)
    {
        _rest = rest;
        unit.BeforeCommit(async cancellationToken =>
        {
            if (_consumed.Count + _returned.Count == 0)
                return;
            if (unit.Transaction is NpgsqlTransaction postgres)
                await EndAsync(postgres, unit.Now, cancellationToken);
            else
                await EndTrackedAsync(unit, cancellationToken);
            foreach (var lane in _returned.GroupBy(x => x.Channel).OrderBy(x => x.Key, StringComparer.Ordinal))
                await GiveBackAsync(lane.Key, [.. lane], unit, cancellationToken);
            unit.AfterCommit(signal.Set);
        });
    }

    /// <summary>The ledger consumed the payout's number.</summary>
    /// <param name="uncertain">True when nobody knows what became of the envelopes on it: the lane rests.</param>
    public void Consumed(Payout payout, bool uncertain = false)
    {
        if (payout.Slot is { } slot)
            _consumed.Add(new Ended(slot.Channel, slot.SequenceNumber, payout.CorrelationId, uncertain));
    }

    /// <summary>The ledger consumed a number; its row goes if no payout owns it.</summary>
    public void ConsumedFree(SequenceSlot slot) => _consumed.Add(new Ended(slot.Channel, slot.SequenceNumber, null, Uncertain: false));

    /// <summary>No envelope with this sequence number ever left: the next payout may have it. The payout owns no slot any more.</summary>
    public void Returned(Payout payout)
    {
        if (payout.Slot is { } slot)
            _returned.Add(new Ended(slot.Channel, slot.SequenceNumber, payout.CorrelationId, Uncertain: false));
        payout.LoseSlot();
    }

    private async Task EndAsync(NpgsqlTransaction transaction, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // Lanes are locked in key order, so that two transactions wait for each other instead of deadlocking.
        await using var command = new NpgsqlCommand(
            """
            with locked as (select account from channels where account = any($1) order by account for update),
            gone as (
                delete from slots s using locked l, unnest($1, $2, $3, $4) as e (channel, sequence_number, payout_id, uncertain)
                where l.account = e.channel and s.channel = e.channel and s.sequence_number = e.sequence_number and s.payout_id is not distinct from e.payout_id
                returning s.channel, e.uncertain)
            update channels c set open_slots = c.open_slots - g.count, last_used_at = $5,
                rests_until = case when g.uncertain then $6 else c.rests_until end
            from (select channel, count(*)::int as count, bool_or(uncertain) as uncertain from gone group by channel) g
            where c.account = g.channel
            """, transaction.Connection, transaction);
        command.Parameters.Add(new() { Value = _consumed.Select(x => x.Channel).ToArray() });
        command.Parameters.Add(new() { Value = _consumed.Select(x => x.SequenceNumber).ToArray() });
        command.Parameters.Add(new() { Value = _consumed.Select(x => x.PayoutId).ToArray() });
        command.Parameters.Add(new() { Value = _consumed.Select(x => x.Uncertain).ToArray() });
        command.Parameters.Add(new() { Value = now.UtcDateTime });
        command.Parameters.Add(new() { Value = (now + _rest).UtcDateTime });
        if (_consumed.Count > 0)
            await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task EndTrackedAsync(UnitOfWork<BuilderDbContext> unit, CancellationToken cancellationToken)
    {
        foreach (var end in _consumed)
        {
            var slot = await unit.Db.Slots.FindAsync([end.Channel, end.SequenceNumber], cancellationToken);
            if (slot is null || slot.PayoutId != end.PayoutId)
                continue;
            var channel = (await unit.Db.Channels.FindAsync([end.Channel], cancellationToken))!;
            unit.Db.Slots.Remove(slot);
            channel.OpenSlots--;
            channel.LastUsedAt = unit.Now;
            if (end.Uncertain)
                channel.RestsUntil = unit.Now + _rest;
            // Saved at once: the next end may speak of the same slot.
            await unit.Db.SaveChangesAsync(cancellationToken);
        }
    }

    /// <summary>
    /// Slots at the lane's end are taken back into it: their numbers are its next ones again. One with others behind it stays, for the next
    /// payout; the ledger would wait for its number for ever.
    /// </summary>
    private static async Task GiveBackAsync(string account, IReadOnlyList<Ended> returned, UnitOfWork<BuilderDbContext> unit, CancellationToken cancellationToken)
    {
        var channel = (await unit.LockAsync<BuilderDbContext, Channel>("select * from channels where account = {0}", skipLocked: false, [account], cancellationToken)).Single();
        var slots = await unit.LockAsync<BuilderDbContext, LaneSlot>(
            "select * from slots where channel = {0} order by sequence_number desc", skipLocked: false, [account], cancellationToken);
        foreach (var slot in slots.Where(slot => returned.Any(x => x.SequenceNumber == slot.SequenceNumber && x.PayoutId == slot.PayoutId)))
            (slot.PayoutId, slot.LeasedAt) = (null, unit.Now);
        foreach (var slot in slots.TakeWhile(x => x is { PayoutId: null, BurnAskedAt: null }))
        {
            if (channel.NextSequence == slot.SequenceNumber + 1)
                channel.NextSequence = slot.SequenceNumber;
            unit.Db.Slots.Remove(slot);
            channel.OpenSlots--;
        }

        channel.LastUsedAt = unit.Now;
        await unit.Db.SaveChangesAsync(cancellationToken);
    }

    private sealed record Ended(string Channel, long SequenceNumber, Guid? PayoutId, bool Uncertain);
}
