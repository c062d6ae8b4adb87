using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Payouts.Builder;
using Payouts.Hosting.Web;
using Payouts.Rounds;
using Payouts.Signer;
using Payouts.Stellar;
using Payouts.Submitter;

namespace Payouts.Tests.Access;

/// <summary>The four services in this process behind their one door, on SQLite and without a broker or a network.</summary>
internal sealed class Door : IAsyncDisposable
{
    private readonly Folder _folder;
    private readonly EndpointLog _log;

    private Door(WebApplication app, Folder folder, EndpointLog log) => (App, _folder, _log) = (app, folder, log);

    public static IReadOnlyList<IServiceModule> Services => [new RoundsModule(), new PayoutBuilderModule(), new PayoutSignerModule(), new PayoutSubmitterModule()];

    public WebApplication App { get; }

    public Uri Address => new(App.Urls.First());

    /// <summary>How many handlers have run.</summary>
    public int Executed => _log.Executed;

    /// <summary>Everything that was logged.</summary>
    public IEnumerable<string> Lines => _log.Lines;

    public static async Task<Door> OpenAsync(IReadOnlyDictionary<string, string?> settings, IReadOnlyList<IServiceModule>? modules = null, Action<WebApplicationBuilder>? change = null, CancellationToken? stop = null)
    {
        var (app, folder, log) = Build(settings, modules, change);
        try
        {
            await ServiceHost.StartAsync(app, stop ?? TestContext.Current.CancellationToken);
            return new Door(app, folder, log);
        }
        catch
        {
            await EndAsync(app, folder);
            throw;
        }
    }

    /// <summary>Wires it without starting it, as a wrong setting would be found.</summary>
    public static void Try(IReadOnlyDictionary<string, string?> settings)
    {
        var (app, folder, _) = Build(settings, null, null);
        (app as IDisposable).Dispose();
        folder.Dispose();
    }

    public HttpClient Client(string? bearer = null)
    {
        var client = new HttpClient { BaseAddress = Address };
        if (bearer is not null)
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", bearer);
        return client;
    }

    public async ValueTask DisposeAsync() => await EndAsync(App, _folder);

    private static async Task EndAsync(WebApplication app, Folder folder)
    {
        await app.EndAsync();
        SqliteConnection.ClearAllPools();
        folder.Dispose();
    }

    private static (WebApplication App, Folder Folder, EndpointLog Log) Build(IReadOnlyDictionary<string, string?> settings, IReadOnlyList<IServiceModule>? modules, Action<WebApplicationBuilder>? change)
    {
        var folder = new Folder();
        var log = new EndpointLog();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddInMemoryCollection(Usual(folder.Path));
        builder.Configuration.AddInMemoryCollection(settings);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Logging.AddProvider(log);
        builder.Logging.AddFilter<EndpointLog>("Microsoft.AspNetCore.Routing.EndpointMiddleware", LogLevel.Information);
        change?.Invoke(builder);
        return (ServiceHost.Build(builder, modules ?? Services), folder, log);
    }

    private static Dictionary<string, string?> Usual(string folder)
    {
        var source = KeyPair.FromRawSeed(SHA256.HashData("payout source"u8)).AccountId.ToString();
        var contract = new ContractId(SHA256.HashData("payout contract"u8)).ToString();
        return new Dictionary<string, string?>
        {
            ["DATABASE_URL"] = $"sqlite:{Path.Combine(folder, "{service}.db")}",
            ["RABBITMQ_URL"] = "inmemory",
            ["SOROBAN_RPC_URL"] = "http://127.0.0.1:9/",
            ["STELLAR_NETWORK_PASSPHRASE"] = Network.Standalone.Passphrase,
            ["PAYOUT_CONTRACT_ID"] = contract,
            ["PAYOUT_SOURCE_ACCOUNT"] = source,
            ["PAYOUT_TOKEN_CONTRACTS"] = $"XLM={contract}",
            ["PAYOUTS_LIVE_EXECUTION"] = "true",
        };
    }

    /// <summary>Counts the handlers that were run, and keeps what was said.</summary>
    internal sealed class EndpointLog : ILoggerProvider, ILogger
    {
        private readonly ConcurrentQueue<string> _lines = new();
        private int _executed;

        public int Executed => Volatile.Read(ref _executed);

        public IEnumerable<string> Lines => _lines;

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (eventId.Name == "ExecutingEndpoint")
                Interlocked.Increment(ref _executed);
            _lines.Enqueue($"{logLevel}: {formatter(state, exception)} {exception}");
        }

        public void Dispose()
        {
            // Nothing is held.
        }
    }
}

/// <summary>A folder of a test's own.</summary>
internal sealed class Folder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("payouts-access-").FullName;

    /// <summary>Writes a file and returns its path.</summary>
    public string Write(string name, string content)
    {
        var path = System.IO.Path.Combine(Path, name);
        File.WriteAllText(path, content, Encoding.UTF8);
        return path;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
