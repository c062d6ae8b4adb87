using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Payouts.Contracts;
using Payouts.Hosting.Database;
using Payouts.Hosting.Messaging;
using Payouts.Hosting.Rpc;
using Payouts.Hosting.Steps;
using Payouts.Stellar.Rpc;
using Payouts.Submitter.Confirming;
using Payouts.Submitter.Sending;
using Payouts.Tests.Support;

namespace Payouts.Submitter.Tests.Support;

/// <summary>
/// payout-submitter's tables and its three loops, each started when the test wants it, on a clock that the test moves: it stands
/// years away from the ledger's, for it decides nothing but when to ask.
/// </summary>
internal sealed class SubmitterStore : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly SubmissionSignal _signal = new();
    private readonly LedgerClock _ledgerClock;
    private readonly FeeMarket _market;
    private readonly ISorobanRpcClient _rpc;
    private readonly SubmitterOptions _options;
    private readonly string? _folder;

    private SubmitterStore(ServiceProvider services, ISorobanRpcClient rpc, SubmitterOptions options, string? folder, string url)
    {
        (_services, _rpc, _options, _folder, Url) = (services, rpc, options, folder, url);
        _ledgerClock = new LedgerClock(rpc, Clock);
        _market = new FeeMarket(rpc, Clock);
    }

    public string Url { get; }

    public FakeTimeProvider Clock => (FakeTimeProvider)_services.GetRequiredService<TimeProvider>();

    private UnitOfWorkFactory<SubmitterDbContext> Units => _services.GetRequiredService<UnitOfWorkFactory<SubmitterDbContext>>();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static Task<SubmitterStore> CreateAsync(ISorobanRpcClient rpc, SubmitterOptions options)
    {
        var folder = Directory.CreateTempSubdirectory("payouts-submitter-").FullName;
        return OpenAsync($"sqlite:{Path.Combine(folder, "submitter.db")}", rpc, options, folder);
    }

    public static async Task<SubmitterStore> OpenAsync(string url, ISorobanRpcClient rpc, SubmitterOptions options, string? folder = null)
    {
        var settings = DatabaseSettings.Parse(url, "payout_submitter");
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<TimeProvider>(new FakeTimeProvider(new DateTimeOffset(2031, 1, 1, 0, 0, 0, TimeSpan.Zero)));
        services.AddServiceDatabase<SubmitterDbContext>(settings);
        await MigrationRunner.RunAsync(settings, typeof(SubmitterDbContext).Assembly, Cancelled);
        return new SubmitterStore(services.BuildServiceProvider(), rpc, options, folder, url);
    }

    /// <summary>Stores envelopes as the consumer of SubmitPayout does.</summary>
    public Task StoreAsync(params IReadOnlyList<SubmitPayout> commands) => Units.RunAsync(async unit =>
    {
        await new SubmissionIntake(_signal).StoreAsync(commands, unit, Cancelled);
        return true;
    }, Cancelled);

    /// <summary>Stores a burn as the consumer of SubmitBurn does.</summary>
    public Task StoreAsync(SubmitBurn command) => Units.RunAsync(async unit =>
    {
        await new SubmissionIntake(_signal).StoreBurnsAsync([command], unit, Cancelled);
        return true;
    }, Cancelled);

    /// <summary>Takes a question as the consumer of WatchSlot does.</summary>
    public Task StoreAsync(WatchSlot command) => Units.RunAsync(async unit =>
    {
        await SlotWatches.TakeAsync([command], unit, Cancelled);
        return true;
    }, Cancelled);

    /// <summary>Takes a fee bump as the consumer of FeeBumped does.</summary>
    public Task StoreAsync(FeeBumped bumped) => Units.RunAsync(async unit =>
    {
        await new FeeBumpIntake(_signal).StoreAsync([bumped], unit, Cancelled);
        return true;
    }, Cancelled);

    public SubmissionPump Pump() => new(Units, _rpc, _options, Escalation(), _market, _signal, new UnwatchedSteps(), Clock, NullLogger<SubmissionPump>.Instance);

    public PendingGauge Gauge() =>
        new(_services.GetRequiredService<IDbContextFactory<SubmitterDbContext>>(), Clock, NullLogger<PendingGauge>.Instance);

    public LedgerFollower Follower() => new(Units, _rpc, _ledgerClock, Outcomes(), _options, new UnwatchedSteps(), Clock, NullLogger<LedgerFollower>.Instance);

    public OutcomeChecker Checker(IStepPoints? points = null) => new(
        Units, _services.GetRequiredService<IDbContextFactory<SubmitterDbContext>>(), _rpc, _ledgerClock, Outcomes(), Escalation(), _market, _signal, _options, points ?? new UnwatchedSteps(), Clock, NullLogger<OutcomeChecker>.Instance);

    /// <summary>Runs the loops until the condition holds; between two looks the service's clock moves on a second.</summary>
    public async Task RunAsync(string what, Func<Task<bool>> condition, params IReadOnlyList<BackgroundService> loops)
    {
        await Task.WhenAll(loops.Select(loop => loop.StartAsync(Cancelled)));
        try
        {
            await Probe.Until(what, async _ =>
            {
                Clock.Advance(TimeSpan.FromSeconds(1));
                return await condition();
            }, TimeSpan.FromSeconds(60));
        }
        finally
        {
            await Task.WhenAll(loops.Select(loop => loop.StopAsync(CancellationToken.None)));
            foreach (var loop in loops)
                loop.Dispose();
        }
    }

    public async Task<T> ReadAsync<T>(Func<SubmitterDbContext, CancellationToken, Task<T>> read)
    {
        await using var db = await _services.GetRequiredService<IDbContextFactory<SubmitterDbContext>>().CreateDbContextAsync(Cancelled);
        return await read(db, Cancelled);
    }

    public Task<Submission> SubmissionAsync(SubmitPayout command) =>
        ReadAsync((db, token) => db.Submissions.AsNoTracking().SingleAsync(x => x.TransactionHash == command.TransactionHash, token));

    public Task<Submission> SubmissionAsync(SubmitBurn command) =>
        ReadAsync((db, token) => db.Submissions.AsNoTracking().SingleAsync(x => x.TransactionHash == command.TransactionHash, token));

    public Task<Submission> SubmissionAsync(string hash) => ReadAsync((db, token) => db.Submissions.AsNoTracking().SingleAsync(x => x.TransactionHash == hash, token));

    public Task<LedgerCursor?> CursorAsync() => ReadAsync((db, token) => db.Cursors.AsNoTracking().SingleOrDefaultAsync(token));

    public Task<int> ExecuteAsync(string sql) => ReadAsync((db, token) => db.Database.ExecuteSqlRawAsync(sql, token));

    /// <summary>Changes a row beside the loops: what another process left behind.</summary>
    public Task ChangeAsync(Func<SubmitterDbContext, CancellationToken, Task> change) => Units.RunAsync(async unit =>
    {
        await change(unit.Db, Cancelled);
        return true;
    }, Cancelled);

    /// <summary>Everything that was said, in order; the relay does not run.</summary>
    public Task<List<object>> SaidAsync() => ReadAsync(async (db, token) =>
    {
        var types = await db.Database.SqlQuery<string>($"select message_type as value from outbox order by id").ToListAsync(token);
        var bodies = await db.Database.SqlQuery<byte[]>($"select body as value from outbox order by id").ToListAsync(token);
        return types.Zip(bodies, (type, body) => JsonSerializer.Deserialize(body, Wire.TypeOf(type), ContractsJson.Options)!).ToList();
    });

    public async Task<List<T>> SaidAsync<T>() => [.. (await SaidAsync()).OfType<T>()];

    public async ValueTask DisposeAsync()
    {
        _ledgerClock.Dispose();
        _market.Dispose();
        _signal.Dispose();
        await _services.DisposeAsync();
        if (_folder is null)
            return;
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }

    private Escalation Escalation() => new(_options, NullLogger<Escalation>.Instance);

    private Outcomes Outcomes() => new(_signal, NullLogger<Outcomes>.Instance);
}
