using System.Collections.Concurrent;
using System.Text.Json;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Payouts.Contracts;
using Payouts.Hosting.Database;
using Payouts.Hosting.DeadLetters;
using Payouts.Hosting.Messaging;
using Payouts.Hosting.Web;
using Payouts.Rounds.Intake;
using Payouts.Rounds.Storage;
using Payouts.Tests.Support;

namespace Payouts.Rounds.Tests.Host;

/// <summary>The real rounds service in this process, on either database, with a clock that the test moves.</summary>
internal sealed class RoundsHost : IAsyncDisposable
{
    public const string Sqlite = "SQLite";
    public const string Postgres = "PostgreSQL";

    private readonly WebApplication _app;
    private readonly string? _folder;

    private RoundsHost(WebApplication app, string? folder) => (_app, _folder) = (app, folder);

    public FakeTimeProvider Clock => (FakeTimeProvider)_app.Services.GetRequiredService<TimeProvider>();

    public Heard Heard => _app.Services.GetRequiredService<Heard>();

    public UnitOfWorkFactory<RoundsDbContext> Units => _app.Services.GetRequiredService<UnitOfWorkFactory<RoundsDbContext>>();

    public GameEventHandler Handler => _app.Services.GetRequiredService<GameEventHandler>();

    public T Get<T>()
        where T : notnull => _app.Services.GetRequiredService<T>();

    /// <summary>Starts the whole service.</summary>
    public static async Task<RoundsHost> StartAsync(Servers servers, string database, string? broker = null, bool direct = false, Action<IServiceCollection>? change = null, string? webhooks = null)
    {
        var host = await BuildAsync(servers, database, broker ?? "inmemory", direct, change, webhooks: webhooks);
        await ServiceHost.StartAsync(host._app, TestContext.Current.CancellationToken);
        return host;
    }

    /// <summary>The service's parts on a migrated database; nothing consumes or ships.</summary>
    /// <param name="servers">Where PostgreSQL is.</param>
    /// <param name="database">Which of the two.</param>
    /// <param name="direct">Payouts outside rounds are taken.</param>
    /// <param name="treasury">Its limits.</param>
    /// <param name="change">Puts the test's own parts in.</param>
    /// <param name="older">Fills the database before it is migrated.</param>
    /// <param name="url">Of a database that is there: another replica of its service.</param>
    /// <param name="webhooks">The path of ROUNDS_WEBHOOKS_FILE.</param>
    public static async Task<RoundsHost> PrepareAsync(
        Servers servers, string database, bool direct = false, string? treasury = null, Action<IServiceCollection>? change = null, Func<DatabaseSettings, Task>? older = null, string? url = null,
        string? webhooks = null)
    {
        var host = await BuildAsync(servers, database, "inmemory", direct, change, treasury, url, webhooks);
        if (older is not null)
            await older(host.Get<DatabaseOf<RoundsDbContext>>().Settings);
        await MigrationRunner.RunAsync(host.Get<DatabaseOf<RoundsDbContext>>().Settings, typeof(RoundsDbContext).Assembly, TestContext.Current.CancellationToken);
        return host;
    }

    /// <summary>Publishes as a sender that repeats under the same message id.</summary>
    public Task SendAsync(object contract, Guid? messageId = null) =>
        Get<IBus>().Publish(contract, contract.GetType(), Pipe.Execute<PublishContext>(context => context.MessageId = messageId ?? Guid.NewGuid()), TestContext.Current.CancellationToken);

    /// <summary>Applies the events in one transaction, as a group of the inbox would.</summary>
    public async Task ApplyAsync(params IEnumerable<object> contracts)
    {
        await using var unit = await Units.BeginAsync(TestContext.Current.CancellationToken);
        await Handler.HandleAsync([.. contracts.Select(contract => Arrive(contract, unit.Now))], unit, TestContext.Current.CancellationToken);
        await unit.CommitAsync(TestContext.Current.CancellationToken);
    }

    public async Task<T> ReadAsync<T>(Func<RoundsDbContext, CancellationToken, Task<T>> read)
    {
        await using var db = await Get<IDbContextFactory<RoundsDbContext>>().CreateDbContextAsync(TestContext.Current.CancellationToken);
        return await read(db, TestContext.Current.CancellationToken);
    }

    public Task<Round?> RoundAsync(string roundId) => ReadAsync((db, token) => db.Rounds.AsNoTracking().SingleOrDefaultAsync(x => x.Id == roundId, token));

    public Task<List<RoundPayout>> PayoutsAsync(string roundId) =>
        ReadAsync((db, token) => db.Payouts.AsNoTracking().Where(x => x.RoundId == roundId).OrderBy(x => x.Winner).ToListAsync(token));

    public Task<List<DeadLetter>> LettersAsync() => ReadAsync((db, token) => db.DeadLetters.AsNoTracking().ToListAsync(token));

    public Task<int> ParkedAsync() => ReadAsync((db, token) => db.Parked.CountAsync(token));

