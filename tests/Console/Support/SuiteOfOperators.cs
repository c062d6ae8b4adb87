using System.Globalization;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Payouts.Contracts;
using Payouts.Hosting.Access;
using Payouts.Run;
using Payouts.Stellar;
using Payouts.Tests.Support;

namespace Payouts.Tests.OperatorConsole.Support;

/// <summary>The whole suite in this process, with people who have names and roles, and the console as each of them starts it.</summary>
internal sealed class SuiteOfOperators : IAsyncDisposable
{
    /// <summary>Who there is, with which roles.</summary>
    public static readonly IReadOnlyDictionary<string, string> People = new Dictionary<string, string>
    {
        ["ana"] = "operate",
        ["ben"] = "approve",
        ["ruth"] = "read",
        ["adam"] = "admin",
        ["arena"] = "game",
    };

    /// <summary>The player whom the signing policy denies: whoever owes him something has a payout on hold.</summary>
    public const int Denied = 3;

    private static readonly TimeSpan Within = TimeSpan.FromSeconds(90);

    private readonly EmbeddedSuite _suite;
    private readonly DirectoryInfo _folder;
    private readonly HttpClient _http;

    private SuiteOfOperators(EmbeddedSuite suite, DirectoryInfo folder, string adminKey)
    {
        (_suite, _folder) = (suite, folder);
        _http = new HttpClient { BaseAddress = suite.Address, DefaultRequestHeaders = { { "Authorization", $"Bearer {adminKey}" } } };
    }

    public Uri Address => _suite.Address;

