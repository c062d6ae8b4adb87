using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Payouts.Contracts;
using Payouts.Stellar;

namespace Payouts.Bench.Resolving;

/// <summary>Rounds to be resolved: the same players, stakes and choices each time.</summary>
internal static class SampleRounds
{
    /// <summary>A cancelled round is not drawn, and its stakes are owed back.</summary>
    public const string Refund = "refund";

    /// <summary>Every way in which a round's money is decided.</summary>
    public static IReadOnlyList<string> Policies { get; } = ["reported", "minority-wins", "seeded-threshold", Refund];

    private static readonly List<string> Accounts = [];

    public static GameRoundOpened Opened(string roundId, uint number) => new() { RoundId = roundId, Context = "bench", PoolId = 1, RoundNumber = number, Currency = "XLM" };

    /// <summary>A quarter chose HIGH and survives as the minority; under the seed of <see cref="Drawn"/> LOW is out by the threshold too.</summary>
    public static GameRoundEntered Entered(string roundId, int players) => new()
    {
        RoundId = roundId,
        Entries = [.. Enumerable.Range(0, players).Select(n => new RoundEntry { Player = Player(n), Stake = StakeOf(n).ToString(), Choice = n % 4 == 0 ? "HIGH" : "LOW" })],
    };

    public static GameRoundDrawn Drawn(string roundId, string policy, int players) => policy switch
    {
        // Everybody wins: as many debts as a round can have.
        "reported" => new() { RoundId = roundId, Winners = [.. Enumerable.Range(0, players).Select(n => new RoundWinner { Player = Player(n), Weight = 1 + (n % 9) })], Yield = "1000" },
        "minority-wins" => new() { RoundId = roundId, Winners = [], Policy = policy, Seed = "test-seed-123", Yield = "1000" },
        "seeded-threshold" => new() { RoundId = roundId, Winners = [], Policy = policy, Seed = "test-seed-123", YieldRate = "5.5", Yield = "1000000" },
        _ => throw new ArgumentException($"{policy} is never drawn", nameof(policy)),
    };

    private static Stroops StakeOf(int n) => new(10_000_000 + n);

    private static string Player(int n)
    {
        while (Accounts.Count <= n)
            Accounts.Add(new AccountId(SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"bench player {Accounts.Count}")))).ToString());
        return Accounts[n];
    }
}