    /// <summary>Messages of this contract that wait in the outbox.</summary>
    public Task<List<T>> OutboxAsync<T>() => ReadAsync(async (db, token) =>
    {
        var type = Wire.UrnOf(typeof(T));
        var bodies = await db.Database.SqlQuery<byte[]>($"select body as value from outbox where message_type = {type}").ToListAsync(token);
        return bodies.ConvertAll(body => JsonSerializer.Deserialize<T>(body, ContractsJson.Options)!);
    });

    /// <summary>Waits until the round is in the state.</summary>
    public Task<Round?> UntilAsync(string roundId, Rules.RoundState state) =>
        Probe.Until($"round {roundId} is {state}", _ => RoundAsync(roundId), round => round?.State == state);

    public HttpClient Http() => new() { BaseAddress = new Uri(_app.Urls.First()) };

    public async ValueTask DisposeAsync()
    {
        await _app.EndAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        if (_folder is not null)
            Directory.Delete(_folder, recursive: true);
    }

    public static Arrival Arrive(object contract, DateTimeOffset now) => new(contract switch
    {
        GameRoundOpened opened => Rounds.Game.GameEventReader.Read(opened),
        GameRoundEntered entered => Rounds.Game.GameEventReader.Read(entered),
        GameRoundClosed closed => Rounds.Game.GameEventReader.Read(closed),
        GameRoundDrawn drawn => Rounds.Game.GameEventReader.Read(drawn),
        _ => throw new ArgumentException($"{contract} is no event of the game", nameof(contract)),
    }, Guid.NewGuid(), now);

    private static async Task<RoundsHost> BuildAsync(
        Servers servers, string database, string broker, bool direct, Action<IServiceCollection>? change = null, string? treasury = null, string? url = null, string? webhooks = null)
    {
        var folder = database == Sqlite ? Directory.CreateTempSubdirectory("payouts-rounds-").FullName : null;
        url ??= folder is not null
            ? $"sqlite:{Path.Combine(folder, "rounds.db")}"
            : (await servers.CreateDatabaseAsync("rounds", TestContext.Current.CancellationToken)).Url;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["DATABASE_URL"] = url, ["RABBITMQ_URL"] = broker, ["STELLAR_NETWORK_PASSPHRASE"] = "Standalone Network ; February 2017" });
        if (direct)
            builder.Configuration["PAYOUTS_DIRECT_PAYOUTS"] = "true";
        if (treasury is not null)
            builder.Configuration["ROUNDS_TREASURY_LIMITS"] = treasury;
        if (webhooks is not null)
            builder.Configuration["ROUNDS_WEBHOOKS_FILE"] = webhooks;
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<TimeProvider>(new FakeTimeProvider(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero)));
        change?.Invoke(builder.Services);
        return new RoundsHost(ServiceHost.Build(builder, [new RoundsModule(), new ListenerModule()]), folder);
    }
}

/// <summary>What the service said.</summary>
internal sealed class Heard
{
    private readonly ConcurrentQueue<(Guid Id, object Contract)> _messages = new();

    public void Add(Guid? id, object contract) => _messages.Enqueue((id ?? Guid.Empty, contract));

    /// <summary>Messages of this contract about this round; each once, although a relay may send one twice.</summary>
    public List<T> Of<T>(Func<T, bool> about) => [.. _messages.DistinctBy(x => x.Id).Select(x => x.Contract).OfType<T>().Where(about)];

    /// <summary>Waits for the first message of this contract that is meant.</summary>
    public async Task<T> FirstAsync<T>(Func<T, bool> about)
    {
        await Probe.Until($"a {typeof(T).Name} is heard", () => Of(about).Count > 0);
        return Of(about)[0];
    }
}

internal sealed class HeardConsumer(Heard heard) : IConsumer<RoundResolved>, IConsumer<DirectPayoutOrdered>, IConsumer<RoundSettled>, IConsumer<GameEventRefused>
{
    public Task Consume(ConsumeContext<RoundResolved> context) => Hear(context, context.Message);

    public Task Consume(ConsumeContext<DirectPayoutOrdered> context) => Hear(context, context.Message);

    public Task Consume(ConsumeContext<RoundSettled> context) => Hear(context, context.Message);

    public Task Consume(ConsumeContext<GameEventRefused> context) => Hear(context, context.Message);

    private Task Hear(ConsumeContext context, object contract)
    {
        heard.Add(context.MessageId, contract);
        return Task.CompletedTask;
    }
}

internal sealed class ListenerModule : IServiceModule
{
    public string Name => "listener";

    public void AddServices(IServiceCollection services, Hosting.Configuration.Settings settings) => services.AddSingleton<Heard>();

    public void AddConsumers(IBusRegistrationConfigurator bus) => bus.AddConsumer<HeardConsumer>();

    public void MapEndpoints(Microsoft.AspNetCore.Routing.IEndpointRouteBuilder routes)
    {
        // Only listens.
    }
}
