using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Payouts.Builder;
using Payouts.Builder.Lanes;
using Payouts.Contracts;
using Payouts.Run;
using Payouts.Stellar;
using Payouts.Tests.Support;

namespace Payouts.Channels.Tests;

/// <summary>The whole suite in this process, whose ledgers close when the test says so, and the commands on its network.</summary>
internal sealed class RunningSuite : IAsyncDisposable
{
    private readonly EmbeddedSuite _suite;
    private readonly HttpClient _http;
    private uint _round;

    private RunningSuite(EmbeddedSuite suite)
    {
        _suite = suite;
        _http = new HttpClient { BaseAddress = suite.Address };
        suite.Devnet.Ledger.Grant(PoolNetwork.Funder.AccountId, PoolNetwork.FunderStroops);
        Accounts = [.. Setting("PAYOUT_CHANNEL_ACCOUNTS").Split(',').Select(x => AccountId.Parse(x))];
    }

    public Devnet.Ledger.DevnetLedger Ledger => _suite.Devnet.Ledger;

    /// <summary>Settings of the commands that differ from the suite's.</summary>
    public Dictionary<string, string?> Overrides { get; } = [];

    /// <summary>payout-builder's door.</summary>
    public Uri Address => _suite.Address;

    /// <summary>The channels by number.</summary>
    public IReadOnlyList<AccountId> Accounts { get; }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static async Task<RunningSuite> StartAsync(int channels, int players) => new(await EmbeddedSuite.StartAsync(
        new EmbeddedOptions { Channels = channels, CloseTime = TimeSpan.Zero, Players = [.. Enumerable.Range(0, players).Select(Player)] }, Cancelled));

    /// <summary>So many winners get one lumen each; the round's name.</summary>
    public async Task<string> OweAsync(int winners)
    {
        var round = ++_round;
        await _suite.App.Services.GetRequiredService<IBus>().Publish(new RoundResolved
        {
            RoundId = $"round-{round}",
            Context = "GAME",
            PoolId = 7,
            RoundNumber = round,
            Currency = "XLM",
            Owed = new Stroops(winners * Stroops.PerUnit),
            Payouts = [.. Enumerable.Range(0, winners).Select(x => new OwedPayout { Winner = Player(x), Amount = new Stroops(Stroops.PerUnit) })],
        }, Cancelled);
        return $"round-{round}";
    }

    public async Task<IReadOnlyList<JsonElement>> PayoutsAsync(string round) =>
        [.. (await _http.GetFromJsonAsync<JsonElement>($"payouts?round={round}&limit=1000", Cancelled)).EnumerateArray()];

    public async Task<JsonElement> ChannelAsync(int number) => await _http.GetFromJsonAsync<JsonElement>($"channels/{Accounts[number]}", Cancelled);

    /// <summary>Ledgers close whenever somebody waits for one, until the task ends.</summary>
    public async Task<T> ClosingAsync<T>(Task<T> task)
    {
        await Probe.Until("the work is done", () =>
        {
            if (Ledger.PendingTransactions > 0)
                Ledger.CloseLedger();
            return task.IsCompleted;
        }, TimeSpan.FromSeconds(120));
        return await task;
    }

    /// <summary>Every payout of the round is paid.</summary>
    public Task<bool> PaidAsync(string round, int winners) => Probe.Until("the round is paid",
        async _ => (await PayoutsAsync(round)).Count(x => x.GetProperty("state").GetString() == "Confirmed") == winners, paid => paid, TimeSpan.FromSeconds(120));

    /// <summary>A command with the suite's own settings.</summary>
    public async Task<Answer> RunAsync(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new[] { "SOROBAN_RPC_URL", "STELLAR_NETWORK_PASSPHRASE", "PAYOUT_CHANNEL_SECRET", "PAYOUT_CHANNEL_ACCOUNTS" }
            .Select(name => KeyValuePair.Create(name, (string?)Setting(name)))
            .Append(KeyValuePair.Create("CHANNEL_FUNDER_SECRET", (string?)PoolNetwork.Funder.ExportSecretSeed()))
            .Append(KeyValuePair.Create("PAYOUTS_CONFIRM_POLL_MS", (string?)"50"))).AddInMemoryCollection(Overrides).Build();
        var code = await CommandLine.RunAsync(args, configuration, new Terminal(output, error, IsInteractive: false), TimeProvider.System, Cancelled);
        return new Answer(code, output.ToString(), error.ToString());
    }

    /// <summary>Channels that payout-builder knows from earlier settings.</summary>
    public async Task AddChannelsAsync(IEnumerable<Channel> channels)
    {
        await using var db = await _suite.App.Services.GetRequiredService<IDbContextFactory<BuilderDbContext>>().CreateDbContextAsync(Cancelled);
        db.AddRange(channels);
        await db.SaveChangesAsync(Cancelled);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _suite.DisposeAsync();
    }

    private static string Player(int number) => KeyPair.FromRawSeed(SHA256.HashData(Encoding.UTF8.GetBytes($"player {number}"))).AccountId.ToString();

    private string Setting(string name) => _suite.App.Configuration[name]!;
}
