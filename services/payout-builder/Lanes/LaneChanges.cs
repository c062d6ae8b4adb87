using Npgsql;
using Payouts.Builder.Saga;
using Payouts.Hosting.Messaging;

namespace Payouts.Builder.Lanes;

/// <summary>
/// Slots that end in this transaction, written at its commit. A release names payout and sequence number, so a late one cannot free
/// what somebody else leases by then.
/// </summary>
internal sealed class LaneChanges
{
    private readonly List<Ended> _ended = [];

    public LaneChanges(UnitOfWork<BuilderDbContext> unit, LaneSignal signal) => unit.BeforeCommit(async cancellationToken =>
    {
        if (_ended.Count == 0)
            return;
        if (unit.Transaction is NpgsqlTransaction postgres)
            await ReleaseAsync(postgres, unit.Now, cancellationToken);
        else
            await ReleaseTrackedAsync(unit, cancellationToken);
        unit.AfterCommit(signal.Set);
    });

    /// <summary>The ledger consumed the sequence number.</summary>
    public void Consumed(Payout payout) => Add(payout, reusable: false);

    /// <summary>No envelope with this sequence number ever left: the next payout may have it. The payout owns no slot any more.</summary>
    public void Returned(Payout payout)
    {
        Add(payout, reusable: true);
        payout.LoseSlot();
    }

    /// <summary>A payout on hold keeps its slot only when a signed envelope may exist for it.</summary>
    public void ReturnUnlessExposed(Payout payout)
    {
        if (!payout.Exposed)
            Returned(payout);
    }

    private void Add(Payout payout, bool reusable)
    {
        if (payout.Slot is { } slot)
            _ended.Add(new Ended(slot.Channel, payout.CorrelationId, slot.SequenceNumber, reusable));
    }

    private async Task ReleaseAsync(NpgsqlTransaction transaction, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // The ledger takes a lane's numbers in order: only the last one leased can be given back to it.
        await using var command = new NpgsqlCommand(
            """
            update channels c set leased_to = null, leased_sequence = null, last_used_at = $5,
                next_sequence = case when e.reusable and c.next_sequence = e.sequence + 1 then e.sequence else c.next_sequence end
            from unnest($1, $2, $3, $4) as e (account, payout, sequence, reusable)
            where c.account = e.account and c.leased_to = e.payout and c.leased_sequence = e.sequence
            """, transaction.Connection, transaction);
        command.Parameters.Add(new() { Value = _ended.Select(x => x.Account).ToArray() });
        command.Parameters.Add(new() { Value = _ended.Select(x => x.Payout).ToArray() });
        command.Parameters.Add(new() { Value = _ended.Select(x => x.Sequence).ToArray() });
        command.Parameters.Add(new() { Value = _ended.Select(x => x.Reusable).ToArray() });
        command.Parameters.Add(new() { Value = now.UtcDateTime });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task ReleaseTrackedAsync(UnitOfWork<BuilderDbContext> unit, CancellationToken cancellationToken)
    {
        foreach (var end in _ended)
        {
            var channel = await unit.Db.Channels.FindAsync([end.Account], cancellationToken);
            if (channel is null || channel.LeasedTo != end.Payout || channel.LeasedSequence != end.Sequence)
                continue;
            channel.LeasedTo = null;
            channel.LeasedSequence = null;
            channel.LastUsedAt = unit.Now;
            if (end.Reusable && channel.NextSequence == end.Sequence + 1)
                channel.NextSequence = end.Sequence;
        }

        await unit.Db.SaveChangesAsync(cancellationToken);
    }

    private sealed record Ended(string Account, Guid Payout, long Sequence, bool Reusable);
}
