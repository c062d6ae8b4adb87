using Microsoft.EntityFrameworkCore;
using Payouts.Hosting.Background;
using Payouts.Hosting.Database;
using Payouts.Hosting.Messaging;
using Payouts.Hosting.Steps;
using Payouts.Stellar;
using Payouts.Stellar.Rpc;
using Payouts.Stellar.Xdr;

namespace Payouts.Builder.Lanes;

/// <summary>
/// Brings the configured channels into the table, learns each one's sequence number from the ledger once, and from then on only
/// checks that the ledger has not moved past the lane behind our back.
/// </summary>
public sealed class ChannelPool(
    UnitOfWorkFactory<BuilderDbContext> units,
    IDbContextFactory<BuilderDbContext> contexts,
    ISorobanRpcClient rpc,
    BuilderOptions options,
    LaneSignal signal,
    IStepPoints points,
    TimeProvider time,
    ILogger<ChannelPool> logger)
    : BackgroundLoop("reading the channel accounts", time, logger)
{
    internal const int KeysPerCallMax = 200;
    private static readonly TimeSpan PauseWhileMissing = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan PauseWhenComplete = TimeSpan.FromSeconds(30);
    private bool _complete;
    private bool _missingReported;
    private int _reportedReady = -1;

    /// <inheritdoc />
    protected override TimeSpan Pause => _complete ? PauseWhenComplete : PauseWhileMissing;

    /// <inheritdoc />
    protected override async Task<bool> StepAsync(CancellationToken cancellationToken)
    {
        _complete = false;
        await units.RunAsync(unit => EnlistAsync(unit, cancellationToken), cancellationToken, "enlist");
        _complete = await ReconcileAsync(cancellationToken);
        return false;
    }

    private async Task<bool> EnlistAsync(UnitOfWork<BuilderDbContext> unit, CancellationToken cancellationToken)
    {
        var configured = options.Channels.Select(x => x.ToString()).ToHashSet(StringComparer.Ordinal);
        // A row keeps what it knows when its account leaves the list: it only gets no new slot.
        var known = await unit.Db.Channels.OrderBy(x => x.Account).Select(x => new { x.Account, x.Listed }).ToListAsync(cancellationToken);
        foreach (var account in configured.Except(known.Select(x => x.Account)))
            unit.Db.Channels.Add(new Channel { Account = account, LastUsedAt = unit.Now });
        // In the order of all who lock several.
        foreach (var moved in known.Where(x => x.Listed != configured.Contains(x.Account)))
        {
            var channel = (await unit.LockAsync<BuilderDbContext, Channel>("select * from channels where account = {0}", skipLocked: false, [moved.Account], cancellationToken)).Single();
            channel.Listed = !moved.Listed;
            // Back in the list, it may have been used elsewhere meanwhile: its number is read before it is leased.
            if (channel is { Listed: true, OpenSlots: 0 })
                channel.ReadFromLedger ??= 0;
            if (channel is { Listed: false, OpenSlots: > 0 })
                Log.ChannelRemoved(logger, channel.Account, channel.OpenSlots);
        }

        return true;
    }

    /// <summary>True when every configured channel has a sequence number.</summary>
    private async Task<bool> ReconcileAsync(CancellationToken cancellationToken)
    {
        List<Channel> rows;
        await using (var db = await contexts.CreateDbContextAsync(cancellationToken))
            rows = await db.Channels.AsNoTracking().Where(x => x.Listed).ToListAsync(cancellationToken);
        // The account of a channel that retires may be gone already.
        var retiring = rows.Where(x => x.RetiringSince is not null).ToList();
        var free = rows.Where(x => x is { OpenSlots: 0, RetiringSince: null }).ToList();
        var missing = 0;
        foreach (var chunk in free.Select(x => x.Account).Chunk(KeysPerCallMax))
        {
            var keys = chunk.Select(account => (LedgerKey)new LedgerKey.Account(new LedgerKeyAccount(AccountId.Parse(account).ToXdr()))).ToList();
            var answer = await rpc.GetLedgerEntriesAsync(keys, cancellationToken);
            var sequences = answer.Entries.Select(x => x.Data).OfType<LedgerEntryData.Account>()
                .ToDictionary(x => AccountId.FromXdr(x.Value.AccountID).ToString(), x => x.Value.SeqNum, StringComparer.Ordinal);
            foreach (var account in chunk.Where(account => !sequences.ContainsKey(account)))
            {
                missing++;
                if (!_missingReported)
                    Log.ChannelMissing(logger, account);
            }

            points.Pass("payout-builder/ChannelPool/read");
            await units.RunAsync(unit => AdvanceAsync(unit, sequences, answer.LatestLedger, cancellationToken), cancellationToken, "advance");
        }

        BuilderMetrics.Channels.WithLabels("retiring").Set(retiring.Count(x => !x.IsDrained));
        BuilderMetrics.Channels.WithLabels("drained").Set(retiring.Count(x => x.IsDrained));
        var inUse = rows.Count - retiring.Count;
        Report(inUse - missing, inUse, free.Count - missing);
        _missingReported |= missing > 0;
        if (missing == 0)
            _missingReported = false;
        return missing == 0;
    }

    private async Task<bool> AdvanceAsync(UnitOfWork<BuilderDbContext> unit, Dictionary<string, long> ledgerSequences, uint ledger, CancellationToken cancellationToken)
    {
        var accounts = ledgerSequences.Keys.ToArray();
        // A channel that was leased since it was read is skipped: its open slot is its owner's business.
        var rows = await unit.LockAsync<BuilderDbContext, Channel>("select * from channels where open_slots = 0", skipLocked: true, [], cancellationToken);
        var changed = false;
        foreach (var channel in rows.Where(x => accounts.Contains(x.Account)))
        {
            var next = ledgerSequences[channel.Account] + 1;
            if (channel.ReadFromLedger is { } from)
            {
                if (ledger < from)
                    continue;
                channel.ReadFromLedger = null;
                changed = true;
            }

            if (channel.NextSequence is { } known && next <= known)
                continue;
            // With execution off a lane runs ahead of the ledger on purpose; behind it, somebody else used the account.
            if (channel.NextSequence is not null)
                Log.LaneMovedOutside(logger, channel.Account, next - 1);
            channel.NextSequence = next;
            changed = true;
        }

        if (changed)
            unit.AfterCommit(signal.Set);
        return changed;
    }

    private void Report(int ready, int configured, int free)
    {
        BuilderMetrics.Channels.WithLabels("free").Set(Math.Max(0, free));
        BuilderMetrics.Channels.WithLabels("leased").Set(Math.Max(0, ready - free));
        BuilderMetrics.Channels.WithLabels("missing").Set(configured - ready);
        if (_reportedReady != ready)
            Log.ChannelsReady(logger, ready, configured);
        _reportedReady = ready;
    }
}
