using Payouts.Tests.Suite;
using Payouts.Tests.Support;

namespace Payouts.Tests.Faults.Steps;

/// <summary>The points that the code passes are those of the committed list: none is new, renamed or gone without somebody looking.</summary>
public sealed class When_steps_are_listed(Servers servers)
{
    private const string UpdateVariable = "PAYOUTS_TEST_UPDATE";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact(Timeout = 600_000)]
    public async Task Should_be_those_that_are_passed()
    {
        await using var steps = await StepSuite.StartAsync(servers, Cancelled);
        var seldom = StepList.Read().Where(step => step.Scene == StepList.Seldom).ToList();
        var found = (await DiscoverAsync(steps)).Where(step => seldom.TrueForAll(x => x.Point != step.Point)).ToList();
        if (Environment.GetEnvironmentVariable(UpdateVariable) == "1")
            StepList.Write([.. found, .. seldom]);

        var listed = StepList.Read().Select(step => step.Point).ToList();
        found.ConvertAll(step => step.Point).Except(listed).ShouldBeEmpty($"points that tests/Faults/step-points.txt does not list ({UpdateVariable}=1 writes it)");
        listed.Except(found.Concat(seldom).Select(step => step.Point)).ShouldBeEmpty($"listed points that nothing passes any more ({UpdateVariable}=1 writes the list)");
    }

    private static async Task<IReadOnlyList<Step>> DiscoverAsync(StepSuite steps)
    {
        // Channels are learned before anything is played, and then never again.
        var found = Of(Scenes.Start, (await QuietAsync(steps)).Where(point => point.Contains("/ChannelPool", StringComparison.Ordinal)), []);
        foreach (var (name, play) in Scenes.All)
        {
            await steps.SwitchAsync(name, Cancelled);
            await play(steps, Cancelled);
            found.AddRange(Of(name, await QuietAsync(steps), found));
        }

        return found;
    }

    private static List<Step> Of(string scene, IEnumerable<string> passed, List<Step> known) =>
        [.. passed.Except(known.Select(step => step.Point)).Order(StringComparer.Ordinal).Select(point => new Step(scene, point))];

    /// <summary>What a scene leaves behind (a settled round's last messages) belongs to it: waits until outboxes are empty and no new point comes.</summary>
    private static async Task<HashSet<string>> QuietAsync(StepSuite steps)
    {
        var before = 0;
        var quiet = 0;
        await Probe.Until("nothing moves any more", async token =>
        {
            var passed = steps.Passed().Count;
            var waiting = await steps.Suite.OutboxAsync(token);
            quiet = passed == before && waiting == 0 ? quiet + 1 : 0;
            before = passed;
            return quiet;
        }, count => count >= 8, TimeSpan.FromSeconds(60), TimeSpan.FromMilliseconds(250), Cancelled);
        return steps.Passed();
    }
}
