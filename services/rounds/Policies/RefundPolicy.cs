using Payouts.Rounds.Game;

namespace Payouts.Rounds.Policies;

/// <summary>A cancelled round: everybody gets exactly the stake back, and nobody the yield. No draw can ask for it.</summary>
internal sealed class RefundPolicy : IRoundPolicy
{
    public static RefundPolicy Instance { get; } = new();

    public string Name => "refund";

    public int Version => 1;

    public PolicyResult Resolve(RoundDraw draw, IReadOnlyDictionary<string, Bet> bets) => Resolution.Refund(bets);
}
