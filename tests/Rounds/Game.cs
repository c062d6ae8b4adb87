using System.Buffers.Binary;
using System.Security.Cryptography;
using Payouts.Contracts;
using Payouts.Stellar;

namespace Payouts.Rounds.Tests;

/// <summary>A game backend's words about rounds.</summary>
internal static class Game
{
    private static int _rounds;

    /// <summary>Valid account N; nobody needs its key.</summary>
    public static string Player(int n)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, n);
        return new AccountId(SHA256.HashData(number)).ToString();
    }

    /// <summary>A round name and key that no other test has.</summary>
    public static GameRoundOpened Opened(string? roundId = null)
    {
        var number = (uint)Interlocked.Increment(ref _rounds);
        return new() { RoundId = roundId ?? $"round-{number}", Context = "poker", PoolId = 7, RoundNumber = number, Currency = "XLM" };
    }

    /// <summary>Players FIRST, FIRST + 1, ... enter with these stakes.</summary>
    public static GameRoundEntered Entered(string roundId, int first, params string[] stakes) => new()
    {
        RoundId = roundId,
        Entries = [.. stakes.Select((stake, i) => new RoundEntry { Player = Player(first + i), Stake = stake })],
    };

    public static GameRoundClosed Closed(string roundId, int entries) => new() { RoundId = roundId, EntryCount = entries };

    public static GameRoundDrawn Drawn(string roundId, params (int Player, string Amount)[] winners) => new()
    {
        RoundId = roundId,
        Winners = [.. winners.Select(x => new RoundWinner { Player = Player(x.Player), Amount = x.Amount })],
    };

    public static GameRoundDrawn DrawnByWeight(string roundId, string? yields, params (int Player, long Weight)[] winners) => new()
    {
        RoundId = roundId,
        Yield = yields,
        Winners = [.. winners.Select(x => new RoundWinner { Player = Player(x.Player), Weight = x.Weight })],
    };

    public static PayoutSettled Confirmed(string roundId, int player, string paid) => new()
    {
        PayoutId = new PayoutId(new Guid(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes($"{roundId} {player}")).AsSpan(0, 16))),
        RoundId = roundId,
        Winner = Player(player),
        Paid = Stroops.Parse(paid),
        Outcome = PayoutOutcome.Confirmed,
        TransactionHash = new string('a', 64),
        Ledger = 1234,
    };

    public static PayoutSettled Failed(string roundId, int player) =>
        Confirmed(roundId, player, "0") with { Outcome = PayoutOutcome.Failed, TransactionHash = null, Ledger = null };
}