    /// <summary>HOME of whoever starts the console.</summary>
    public string Home => _folder.FullName;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <param name="channels">Channel accounts.</param>
    /// <param name="settings">Beside those of people and payouts outside rounds.</param>
    public static async Task<SuiteOfOperators> StartAsync(int channels, IReadOnlyDictionary<string, string?>? settings = null)
    {
        var folder = Directory.CreateTempSubdirectory("payouts-console-");
        var lines = new List<string>();
        var keys = People.ToDictionary(x => x.Key, _ => ApiKey.New());
        foreach (var (name, roles) in People)
        {
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, name), keys[name] + "\n", Cancelled);
            lines.Add(ApiKeyFile.LineOf(name, [roles], keys[name]));
        }

        await File.WriteAllLinesAsync(Path.Combine(folder.FullName, "keys"), lines, Cancelled);
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "policy.json"), $$"""
            { "version": "1", "currencies": { "XLM": { "perPayout": "1000", "perRound": "10000", "perHour": "10000", "perDay": "10000", "approveAbove": "1000", "approvals": 1 } },
              "direct": { "XLM": { "perPayout": "100", "perDay": "1000", "approvals": 1 } }, "destinations": { "denied": ["{{Player(Denied)}}"] } }
            """, Cancelled);
        var all = new Dictionary<string, string?>
        {
            ["HTTP_API_KEYS_FILE"] = Path.Combine(folder.FullName, "keys"),
            ["PAYOUTS_DIRECT_PAYOUTS"] = "true",
            ["PAYOUTS_SIGNING_POLICY_FILE"] = Path.Combine(folder.FullName, "policy.json"),
        };
        foreach (var (name, value) in settings ?? new Dictionary<string, string?>())
            all[name] = value;
        var suite = await EmbeddedSuite.StartAsync(new EmbeddedOptions { Channels = channels, CloseTime = TimeSpan.FromMilliseconds(200), Players = [.. Enumerable.Range(0, 10).Select(Player)], Settings = all }, Cancelled);
        return new SuiteOfOperators(suite, folder, keys["adam"]);
    }

    public static string Player(int number) => KeyPair.FromRawSeed(SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"console player {number}")))).AccountId.ToString();

    /// <summary>What the console of one of them is started with.</summary>
    public Dictionary<string, string> EnvironmentOf(string person) => new()
    {
        ["PAYOUTS_URL"] = Address.ToString(),
        ["PAYOUTS_API_KEY_FILE"] = Path.Combine(Home, person),
        ["HOME"] = Home,
        ["TZ"] = "Europe/Vienna",
        ["PAYOUTS_TIMEOUT_SECONDS"] = "60",
    };

    /// <summary>A command, by somebody who may: ana operates.</summary>
    public Task<Ended> RunAsync(string line, string by = "ana", string input = "") => ConsoleProcess.RunAsync(line, EnvironmentOf(by), input);

    /// <summary>A command that is done.</summary>
    public async Task<Ended> DoneAsync(string line, string by = "ana", string input = "")
    {
        var ended = await RunAsync(line, by, input);
        ended.Code.ShouldBe(0, $"{line}: {ended}");
        return ended;
    }

    /// <summary>What a command says as JSON.</summary>
    public async Task<JsonNode> JsonAsync(string line, string by = "ana", int code = 0)
    {
        var ended = await RunAsync(line + " --json", by);
        ended.Code.ShouldBe(code, $"{line}: {ended}");
        return ended.Json;
    }

    public Task PublishAsync(object message) => _suite.App.Services.GetRequiredService<IBus>().Publish(message, Cancelled);

    /// <summary>A round that is open and has entries of 25 each from the first four players.</summary>
    public async Task OpenAsync(string round, uint number)
    {
        await PublishAsync(new GameRoundOpened { RoundId = round, Context = "arena", PoolId = 7, RoundNumber = number, Currency = "XLM" });
        await PublishAsync(new GameRoundEntered { RoundId = round, Entries = [.. Enumerable.Range(0, 4).Select(x => new RoundEntry { Player = Player(x), Stake = "25" })] });
        await Probe.Until($"{round} has its entries", async token => await TryAsync($"rounds/{round}", token), x => x?["round"]!["entries"]!.GetValue<int>() == 4, Within, cancellationToken: Cancelled);
    }

    public async Task CloseAsync(string round)
    {
        await PublishAsync(new GameRoundClosed { RoundId = round, EntryCount = 4 });
        await StateOfRoundAsync(round, "CLOSED");
    }

    /// <summary>From its opening to its resolution; winners get 10 each.</summary>
    public async Task PlayAsync(string round, uint number, params IReadOnlyList<int> winners)
    {
        await OpenAsync(round, number);
        await CloseAsync(round);
        await PublishAsync(new GameRoundDrawn { RoundId = round, Winners = [.. winners.Select(x => new RoundWinner { Player = Player(x), Amount = "10" })] });
    }

    public Task StateOfRoundAsync(string round, string state) => Probe.Until($"{round} is {state}", async token => (await TryAsync($"rounds/{round}", token))?["round"]!["state"]!.GetValue<string>(), x => x == state, Within, cancellationToken: Cancelled);

    public Task<string?> StateAsync(string payout, string state) => Probe.Until($"{payout} is {state}", async token => (await TryAsync($"payouts/{payout}", token))?["payout"]!["state"]!.GetValue<string>(), x => x == state, Within, cancellationToken: Cancelled);

    /// <summary>The first row of a list that holds what is asked for.</summary>
    public async Task<JsonNode> RowAsync(string path, Func<JsonNode, bool> wanted) => (await Probe.Until($"{path} has it", async token => (await TryAsync(path, token) switch
    {
        JsonArray rows => rows.OfType<JsonNode>(),
        JsonObject { Count: > 0 } page => page.First().Value!.AsArray().OfType<JsonNode>(),
        _ => [],
    }).FirstOrDefault(wanted), x => x is not null, Within, cancellationToken: Cancelled))!;

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _suite.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private async Task<JsonNode?> TryAsync(string path, CancellationToken cancellationToken)
    {
        using var answer = await _http.GetAsync(path, cancellationToken);
        return answer.IsSuccessStatusCode ? await answer.Content.ReadFromJsonAsync<JsonNode>(cancellationToken) : null;
    }
}
