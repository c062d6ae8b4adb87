using Payouts.Contracts;

namespace Payouts.Rounds.Tests;

/// <summary>Words about payouts outside rounds.</summary>
internal static class Direct
{
    public const string Context = "refunds";

    private static int _numbers;

    /// <summary>A refund under a key that no other test has.</summary>
    public static DirectPayoutRequested Requested(string reference, int player, string amount) => new()
    {
        Reference = reference,
        Context = Context,
        PoolId = 9,
        RoundNumber = (uint)Interlocked.Increment(ref _numbers),
        Winner = Game.Player(player),
        Amount = amount,
        Currency = "XLM",
        Reason = "the table broke down",
    };

    public static DirectPayoutOrdered Ordered(DirectPayoutRequested requested) => new()
    {
        Reference = requested.Reference,
        Context = requested.Context,
        PoolId = requested.PoolId,
        RoundNumber = requested.RoundNumber,
        Winner = requested.Winner,
        Amount = Stroops.Parse(requested.Amount),
        Currency = requested.Currency,
        Reason = requested.Reason,
    };
}
