using System.Diagnostics;
using System.Globalization;
using Payouts.Tests.Faults.Secrets;
using Payouts.Tests.Suite;
using Payouts.Tests.Support;

namespace Payouts.Tests.Faults.Runs;

/// <summary>
/// Thousands of payouts through four services, each of one process or of several, while a seeded plan kills, freezes and cuts off whatever it finds. Then the faults end, and the
/// suite must finish by itself: nobody lost, nobody paid twice, judged on the ledger.
/// </summary>
public sealed class When_everything_fails
{
    private const int RoundPlayersMax = 500;
    private const int SearchedPayoutsMax = 1_000;

    /// <summary>Longer than every claim, validity and watchdog, several times over.</summary>
    private static readonly TimeSpan EndsWithin = TimeSpan.FromMinutes(20);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact(Timeout = 4 * 3600 * 1000)]
    public async Task Should_pay_everybody_once_when_the_faults_are_over()
    {
        var plan = FaultPlan.Draw(Chosen.Seed, Chosen.Faults, Chosen.Replicas);
        var rounds = Rounds(Chosen.Payouts);
        var players = rounds.SelectMany(round => round.Players).ToList();
        // A long run says more than is worth keeping: the short one of every day is searched.
        using var evidence = players.Count <= SearchedPayoutsMax ? new EvidenceRoom() : null;
        await using var faulty = await FaultySuite.StartAsync(players, evidence, Cancelled);
        await using var supervisor = new Supervisor(faulty.Suite);
        var watch = Stopwatch.StartNew();
        var runner = new FaultRunner(faulty, evidence, Cancelled);
        var game = new PatientGame(faulty);
        if (evidence is not null)
            await evidence.LieFirstAsync(() => game.Play(rounds[0]), Cancelled);
        var during = await StrikeAsync(plan, evidence is null ? rounds : rounds[1..], faulty, evidence, runner, game, watch);
        await runner.EndAsync();
        await game.EverythingSaidAsync();
        var faultsEnded = watch.Elapsed;
        if (evidence is not null)
            await Probe.Until("the liar is heard once more", evidence.Liar.TryLieAsync, heard => heard, TimeSpan.FromMinutes(2), TimeSpan.FromSeconds(1), Cancelled);

        await UntilSettledAsync(rounds, faulty, supervisor);
        var settled = watch.Elapsed;
        await Probe.Until("the outboxes are empty", faulty.Suite.OutboxAsync, count => count == 0, TimeSpan.FromMinutes(2), cancellationToken: Cancelled);
        var letters = await faulty.Suite.OpenLettersAsync(Cancelled);
        Chosen.Tell(RunReport.Of(players.Count, rounds.Count, runner, supervisor, during, faultsEnded, settled, letters));

        foreach (var round in rounds)
            faulty.Suite.ShouldHavePaidEachOnce(round.Number, round.Players);
        faulty.Suite.Devnet.Ledger.Payouts().Count.ShouldBe(players.Count);
        letters.Where(letter => evidence is null || !letter.StartsWith("payout-signer.signing-completed: ", StringComparison.Ordinal)).ShouldBeEmpty("dead letters but those of the liar");
        runner.Struck.Values.Sum().ShouldBe(plan.Count);
        if (evidence is null)
            return;
        var leaks = await evidence.SearchAsync(Cancelled);
        Chosen.Tell(evidence.Summary);
        leaks.ShouldBeEmpty("no key, secret, signed envelope or signature may be in what was said");
    }

    /// <summary>Faults in the order of the plan, rounds spread between them; another one at once when nothing is in flight. Returns how many faults found payouts in flight.</summary>
    private static async Task<int> StrikeAsync(IReadOnlyList<PlannedFault> plan, IReadOnlyList<PlayedRound> rounds, FaultySuite faulty, EvidenceRoom? evidence, FaultRunner runner, PatientGame game, Stopwatch watch)
    {
        var waiting = new Queue<PlayedRound>(rounds);
        var during = 0;
        foreach (var planned in plan)
        {
            var open = game.OpenPayouts;
            while (waiting.Count > 0 && (open < RoundPlayersMax / 4 || waiting.Count * plan.Count > rounds.Count * (plan.Count - planned.Number)))
            {
                var next = waiting.Dequeue();
                game.Play(next);
                open += next.Players.Count;
            }

            during += open > 0 ? 1 : 0;
            await runner.BeginAsync(planned);
            if (evidence is not null)
                await evidence.Liar.TryLieAsync(Cancelled);
            if (planned.Number % 10 == 0)
                Chosen.Tell(string.Create(CultureInfo.InvariantCulture, $"{watch.Elapsed.TotalSeconds,6:0} s  fault {planned.Number} of {plan.Count}, {faulty.Suite.Devnet.Ledger.Payouts().Count} paid, {waiting.Count} rounds to come"));
        }

        foreach (var left in waiting)
            game.Play(left);
        return during;
    }

    private static async Task UntilSettledAsync(IReadOnlyList<PlayedRound> rounds, FaultySuite faulty, Supervisor supervisor)
    {
        try
        {
            await Probe.Until(
                "every round is SETTLED",
                token => faulty.Suite.Database.ReadAsync<long>("select count(*) from rounds.rounds where upper(state) = 'SETTLED'", token),
                count => count == rounds.Count, EndsWithin, TimeSpan.FromSeconds(1), Cancelled);
        }
        catch (ProbeTimeoutException late)
        {
            var states = new List<string>();
            foreach (var round in rounds)
                states.Add($"{round.Id}: {string.Join(", ", await faulty.Suite.PayoutStatesAsync(round.Id, Cancelled))}");
            throw new ProbeTimeoutException(
                string.Join('\n', [late.Message, .. states, await faulty.Suite.DescribeAsync(Cancelled), .. supervisor.LastWords, faulty.Suite.Outputs]), late);
        }
    }

    private static List<PlayedRound> Rounds(int payouts) =>
    [
        .. Enumerable.Range(0, payouts).Select(SuiteKeys.Player).Chunk(Math.Min(RoundPlayersMax, Math.Max(1, payouts / 4)))
            .Select((players, index) => new PlayedRound($"faults-{index + 1}", (uint)index + 1, players)),
    ];
}

/// <summary>A round of the run.</summary>
internal sealed record PlayedRound(string Id, uint Number, IReadOnlyList<string> Players);
