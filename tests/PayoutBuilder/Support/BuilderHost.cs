using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Payouts.Builder.Saga;
using Payouts.Hosting.DeadLetters;
using Payouts.Hosting.Web;
using Payouts.Tests.Support;

namespace Payouts.Builder.Tests.Support;

/// <summary>The whole service in this process; no network answers, so payouts wait for their channel.</summary>
internal sealed class BuilderHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly string? _folder;

    private BuilderHost(WebApplication app, string? folder)
    {
        (_app, _folder) = (app, folder);
        Http = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
    }

    /// <summary>The service's own door.</summary>
    public HttpClient Http { get; }

    /// <summary>Every route that it answers on: method and path, with an id where one belongs.</summary>
    public IReadOnlyList<(string Method, string Path)> Routes =>
    [
        .. _app.Services.GetRequiredService<IEnumerable<EndpointDataSource>>().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>().SelectMany(route =>
            (route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"]).Select(method => (method, Concrete(route.RoutePattern.RawText ?? "")))),
    ];

    /// <summary>The clock that it was started with.</summary>
    public FakeTimeProvider Clock => (FakeTimeProvider)_app.Services.GetRequiredService<TimeProvider>();

    private static string Concrete(string pattern) => System.Text.RegularExpressions.Regex.Replace(pattern, @"\{\w+:guid\}", Guid.Empty.ToString()).Replace("{roundId}", "r", StringComparison.Ordinal).Replace("{day}", "2026-07-01", StringComparison.Ordinal);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>Without a database of its own it gets a file.</summary>
    public static async Task<BuilderHost> StartAsync(string? databaseUrl = null, TimeProvider? clock = null, IReadOnlyDictionary<string, string?>? extra = null)
    {
        var folder = databaseUrl is null ? Directory.CreateTempSubdirectory("payouts-builder-").FullName : null;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddInMemoryCollection(Sample.Settings(databaseUrl ?? $"sqlite:{Path.Combine(folder!, "builder.db")}", $"http://127.0.0.1:{FreePort.Next()}/"));
        builder.Configuration.AddInMemoryCollection(extra ?? new Dictionary<string, string?>());
        if (clock is not null)
            builder.Services.AddSingleton(clock);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var app = ServiceHost.Build(builder, [new PayoutBuilderModule()]);
        await ServiceHost.StartAsync(app, Cancelled);
        return new BuilderHost(app, folder);
    }

    public Task SendAsync<T>(T contract, Guid? messageId = null)
        where T : class => _app.Services.GetRequiredService<IBus>().Publish(contract, context => context.MessageId = messageId ?? Guid.NewGuid(), Cancelled);

    public async Task<T> ReadAsync<T>(Func<BuilderDbContext, CancellationToken, Task<T>> read)
    {
        await using var db = await _app.Services.GetRequiredService<IDbContextFactory<BuilderDbContext>>().CreateDbContextAsync(Cancelled);
        return await read(db, Cancelled);
    }

    public Task<List<Payout>> PayoutsAsync() => ReadAsync((db, token) => db.Payouts.AsNoTracking().ToListAsync(token));

    public Task<List<PayoutTransition>> HistoryAsync() => ReadAsync((db, token) => db.Transitions.AsNoTracking().ToListAsync(token));

    public Task<List<DeadLetter>> LettersAsync() => ReadAsync((db, token) => db.DeadLetters.AsNoTracking().ToListAsync(token));

    /// <summary>How many messages the planner has taken.</summary>
    public async Task<int> HandledAsync() => (await ReadAsync((db, token) =>
        db.Database.SqlQuery<int>($"select cast(count(*) as int) as value from inbox where consumer = 'RoundResolvedConsumer'").ToListAsync(token)))[0];

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.EndAsync();
        if (_folder is null)
            return;
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }
}
