using Payouts.Tests.Simulation.Parties;
using Payouts.Tests.Simulation.Runs;

namespace Payouts.Tests.Simulation.Laws;

/// <summary>
/// The whole suite under faults. PAYOUTS_SIMULATION_SEEDS and PAYOUTS_SIMULATION_FROM say how many seeds and from which; ./run.sh simulate shows how far it
/// is and what was counted.
/// </summary>
public sealed class When_many_seeds_are_run
{
    private const int SeedsDefault = 200;

    /// <summary>Below this many seeds a rare kind may rightly not have occurred.</summary>
    private const int SeedsThatShowAll = 200;

    [Fact]
    public async Task Should_pay_everybody_once_and_leave_nothing_unfinished()
    {
        var seeds = Number("PAYOUTS_SIMULATION_SEEDS", SeedsDefault);
        var (failed, tally) = await Seeds.RunAsync(Number("PAYOUTS_SIMULATION_FROM", 1), seeds, new RunOptions());
        failed.ShouldBeEmpty(string.Join($"{Environment.NewLine}{Environment.NewLine}", failed.Take(3).Select(x => x.Failure)));
        TestContext.Current.TestOutputHelper?.WriteLine(tally.ToString());
        if (seeds < SeedsThatShowAll)
            return;
        // A run in which nothing went wrong proves nothing.
        foreach (var kind in NetworkFaults.Kinds.Select(x => x.ToString()).Concat(["SlowCall", "LateRequest", "DelayedMessage", "RepeatedMessage", "BrokerRefuses", "StrangerOnChannel", "PaidByHand"]))
            tally.Of("fault", kind).ShouldBeGreaterThan(0, $"no seed had a {kind}");
        foreach (var mood in Enum.GetNames<SignerMood>())
            tally.Of("signer", mood).ShouldBeGreaterThan(0, $"in no seed the signer was {mood}");
        foreach (var point in new[] { "idle", "received", "before-call", "called", "before-commit", "committed", "before-send", "before-publish", "published", "sent", "before-acknowledge" })
            tally.Of("crash", point).ShouldBeGreaterThan(0, $"no service died at {point}");
        foreach (var service in new[] { "rounds", "payout-builder", "payout-signer", "payout-submitter" })
            tally.Of("killed", service).ShouldBeGreaterThan(0, $"{service} never died");
        foreach (var state in new[] { "Confirmed", "Failed", "Cancelled", "WrittenOff", "OnHold" })
            tally.Of("payout", state).ShouldBeGreaterThan(0, $"no payout ended {state}");
        tally.Of("round", "SETTLED").ShouldBeGreaterThan(0);
        tally.Of("round", "CANCELLED").ShouldBeGreaterThan(0, "no round was called off");
        tally.Of("direct", "Confirmed").ShouldBeGreaterThan(0, "nobody was paid outside a round");
        tally.Of("verified", "Rounds").ShouldBe(tally.Sum("round"), "a round was not verified");
        tally.Of("verified", "Checkpoints").ShouldBeGreaterThan(0);
        tally.Of("delivery", "Again").ShouldBeGreaterThan(0);
        tally.Of("replicas", "Two").ShouldBeGreaterThan(0, "no seed had two processes of a service");
        tally.Of("replicas", "Outrun").ShouldBeGreaterThan(0, "no replica was outrun by the other");
        tally.Of("delivery", "Together").ShouldBeGreaterThan(0, "no two messages shared a transaction");
        foreach (var method in new[] { "sendTransaction", "simulateTransaction", "getLedgerEntries", "getTransaction", "getEvents" })
            tally.Of("limit", method).ShouldBeGreaterThan(0, $"no time limit of {method} struck");
        tally.Of("message", "SlotProvenUnused").ShouldBeGreaterThan(0, "no slot that cannot be burned was proven unused");
        tally.Of("slot", "ProvenUnusedAndGivenOn").ShouldBeGreaterThan(0, "no slot that was proven unused was signed for another payout");
        tally.Of("fee", "Bump").ShouldBeGreaterThan(0, "no fee was bumped");
        tally.Of("restore", "Applied").ShouldBeGreaterThan(0, "no ledger applied a restoring transaction");
        tally.Of("restore", "ThenPaid").ShouldBeGreaterThan(0, "nobody was paid whose payout had asked for one");
        tally.Of("evidence", "PaidByHand").ShouldBeGreaterThan(0, "nothing that was paid by hand was confirmed by evidence");
        tally.Of("evidence", "Brought").ShouldBeGreaterThan(0, "nothing whose authorization somebody else brought to the ledger was confirmed");
        tally.Of("authorization", "Again").ShouldBeGreaterThan(0, "no payout was authorized a second time");
        foreach (var envelope in new[] { "Authorization", "OneWinner", "SeveralWinners", "Prize" })
            tally.Of("envelope", envelope).ShouldBeGreaterThan(0, $"no envelope was of the kind {envelope}");
        foreach (var decision in new[] { "Hold", "Release", "Retry", "Verify", "Cancel", "WriteOff", "Approve" })
            tally.Of("decision", $"{decision} Applied").ShouldBeGreaterThan(0, $"no {decision} took effect");
        tally.Of("decision", "Repeated").ShouldBeGreaterThan(0, "no request was sent again");
        foreach (var act in new[] { "Cancel", "Retry" })
            tally.Of("operator", act).ShouldBeGreaterThan(0, $"no operator chose {act}");
    }

    private static int Number(string name, int fallback) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } text
        ? int.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var number) && number > 0 ? number : throw new FormatException($"{name} must be a whole number above zero")
        : fallback;
}
