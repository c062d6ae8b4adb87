using Microsoft.EntityFrameworkCore;
using Payouts.Hosting.Background;
using Payouts.Hosting.Messaging;
using Payouts.Hosting.Rpc;
using Payouts.Hosting.Steps;
using Payouts.Stellar;
using Payouts.Stellar.Rpc;
using Payouts.Stellar.Xdr;

namespace Payouts.Submitter.Confirming;

/// <summary>
/// Reads the payout contract's events and the token transfers that it makes, in ledger order, and confirms what they prove: one
/// reading for everything in flight, however much that is. Events, outcomes and the new place in the ledger commit together.
/// </summary>
public sealed class LedgerFollower(
    UnitOfWorkFactory<SubmitterDbContext> units,
    ISorobanRpcClient rpc,
    LedgerClock clock,
    Outcomes outcomes,
    SubmitterOptions options,
    IStepPoints points,
    TimeProvider time,
    ILogger<LedgerFollower> logger)
    : BackgroundLoop("reading the ledger", time, logger)
{
    private const string CursorName = "payout events";

    /// <summary>Far above what one transaction can emit, so a page always holds a whole transaction.</summary>
    private const int EventsPerPage = 1000;

    private readonly EventFilter[] _filters = Filters(options);

    /// <inheritdoc />
    protected override TimeSpan Pause => options.PollInterval;

    /// <summary>Takes one page in; true when there may be more behind it.</summary>
    protected override async Task<bool> StepAsync(CancellationToken cancellationToken)
    {
        var from = await ReadCursorAsync(cancellationToken);
        var page = await ReadPageAsync(from, cancellationToken);
        if (page is null)
            return true;
        var full = page.Events.Count == EventsPerPage;
        // The last transaction of a full page may go on behind it: it is read again, whole, with the next page.
        var complete = full ? page.Events.TakeWhile(x => x.TransactionHash != page.Events[^1].TransactionHash).ToList() : page.Events;
        if (full && complete.Count == 0)
            throw new InvalidOperationException($"transaction {page.Events[^1].TransactionHash} alone fills a page of {EventsPerPage} events");
        var cursor = full ? complete[^1].Id : page.Cursor;
        if (cursor == from?.Cursor)
            return false;
        points.Pass("payout-submitter/LedgerFollower/read");
        await units.RunAsync(unit => TakeInAsync(from, cursor, complete, unit, cancellationToken), cancellationToken);
        return full;
    }

    private async Task<LedgerCursor?> ReadCursorAsync(CancellationToken cancellationToken)
    {
        await using var unit = await units.BeginAsync(cancellationToken);
        return await unit.Db.Cursors.FindAsync([CursorName], cancellationToken);
    }

    private async Task<EventsPage?> ReadPageAsync(LedgerCursor? from, CancellationToken cancellationToken)
    {
        try
        {
            ScanStart start = from is null ? new ScanStart.AtLedger((await clock.NowAsync(cancellationToken)).Ledger) : new ScanStart.AfterCursor(from.Cursor);
            return await rpc.GetEventsAsync(new EventsRequest(start, _filters, Limit: EventsPerPage), cancellationToken);
        }
        catch (SorobanRpcException outside) when (outside.LedgerRange is { } range && from is not null)
        {
            // The RPC no longer holds the events behind our place. Each open submission is asked for by hash anyway.
            Log.EventsForgotten(logger, range.Oldest);
            var page = await rpc.GetEventsAsync(new EventsRequest(new ScanStart.AtLedger(range.Oldest), _filters, Limit: EventsPerPage), cancellationToken);
            return page;
        }
    }

    private async Task<bool> TakeInAsync(LedgerCursor? from, string cursor, IReadOnlyList<EventRecord> events, UnitOfWork<SubmitterDbContext> unit, CancellationToken cancellationToken)
    {
        if (from is null)
            unit.Db.Cursors.Add(new LedgerCursor { Name = CursorName, Cursor = cursor });
        else
        {
            // Another replica that read from the same place commits first or fails on the version: no page is taken in twice.
            unit.Db.Cursors.Attach(from);
            from.Cursor = cursor;
            from.Version++;
        }

        var byTransaction = events.GroupBy(x => x.TransactionHash.ToString()).ToDictionary(x => x.Key, StringComparer.Ordinal);
        if (byTransaction.Count == 0)
            return true;
        // The ledger names a bumped transaction by the hash of its fee bump.
        var hashes = byTransaction.Keys.ToArray();
        var recorded = await unit.Db.FeeBumps.Where(x => hashes.Contains(x.BumpHash)).ToDictionaryAsync(x => x.TransactionHash, x => x.BumpHash, StringComparer.Ordinal, cancellationToken);
        foreach (var (hash, submission) in await unit.LockByHashAsync(hashes.Concat(recorded.Keys), cancellationToken))
        {
            if (submission.State == SubmissionState.Done)
                continue;
            var name = byTransaction.ContainsKey(hash) ? hash : recorded[hash];
            var mine = byTransaction[name].ToList();
            outcomes.Conclude(submission, LedgerJudge.JudgeEvents(mine.ConvertAll(x => x.ToContractEvent()), mine[0].Ledger, submission, options), unit, name);
        }

        return true;
    }

    private static EventFilter[] Filters(SubmitterOptions options) =>
    [
        new([options.Contract], [TopicPattern.Of(ScVal.Symbol("PAYOUT"))]),
        new([.. options.Tokens.Values.Distinct()],
            [new TopicPattern([XdrCodec.ToBase64(ScVal.Symbol("transfer")), XdrCodec.ToBase64(ScVal.Address(options.Treasury)), TopicPattern.AnyOne, TopicPattern.AnyNumber])]),
    ];
}
