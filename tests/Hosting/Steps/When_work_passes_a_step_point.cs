using System.Collections.Concurrent;
using Payouts.Hosting.Steps;
using Payouts.Hosting.Tests.Support;
using Payouts.Tests.Support;

namespace Payouts.Hosting.Tests.Steps;

public sealed class When_work_passes_a_step_point(Servers servers)
{
    private const int TimeoutMs = 60_000;

    private static readonly string[] OfTheMessage =
    [
        "sample/cancel-payout/received", "sample/CancelPayoutConsumer/before-commit", "sample/CancelPayoutConsumer/committed",
        "sample/CancelPayoutConsumer/before-acknowledge", "sample/cancel-payout/acknowledged",
    ];

    private static readonly string[] OfTheOutbox =
        ["sample/outbox/RoundSettled/before-send", "sample/outbox/RoundSettled/sent", "sample/outbox/before-commit", "sample/outbox/committed"];

    [Theory(Timeout = TimeoutMs)]
    [InlineData(SampleStore.Sqlite)]
    [InlineData(SampleStore.Postgres)]
    public async Task Should_say_so_in_the_order_of_the_effects(string database)
    {
        var points = new Script();
        await using var store = await SampleStore.CreateAsync(servers, database);
        await using var host = await SampleHost.StartAsync(store.Url, "inmemory", points: points);
        await host.SendAsync(SampleHost.Command("once"));
        await Probe.Until("every point is passed", () => OfTheMessage.Concat(OfTheOutbox).All(points.Passed.Contains));

        points.Passed.Where(OfTheMessage.Contains).ShouldBe(OfTheMessage);
        points.Passed.Where(OfTheOutbox.Contains).ShouldBe(OfTheOutbox);
        points.Passed.Except(OfTheMessage).Except(OfTheOutbox).ShouldBeEmpty("idle loops are no steps");
    }

    /// <summary>A saga's messages share its inbox; each has points of its own.</summary>
    [Fact(Timeout = TimeoutMs)]
    public async Task Should_name_the_message_that_a_saga_takes()
    {
        var points = new Script();
        await using var store = await SampleStore.CreateAsync(servers, SampleStore.Sqlite);
        await using var host = await SampleHost.StartAsync(store.Url, "inmemory", points: points);
        await host.SendAsync(new Counted { TallyId = Guid.NewGuid() });
        await Probe.Until("it is acknowledged", () => points.Passed.Contains("sample/tally/acknowledged"));

        points.Passed.ShouldBe(["sample/tally/received", "sample/Tally/Counted/before-commit", "sample/Tally/Counted/committed", "sample/Tally/Counted/before-acknowledge", "sample/tally/acknowledged"]);
    }

    /// <summary>Wherever the work is cut, the retry leaves one effect: before the commit nothing had happened, after it the inbox knows.</summary>
    [Theory(Timeout = TimeoutMs)]
    [InlineData("sample/CancelPayoutConsumer/before-commit")]
    [InlineData("sample/CancelPayoutConsumer/committed")]
    [InlineData("sample/CancelPayoutConsumer/before-acknowledge")]
    public async Task Should_leave_one_effect_wherever_it_is_cut(string cut)
    {
        var points = new Script { Cut = cut };
        await using var store = await SampleStore.CreateAsync(servers, SampleStore.Sqlite);
        await using var host = await SampleHost.StartAsync(store.Url, "inmemory", points: points);
        await host.SendAsync(SampleHost.Command("once"));
        await Probe.Until("it is acknowledged", () => points.Passed.Contains("sample/cancel-payout/acknowledged"));

        points.Cuts.ShouldBe(1);
        (await host.FactsAsync()).ShouldBe(["once"]);
        (await host.LettersAsync()).ShouldBeEmpty();
        points.Passed.Count(x => x == "sample/outbox/RoundSettled/sent").ShouldBeLessThanOrEqualTo(1);
    }

    /// <summary>Records what is passed; throws once at one point.</summary>
    private sealed class Script : IStepPoints
    {
        private int _cuts;

        public bool AreWatched => true;

        public ConcurrentQueue<string> Passed { get; } = new();

        public string? Cut { get; init; }

        public int Cuts => _cuts;

        public void Pass(string point)
        {
            Passed.Enqueue(point);
            if (point == Cut && Interlocked.Exchange(ref _cuts, 1) == 0)
                throw new InvalidOperationException($"cut at {point}");
        }
    }
}
