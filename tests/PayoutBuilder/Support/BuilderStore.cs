using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Payouts.Builder.Lanes;
using Payouts.Builder.Saga;
using Payouts.Contracts;
using Payouts.Hosting.Database;
using Payouts.Hosting.Messaging;
using Payouts.Hosting.Sagas;
using Payouts.Hosting.Steps;
using Payouts.Stellar;
using Payouts.Stellar.Rpc;
using Payouts.Tests.Support;

namespace Payouts.Builder.Tests.Support;

/// <summary>payout-builder's tables on either database, and its machine; nothing consumes, leases or ships unless the test does it.</summary>
internal sealed class BuilderStore : IAsyncDisposable
{
    public const string Sqlite = "SQLite";
    public const string Postgres = "PostgreSQL";

    private readonly ServiceProvider _services;
    private readonly string? _folder;

    private BuilderStore(ServiceProvider services, string? folder, string url, BuilderOptions options)
    {
        (_services, _folder, Url, Options) = (services, folder, url, options);
        Machine = new PayoutStateMachine(options, Signal);
    }

    public string Url { get; }

    public BuilderOptions Options { get; }

    public LaneSignal Signal { get; } = new();

    public PayoutStateMachine Machine { get; }

    public FakeTimeProvider Clock => (FakeTimeProvider)_services.GetRequiredService<TimeProvider>();

    public UnitOfWorkFactory<BuilderDbContext> Units => _services.GetRequiredService<UnitOfWorkFactory<BuilderDbContext>>();

    public IDbContextFactory<BuilderDbContext> Contexts => _services.GetRequiredService<IDbContextFactory<BuilderDbContext>>();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static async Task<BuilderStore> CreateAsync(Servers servers, string database, BuilderOptions? options = null)
    {
        var folder = database == Sqlite ? Directory.CreateTempSubdirectory("payouts-builder-").FullName : null;
        var url = folder is not null
            ? $"sqlite:{Path.Combine(folder, "builder.db")}"
            : (await servers.CreateDatabaseAsync("builder", Cancelled)).Url;
        return await OpenAsync(url, folder, options);
    }

    /// <summary>A second replica on the same database.</summary>
    public Task<BuilderStore> ReplicaAsync(BuilderOptions? options = null) => OpenAsync(Url, folder: null, options ?? Options);

    public LaneDispatcher Dispatcher() => new(Units, Machine, Options, Signal, Clock, NullLogger<LaneDispatcher>.Instance);

    public ChannelDesk Desk() => new(Units, Signal, NullLogger<ChannelDesk>.Instance);

    /// <summary>The pool as a start with these channels has it.</summary>
    public ChannelPool Pool(ISorobanRpcClient rpc, params IReadOnlyList<AccountId> channels) =>
        new(Units, Contexts, rpc, Options with { Channels = channels }, Signal, new UnwatchedSteps(), Clock, NullLogger<ChannelPool>.Instance);

    public LaneKeeper Keeper() => new(Units, Machine, Options, Clock, NullLogger<LaneKeeper>.Instance);

    /// <summary>Raises the event on a stored payout, in a transaction of its own.</summary>
    public Task RaiseAsync<T>(Guid payout, MassTransit.Event<T> @event, Func<Payout, T> data)
        where T : class => Units.RunAsync(async unit =>
        {
            var instances = SagaInstances<BuilderDbContext, Payout>.Of(unit);
            var saga = (await instances.FindAsync(payout, Cancelled)).ShouldNotBeNull();
            await new SagaRaiser<BuilderDbContext, Payout>(Machine).RaiseAsync(unit, saga, @event, data(saga), Cancelled);
            return true;
        }, Cancelled);

    public Task AddAsync(params IEnumerable<object> rows) => Units.RunAsync(unit =>
    {
        unit.Db.AddRange(rows);
        return Task.FromResult(true);
    }, Cancelled);

    /// <summary>A human in the database.</summary>
    public async Task SqlAsync(string sql)
    {
        await using var db = await Contexts.CreateDbContextAsync(Cancelled);
        await db.Database.ExecuteSqlRawAsync(sql, Cancelled);
    }

    public async Task<T> ReadAsync<T>(Func<BuilderDbContext, CancellationToken, Task<T>> read)
    {
        await using var db = await _services.GetRequiredService<IDbContextFactory<BuilderDbContext>>().CreateDbContextAsync(Cancelled);
        return await read(db, Cancelled);
    }

    public Task<Payout> PayoutAsync(Guid id) => ReadAsync((db, token) => db.Payouts.AsNoTracking().SingleAsync(x => x.CorrelationId == id, token));

    public Task<List<Payout>> PayoutsAsync() => ReadAsync((db, token) => db.Payouts.AsNoTracking().ToListAsync(token));

    public Task<Channel> ChannelAsync(string account) => ReadAsync((db, token) => db.Channels.AsNoTracking().SingleAsync(x => x.Account == account, token));

    /// <summary>The lane's slots, in the ledger's order.</summary>
    public Task<List<LaneSlot>> SlotsAsync(string account) =>
        ReadAsync((db, token) => db.Slots.AsNoTracking().Where(x => x.Channel == account).OrderBy(x => x.SequenceNumber).ToListAsync(token));

    /// <summary>The messages of this contract that wait in the outbox.</summary>
    public Task<List<T>> OutboxAsync<T>() => ReadAsync(async (db, token) =>
    {
        var type = Wire.UrnOf(typeof(T));
        var bodies = await db.Database.SqlQuery<byte[]>($"select body as value from outbox where message_type = {type}").ToListAsync(token);
        return bodies.ConvertAll(body => JsonSerializer.Deserialize<T>(body, ContractsJson.Options)!);
    });

    /// <summary>A payout that waits for a channel.</summary>
    public Payout Waiting(int number) => new()
    {
        CorrelationId = Guid.CreateVersion7(),
        CurrentState = nameof(PayoutStateMachine.Building),
        RoundId = "round",
        Context = "GAME",
        RoundNumber = (uint)number,
        Winner = Sample.Account("winner"),
        Amount = new Stroops(10_000_000 + number),
        Currency = "XLM",
        PlannedAt = Clock.GetUtcNow().AddSeconds(number),
        EnteredStateAt = Clock.GetUtcNow(),
    };

    public async ValueTask DisposeAsync()
    {
        Signal.Dispose();
        await _services.DisposeAsync();
        if (_folder is null)
            return;
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }

    private static async Task<BuilderStore> OpenAsync(string url, string? folder, BuilderOptions? options)
    {
        var settings = DatabaseSettings.Parse(url, "payout_builder");
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<TimeProvider>(new FakeTimeProvider(new DateTimeOffset(2026, 7, 1, 12, 0, 0, TimeSpan.Zero)));
        services.AddServiceDatabase<BuilderDbContext>(settings);
        await MigrationRunner.RunAsync(settings, typeof(BuilderDbContext).Assembly, Cancelled);
        return new BuilderStore(services.BuildServiceProvider(), folder, url, options ?? Sample.Options());
    }
}
