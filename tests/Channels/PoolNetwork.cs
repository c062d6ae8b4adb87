using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Payouts.Devnet;
using Payouts.Devnet.Options;
using Payouts.Stellar;
using Payouts.Stellar.Rpc;
using Payouts.Tests.Support;

namespace Payouts.Channels.Tests;

/// <summary>A devnet with a rich funder, and the commands as ./run.sh channels runs them, in this process.</summary>
internal sealed class PoolNetwork : IAsyncDisposable
{
    public const long FunderStroops = 1_000_000_000_000;
    public const string ApiKey = "the door's key of the tests";

    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(30) };
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("payouts-channels-");

    private PoolNetwork(DevnetHost devnet)
    {
        Devnet = devnet;
        Rpc = new SorobanRpcClient(_http, new SorobanRpcOptions { Endpoints = [devnet.Address], ReadAttemptsMax = 1 }, TimeProvider.System);
        Settings = new Dictionary<string, string?>
        {
            ["SOROBAN_RPC_URL"] = devnet.Address.ToString(),
            ["STELLAR_NETWORK_PASSPHRASE"] = devnet.Ledger.Network.Passphrase,
            ["PAYOUT_CHANNEL_SECRET"] = SecretHex,
            ["CHANNEL_FUNDER_SECRET"] = Funder.ExportSecretSeed(),
            ["PAYOUTS_CONFIRM_POLL_MS"] = "50",
            ["HTTP_API_KEY"] = ApiKey,
        };
    }

    public static byte[] Secret { get; } = SHA256.HashData("channel secret of the pool's tests"u8);

    public static string SecretHex { get; } = Convert.ToHexStringLower(Secret);

    public static KeyPair Funder { get; } = KeyPair.FromRawSeed(SHA256.HashData("funder of the pool's tests"u8));

    /// <summary>All accounts of the secret, in the order of their numbers; the fee account last.</summary>
    public static IReadOnlyList<AccountId> Accounts { get; } = [.. Enumerable.Range(0, 1001).Select(x => ChannelKeys.Derive(Secret, (uint)x).AccountId)];

    public DevnetHost Devnet { get; }

    public Devnet.Ledger.DevnetLedger Ledger => Devnet.Ledger;

    public ISorobanRpcClient Rpc { get; }

    /// <summary>What every command is started with.</summary>
    public Dictionary<string, string?> Settings { get; }

    /// <summary>What the funder spent, in stroops.</summary>
    public long Spent => FunderStroops - (long)Ledger.Balance(Funder.AccountId.ToString())!.Value;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static async Task<PoolNetwork> StartAsync(int closeTimeMs = 60) => new(await DevnetHost.StartAsync(new DevnetOptions
    {
        Port = 0,
        CloseTime = TimeSpan.FromMilliseconds(closeTimeMs),
        Accounts = [new GenesisAccount(Funder.AccountId.ToString(), FunderStroops)],
    }, cancellation: Cancelled));

    /// <summary>The accounts of these numbers that exist.</summary>
    public int Existing(int from = 0, int count = 1000) => Accounts.Skip(from).Take(count).Count(x => Ledger.SequenceNumber(x) is not null);

    public long BalanceOf(int number) => (long)Ledger.Balance(Accounts[number].ToString())!.Value;

    /// <summary>One command; the answer as it was written.</summary>
    public async Task<Answer> RunAsync(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(Settings).Build();
        var code = await CommandLine.RunAsync(args, configuration, new Terminal(output, error, IsInteractive: false), TimeProvider.System, Cancelled);
        var answer = new Answer(code, output.ToString(), error.ToString());
        // Whatever a command says, it never says a secret.
        foreach (var text in new[] { answer.Output, answer.Error })
        {
            text.ShouldNotContain(SecretHex);
            text.ShouldNotContain(Funder.ExportSecretSeed());
            text.ShouldNotContain(ApiKey);
        }

        return answer;
    }

    /// <summary>One command that must end well; its JSON.</summary>
    public async Task<JsonElement> DoneAsync(params string[] args)
    {
        var answer = await RunAsync([.. args, "--json"]);
        answer.Code.ShouldBe(ExitCodes.Done, answer.Error + answer.Output);
        return answer.Json;
    }

    /// <summary>Changes an account by a transaction of its own.</summary>
    public async Task ApplyAsync(int number, Operation operation, params IReadOnlyList<KeyPair> others)
    {
        using var key = ChannelKeys.Derive(Secret, (uint)number);
        var transaction = new TransactionBuilder(key.AccountId, Ledger.SequenceNumber(key.AccountId).ShouldNotBeNull() + 1)
            .Add(operation).ValidUntil(DateTimeOffset.FromUnixTimeSeconds((long)Ledger.LatestCloseTime).AddMinutes(5)).Build().Sign(Ledger.Network, [key, .. others]);
        (await Rpc.SendTransactionAsync(transaction.ToBase64(), transaction.Hash(Ledger.Network), Cancelled)).ShouldBeOfType<SendOutcome.Pending>();
        (await Probe.Until("it is applied", token => Rpc.GetTransactionAsync(transaction.Hash(Ledger.Network), token), x => x is TransactionLookup.Found))
            .ShouldBeOfType<TransactionLookup.Found>().Transaction.Status.ShouldBe(TransactionStatus.SUCCESS);
    }

    /// <summary>A file with this text, for a setting's NAME_FILE.</summary>
    public string FileOf(string text)
    {
        var path = Path.Combine(_folder.FullName, Guid.CreateVersion7().ToString("N"));
        File.WriteAllText(path, text);
        return path;
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await Devnet.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}

/// <summary>What a command left behind.</summary>
internal sealed record Answer(int Code, string Output, string Error)
{
    public JsonElement Json => JsonDocument.Parse(Output).RootElement;

    /// <summary>The problems by account number and word.</summary>
    public IEnumerable<(int? Number, string Problem)> Problems => Json.GetProperty("problems").EnumerateArray()
        .Select(x => (x.TryGetProperty("number", out var number) ? number.GetInt32() : default(int?), x.GetProperty("problem").GetString()!));
}
