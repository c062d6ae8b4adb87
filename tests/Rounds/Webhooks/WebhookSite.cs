using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Payouts.Hosting.Steps;
using Payouts.Rounds.Storage;
using Payouts.Rounds.Tests.Host;
using Payouts.Rounds.Webhooks;
using Payouts.Tests.Support;

namespace Payouts.Rounds.Tests.Webhooks;

/// <summary>Rounds, a receiver, and the file that says where it is. The test drives the pump and the clock.</summary>
internal sealed class WebhookSite : IAsyncDisposable
{
    public static readonly string Secret = "whsec_" + Convert.ToBase64String([.. Enumerable.Range(1, 32).Select(x => (byte)x)]);
    public static readonly string NewSecret = "whsec_" + Convert.ToBase64String([.. Enumerable.Range(101, 32).Select(x => (byte)x)]);

    private readonly string _file;

    private WebhookSite(RoundsHost host, WebhookReceiver receiver, string file) => (Host, Receiver, _file) = (host, receiver, file);

    public RoundsHost Host { get; }

    public WebhookReceiver Receiver { get; }

    public WebhookPump Pump => Host.Get<WebhookPump>();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>Nothing runs but what the test runs.</summary>
    public static Task<WebhookSite> PrepareAsync(Servers servers, string database, Action<IServiceCollection>? change = null) =>
        BeginAsync(file => RoundsHost.PrepareAsync(servers, database, change: change, webhooks: file));

    /// <summary>The whole service.</summary>
    public static Task<WebhookSite> StartAsync(Servers servers, string database, bool direct = false, Action<IServiceCollection>? change = null) =>
        BeginAsync(file => RoundsHost.StartAsync(servers, database, direct: direct, change: change, webhooks: file));

    /// <summary>What the file says: as JSON, one endpoint "game" at the receiver unless told otherwise.</summary>
    public static object Endpoint(string url, string name = "game", IReadOnlyList<string>? secrets = null, IReadOnlyList<string>? events = null) =>
        events is null ? new { name, url, secrets = secrets ?? [Secret] } : new { name, url, secrets = secrets ?? [Secret], events };

    /// <summary>Another file; it is read when the clock has moved on.</summary>
    public Task ConfigureAsync(params object[] endpoints) => WriteAsync(_file, endpoints);

    /// <summary>A resolved round that owes 1 to each of two players: one delivery of RoundResolved.</summary>
    public Task<string> ResolveAsync() => When_payouts_end.ResolveAsync(Host, players: 2);

    /// <summary>Both players are paid: one delivery of RoundSettled.</summary>
    public Task SettleAsync(string roundId) => When_payouts_end.EndAsync(Host, Game.Confirmed(roundId, 1, "1"), Game.Confirmed(roundId, 2, "1"));

    public Task DrainAsync() => Pump.DrainAsync(Cancelled);

    /// <summary>Moves the clock to where the next try of the only waiting delivery is due, and sends. Returns the pause.</summary>
    public async Task<TimeSpan> RetryAsync()
    {
        var pause = (await DeliveriesAsync()).Single(x => x.State == WebhookState.Waiting).DueAt - Host.Clock.GetUtcNow();
        Host.Clock.Advance(pause);
        await DrainAsync();
        return pause;
    }

    public Task<List<WebhookDelivery>> DeliveriesAsync() => Host.ReadAsync((db, token) => db.Webhooks.AsNoTracking().OrderBy(x => x.Id).ToListAsync(token));

    /// <summary>A second replica of rounds on the same database.</summary>
    public WebhookPump AnotherPump(WebhookOptions? options = null) => new(
        Host.Units, Host.Get<IDbContextFactory<RoundsDbContext>>(), Host.Get<WebhookEndpoints>(), new WebhookSender(options ?? Host.Get<WebhookOptions>(), Host.Clock), new WebhookSignal(),
        options ?? Host.Get<WebhookOptions>(), new UnwatchedSteps(), Host.Clock, NullLogger<WebhookPump>.Instance);

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        await Receiver.DisposeAsync();
        File.Delete(_file);
    }

    private static async Task<WebhookSite> BeginAsync(Func<string, Task<RoundsHost>> begin)
    {
        var receiver = await WebhookReceiver.StartAsync();
        var file = Path.GetTempFileName();
        await WriteAsync(file, [Endpoint(receiver.Url())]);
        return new WebhookSite(await begin(file), receiver, file);
    }

    private static Task WriteAsync(string file, object[] endpoints) => File.WriteAllTextAsync(file, JsonSerializer.Serialize(new { endpoints }), Cancelled);
}
