using System.Text;
using Payouts.Rounds.Game;
using Payouts.Rounds.Policies;

namespace Payouts.Rounds.Trail;

/// <summary>What a resolution was made from and what came of it, each in one wording whose hash is kept. docs/rounds.md shows both by hand.</summary>
internal static class ResolutionText
{
    /// <summary>Policy, draw and entries; lists sorted by player.</summary>
    public static string Inputs(string roundId, IRoundPolicy policy, RoundDraw? draw, IReadOnlyDictionary<string, Bet> bets)
    {
        var text = new StringBuilder("payouts resolution inputs 1\n");
        text.Append($"round {roundId}\npolicy {policy.Name} {TrailText.Of(policy.Version)}\n");
        if (draw is not null)
        {
            text.Append($"yield {TrailText.Of(draw.Yield)}\n");
            if (draw.YieldRate is { } rate)
                text.Append($"yieldRate {TrailText.Of(rate)}\n");
            if (draw.Seed is not null)
                text.Append($"seed {draw.Seed}\n");
            foreach (var winner in draw.Winners.OrderBy(x => x.Player, StringComparer.Ordinal))
                text.Append(winner.Amount is { } amount ? $"winner {winner.Player} amount {TrailText.Of(amount)}\n" : $"winner {winner.Player} weight {TrailText.Of(winner.Weight!.Value)}\n");
        }

        foreach (var (player, bet) in bets.OrderBy(x => x.Key, StringComparer.Ordinal))
            text.Append($"entry {player} {TrailText.Of(bet.Stake)} {bet.Choice ?? "-"}\n");
        return text.ToString();
    }

    /// <summary>Who is out and who is owed what, with the hash of the inputs.</summary>
    public static string Outcome(string inputsHash, Resolution resolution)
    {
        var text = new StringBuilder($"payouts resolution outcome 1\ninputs {inputsHash}\n{resolution.Outcome}\n");
        foreach (var player in resolution.Eliminated)
            text.Append($"out {player}\n");
        foreach (var payout in resolution.Payouts)
            text.Append($"pay {payout.Winner} {TrailText.Of(payout.Amount)}\n");
        return text.ToString();
    }
}
