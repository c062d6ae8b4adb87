using System.Security.Cryptography;
using System.Text;
using Payouts.Contracts;
using Payouts.Stellar;

namespace Payouts.Builder.Tests.Support;

/// <summary>The same keys, orders and settings in every run.</summary>
internal static class Sample
{
    public static readonly Network Network = new("Standalone Network ; February 2017");

    public static readonly KeyPair Admin = Key("admin");

    public static readonly ContractId Contract = new(SHA256.HashData("payout contract"u8));

    public static KeyPair Key(string name) => KeyPair.FromRawSeed(SHA256.HashData(Encoding.UTF8.GetBytes(name)));

    public static string Account(string name) => Key(name).AccountId.ToString();

    public static BuilderOptions Options(bool liveExecution = true, int attemptsMax = 3, IReadOnlyList<AccountId>? channels = null) => new()
    {
        Network = Network,
        Contract = new PayoutContractCall(Contract),
        SourceAccount = Admin.AccountId,
        Channels = channels ?? [Admin.AccountId],
        LiveExecution = liveExecution,
        FeeMaxStroops = 2_000_000,
        AttemptsMax = attemptsMax,
        Validity = TimeSpan.FromMinutes(5),
    };

    /// <summary>What a service is started with, on a database and an RPC of the test's.</summary>
    public static Dictionary<string, string?> Settings(string databaseUrl, string rpcUrl = "http://127.0.0.1:9/", string broker = "inmemory") => new()
    {
        ["DATABASE_URL"] = databaseUrl,
        ["RABBITMQ_URL"] = broker,
        ["SOROBAN_RPC_URL"] = rpcUrl,
        ["STELLAR_NETWORK_PASSPHRASE"] = Network.Passphrase,
        ["PAYOUT_CONTRACT_ID"] = Contract.ToString(),
        ["PAYOUT_SOURCE_ACCOUNT"] = Admin.AccountId.ToString(),
        ["PAYOUT_TOKEN_CONTRACTS"] = $"XLM={Contract}",
        ["PAYOUTS_LIVE_EXECUTION"] = "true",
    };

    public static RoundResolved Round(uint number, params (string Winner, long Stroops)[] owed) => new()
    {
        RoundId = $"round-{number}",
        Context = "GAME",
        PoolId = 7,
        RoundNumber = number,
        Currency = "XLM",
        Owed = new Stroops(owed.Sum(x => x.Stroops)),
        Payouts = [.. owed.Select(x => new OwedPayout { Winner = Account(x.Winner), Amount = new Stroops(x.Stroops) })],
    };
}
