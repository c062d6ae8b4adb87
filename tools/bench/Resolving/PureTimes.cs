using System.Diagnostics;
using Payouts.Rounds.Game;
using Payouts.Rounds.Policies;
using Payouts.Rounds.Trail;

namespace Payouts.Bench.Resolving;

/// <summary>What a resolution costs without a database.</summary>
/// <param name="PolicyMs">The policy decides who is owed what.</param>
/// <param name="HashesMs">Inputs and outcome in their wording, and the SHA-256 of each: the trail's share of the processor.</param>
internal sealed record PureTimes(double PolicyMs, double HashesMs)
{
    public static PureTimes Measure(string policy, int players, int repeats)
    {
        var draw = policy == SampleRounds.Refund ? null : GameEventReader.Read(SampleRounds.Drawn("bench", policy, players));
        var bets = GameEventReader.Read(SampleRounds.Entered("bench", players)).Entries.ToDictionary(x => x.Player, x => new Bet(x.Stake, x.Choice), StringComparer.Ordinal);
        var rule = policy == SampleRounds.Refund ? RefundPolicy.Instance : RoundPolicies.Latest(policy);
        var (decides, hashes) = (new List<TimeSpan>(), new List<TimeSpan>());
        for (var repeat = 0; repeat < repeats; repeat++)
        {
            var clock = Stopwatch.StartNew();
            var resolution = rule.Resolve(draw ?? new RoundDraw("bench", [], default, "bench", []), bets).Resolution
                ?? throw new InvalidOperationException($"{policy} does not resolve the sample round, so its time says nothing");
            decides.Add(clock.Elapsed);
            clock.Restart();
            _ = TrailText.Hash(ResolutionText.Outcome(TrailText.Hash(ResolutionText.Inputs("bench", rule, draw, bets)), resolution));
            hashes.Add(clock.Elapsed);
        }

        return new PureTimes(Median.Of(decides), Median.Of(hashes));
    }
}
