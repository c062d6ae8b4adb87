using Microsoft.EntityFrameworkCore;
using Payouts.Hosting.Background;
using Payouts.Hosting.Database;
using Payouts.Hosting.Messaging;
using Payouts.Rounds.Storage;

namespace Payouts.Rounds.Trail;

/// <summary>
/// Puts the trails that grew under the chain over all of them, and adopts rounds and direct payouts that are older than the trail. One replica at a time does it;
/// nobody who resolves a round waits for it.
/// </summary>
internal sealed class RoundCheckpoints(UnitOfWorkFactory<RoundsDbContext> units, IRoundsSql sql, RoundsOptions options, TimeProvider time, ILogger<RoundCheckpoints> logger)
    : BackgroundLoop("putting the trails under a checkpoint", time, logger)
{
    /// <summary>Makes at most one checkpoint; returns how many trails it holds.</summary>
    public async Task<int> CheckpointAsync(CancellationToken cancellationToken)
    {
        await using var unit = await units.BeginAsync(cancellationToken);
        if (!await sql.TryLockCheckpointsAsync(unit.Transaction, cancellationToken))
            return 0;
        // A round that somebody works on is left to the next checkpoint.
        var rounds = await unit.LockAsync<RoundsDbContext, Round>(
            "select * from rounds where trail_count > checkpointed or trail_count = 0 order by id limit {0}", skipLocked: true, [options.CheckpointRoundsMax], cancellationToken);
        var direct = rounds.Count == options.CheckpointRoundsMax ? [] : await unit.LockAsync<RoundsDbContext, DirectPayout>(
            "select * from direct_payouts where trail_count > checkpointed or trail_count = 0 order by reference limit {0}", skipLocked: true,
            [options.CheckpointRoundsMax - rounds.Count], cancellationToken);
        if (rounds.Count + direct.Count == 0)
            return 0;
        foreach (var round in rounds.Where(round => round.TrailCount == 0))
            await RoundTrail.Of(unit).WatchAsync(round, cancellationToken);
        foreach (var order in direct.Where(order => order.TrailCount == 0))
            RoundTrail.Of(unit).Watch(order);
        var last = await unit.Db.Checkpoints.AsNoTracking().OrderByDescending(x => x.Seq).FirstOrDefaultAsync(cancellationToken);
        var checkpoint = Add(unit, [.. rounds, .. direct], last);
        await unit.CommitAsync(cancellationToken);
        // Whoever keeps the log apart from the database can hold the chain against it.
        Log.Checkpointed(logger, checkpoint.Seq, checkpoint.Rounds, checkpoint.Hash);
        return checkpoint.Rounds;
    }

    /// <inheritdoc />
    protected override TimeSpan Pause => options.CheckpointInterval;

    /// <inheritdoc />
    protected override bool PausesFirst => true;

    /// <inheritdoc />
    protected override async Task<bool> StepAsync(CancellationToken cancellationToken) => await CheckpointAsync(cancellationToken) == options.CheckpointRoundsMax;

    private static TrailCheckpoint Add(UnitOfWork<RoundsDbContext> unit, IReadOnlyList<Trailed> rows, TrailCheckpoint? last)
    {
        var (seq, at, previous) = ((last?.Seq ?? 0) + 1, RoundTrail.Microseconds(unit.Now), last?.Hash ?? TrailText.Genesis);
        var checkpoint = new TrailCheckpoint
        {
            Seq = seq,
            At = at,
            Rounds = rows.Count,
            PreviousHash = previous,
            Hash = TrailCheckpoint.HashOf(TrailText.Of(seq), TrailText.Of(at), TrailText.Of(rows.Count), previous,
                rows.Select(row => TrailCheckpoint.HeadLine(row.TrailName, TrailText.Of(row.TrailCount), row.TrailHead))),
        };
        unit.Db.Add(checkpoint);
        foreach (var row in rows)
        {
            unit.Db.Add(new CheckpointHead { Checkpoint = seq, RoundId = row.TrailName, TrailSeq = row.TrailCount, TrailHash = row.TrailHead! });
            row.Checkpoint();
        }

        return checkpoint;
    }
}
