using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Payouts.Hosting.Background;
using Payouts.Hosting.Messaging;
using Payouts.Stellar;
using Payouts.Stellar.Rpc;
using Payouts.Stellar.Xdr;

namespace Payouts.Builder.Reconciling;

/// <summary>
/// Reads from the ledger what was really paid, independent of the service that submits: every PAYOUT event of the contract and every
/// transfer out of the treasury, a page at a time however many payouts are open. Which debt was paid is taken from the transaction's own
/// call. Movements, what they reveal, and the new place in the ledger commit together.
/// </summary>
public sealed class TreasuryReader(
    UnitOfWorkFactory<BuilderDbContext> units,
    IDbContextFactory<BuilderDbContext> contexts,
    ISorobanRpcClient rpc,
    Books books,
    ReconcilingOptions options,
    TimeProvider time,
    ILogger<TreasuryReader> logger)
    : BackgroundLoop("taking in what the ledger shows", time, logger)
{
    /// <summary>Far above what one transaction can emit, so a page always holds a whole transaction.</summary>
    private const int EventsPerPage = 1000;

    private const int QuestionsAtOnceMax = 8;

    /// <summary>Endpoints remember differently far back: a gap is one only when it was refused this often in a row.</summary>
    private const int RefusalsBeforeGap = 3;

    private readonly MovementReader _movements = new(options);
    private readonly EventFilter[] _filters =
    [
        new([options.Contract.Contract], [TopicPattern.Of(ScVal.Symbol("PAYOUT"))]),
        new([.. options.Tokens.Values.Distinct()],
            [new TopicPattern([XdrCodec.ToBase64(ScVal.Symbol("transfer")), XdrCodec.ToBase64(ScVal.Address(options.Treasury)), TopicPattern.AnyOne, TopicPattern.AnyNumber])]),
    ];

    private int _refusals;

    /// <inheritdoc />
    protected override TimeSpan Pause => options.PollInterval;

    /// <inheritdoc />
    protected override async Task<bool> StepAsync(CancellationToken cancellationToken)
    {
        var more = await TakeInPageAsync(cancellationToken);
        if (!more)
            ReconcilingMetrics.ReadAt.Set(Time.GetUtcNow().ToUnixTimeSeconds());
        return more;
    }

    /// <summary>Takes one page in; true when there may be more behind it.</summary>
    public async Task<bool> TakeInPageAsync(CancellationToken cancellationToken)
    {
        LedgerReading? from;
        await using (var db = await contexts.CreateDbContextAsync(cancellationToken))
            from = await db.Set<LedgerReading>().AsNoTracking().SingleOrDefaultAsync(cancellationToken);
        var first = from is null ? (await rpc.GetHealthAsync(cancellationToken)).OldestLedger : 0;
        LedgerGap? gap = null;
        EventsPage page;
        try
        {
            page = await AskAsync(from is null ? new ScanStart.AtLedger(first) : new ScanStart.AfterCursor(from.Cursor), cancellationToken);
            _refusals = 0;
        }
        catch (SorobanRpcException outside) when (outside.LedgerRange is { } range && from is not null && range.Oldest > LedgerOf(from.Cursor) && ++_refusals >= RefusalsBeforeGap)
        {
            // The RPC no longer holds what is behind our place: nobody can say what those ledgers paid. A node that lags refuses too, and is not this.
            gap = new LedgerGap { FromLedger = LedgerOf(from.Cursor) + 1, ToLedger = range.Oldest - 1, FoundAt = Time.GetUtcNow() };
            page = await AskAsync(new ScanStart.AtLedger(range.Oldest), cancellationToken);
            _refusals = 0;
        }

        var full = page.Events.Count == EventsPerPage;
        // The last transaction of a full page may go on behind it: it is read again, whole, with the next page.
        var events = full ? page.Events.TakeWhile(x => x.TransactionHash != page.Events[^1].TransactionHash).ToList() : page.Events;
        if (full && events.Count == 0)
            throw new InvalidOperationException($"transaction {page.Events[^1].TransactionHash} alone fills a page of {EventsPerPage} events");
        var cursor = full ? events[^1].Id : page.Cursor;
        if (cursor == from?.Cursor && gap is null)
            return false;
        var named = await NameDebtsAsync(events, cancellationToken);
        var movements = events.GroupBy(x => x.TransactionHash).SelectMany(x => _movements.Read([.. x], named.GetValueOrDefault(x.Key) ?? new NamedDebts([], null))).ToList();
        var through = Math.Min(page.LatestLedger, full ? page.Events[^1].Ledger - 1 : LedgerOf(cursor));
        await units.RunAsync(unit => StoreAsync(unit, from, first, cursor, through, page.LatestLedger, gap, movements, cancellationToken), cancellationToken);
        ReconcilingMetrics.Lag.Set(page.LatestLedger - through);
        return full;
    }

    /// <summary>The ledger of an event's id or cursor (SEP-35).</summary>
    private static uint LedgerOf(string cursor) => (uint)(long.Parse(cursor.AsSpan(0, cursor.IndexOf('-', StringComparison.Ordinal)), NumberStyles.None, CultureInfo.InvariantCulture) >> 32);

    private Task<EventsPage> AskAsync(ScanStart start, CancellationToken cancellationToken) =>
        rpc.GetEventsAsync(new EventsRequest(start, _filters, Limit: EventsPerPage), cancellationToken);

    /// <summary>Asks for the transactions that the contract's events are of; a few at once.</summary>
    private async Task<Dictionary<TransactionHash, NamedDebts>> NameDebtsAsync(IReadOnlyList<EventRecord> events, CancellationToken cancellationToken)
    {
        var named = new Dictionary<TransactionHash, NamedDebts>();
        var hashes = events.Where(x => x.Contract == options.Contract.Contract).Select(x => x.TransactionHash).Distinct();
        foreach (var chunk in hashes.Chunk(QuestionsAtOnceMax))
        {
            foreach (var (hash, debts) in await Task.WhenAll(chunk.Select(async hash => (hash, await NameDebtsAsync(hash, cancellationToken)))))
                named[hash] = debts;
        }

        return named;
    }

    private async Task<NamedDebts> NameDebtsAsync(TransactionHash hash, CancellationToken cancellationToken)
    {
        if (await rpc.GetTransactionAsync(hash, cancellationToken) is not TransactionLookup.Found { Transaction: var transaction })
            throw new SorobanRpcException(SorobanRpcErrorKind.InvalidResponse, "getTransaction", "the network", $"{hash} has events, and is not known itself");
        if (!transaction.Envelope.TryDecode(out var envelope))
            return new NamedDebts([], "the transaction cannot be read by this version");
        return options.Contract.Decode(envelope) switch
        {
            DecodedPayout.Call call => new NamedDebts([.. call.Each()], null),
            DecodedPayout.NotThePayout other => new NamedDebts([], other.Reason),
            var unknown => throw new InvalidOperationException($"{unknown.GetType().Name} is no reading of a call"),
        };
    }

    private async Task<bool> StoreAsync(
        UnitOfWork<BuilderDbContext> unit, LedgerReading? from, uint first, string cursor, uint through, uint network, LedgerGap? gap,
        IReadOnlyList<LedgerMovement> movements, CancellationToken cancellationToken)
    {
        var reading = from;
        if (reading is null)
        {
            reading = new LedgerReading { Name = "treasury", Cursor = cursor, FirstLedger = first };
            unit.Db.Add(reading);
            gap = await BeforeTheFirstAsync(unit, first, cancellationToken);
        }
        else
        {
            // Another replica that read from the same place commits first or fails on the version: no page is taken in twice.
            unit.Db.Attach(reading);
            reading.Version++;
        }

        (reading.Cursor, reading.ThroughLedger, reading.NetworkLedger, reading.ReadAt) = (cursor, through, network, unit.Now);
        if (gap is not null)
            unit.Db.Add(gap);
        unit.Db.AddRange(movements);
        await unit.Db.SaveChangesAsync(cancellationToken);
        await books.JudgeAsync(unit, movements, gap, cancellationToken);
        return true;
    }

    /// <summary>On a system that has paid before: the ledgers of those payments are not known.</summary>
    private static async Task<LedgerGap?> BeforeTheFirstAsync(UnitOfWork<BuilderDbContext> unit, uint first, CancellationToken cancellationToken) =>
        await unit.Db.Payouts.AsNoTracking().Where(x => x.Ledger != null && x.Ledger < first).MinAsync(x => x.Ledger, cancellationToken) is { } oldest
            ? new LedgerGap { FromLedger = oldest, ToLedger = first - 1, FoundAt = unit.Now }
            : null;
}
