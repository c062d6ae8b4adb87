using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Payouts.Tests.OperatorConsole.Support;

namespace Payouts.Tests.OperatorConsole;

/// <summary>What changes something, under four eyes: ana proposes, ben approves.</summary>
public sealed partial class When_operators_decide(PlayedSuite played)
{
    private SuiteOfOperators Suite => played.Suite;

    [Fact(Timeout = 180_000)]
    public async Task Should_propose_and_have_it_approved_by_somebody_else()
    {
        var proposed = await Suite.DoneAsync($"payouts retry {played.HeldPayout} --reason \"the policy was mended\"");
        proposed.Output.ShouldContain($"Retry of payout {played.HeldPayout}: Proposed, still OnHold");
        proposed.Errors.ShouldMatch(@"^Idempotency-Key: console-[0-9a-f-]{36}\n$");
        var decision = Decision().Match(proposed.Output).Groups[1].Value;
        (await Suite.DoneAsync("decisions list --open -q", "ruth")).Output.Trim().ShouldBe(decision);
        (await Suite.DoneAsync("decisions list --open", "ruth")).Output.ShouldContain("the policy was mended");
        (await Suite.RunAsync($"payouts retry {played.HeldPayout} --reason again")).Errors.ShouldContain("waits for its approval");

        var why = await Suite.JsonAsync($"payouts why {played.HeldPayout}", "ruth");
        why["openDecisions"]!.AsArray().ShouldHaveSingleItem()!["decisionId"]!.GetValue<string>().ShouldBe(decision);
        why["next"]![0]!["command"]!.GetValue<string>().ShouldBe($"decisions approve {decision} --reason \"...\"");

        var own = await Suite.RunAsync($"decisions approve {decision} --reason mine");
        own.Code.ShouldBe(1);
        own.Errors.ShouldContain("it needs the role approve");
        (await Suite.DoneAsync($"decisions approve {decision} --reason \"I looked\"", "ben")).Output.ShouldContain("Applied, OnHold -> ");
        var steps = (await Suite.JsonAsync($"decisions show {decision}", "ruth"))["steps"]!.AsArray();
        steps.Select(x => (x!["by"]!.GetValue<string>(), x["status"]!.GetValue<string>())).ShouldBe([("ana", "Proposed"), ("ben", "Applied")]);
        (await Suite.DoneAsync($"decisions show {decision}", "ruth")).Output.ShouldContain("OnHold");
        await Suite.StateAsync(played.HeldPayout, "OnHold");
    }

    [Theory(Timeout = 180_000)]
    [InlineData("write-off", "WriteOff")]
    [InlineData("cancel", "Cancel")]
    public async Task Should_ask_before_money_is_given_up_and_take_a_proposal_back(string command, string kind)
    {
        await Suite.StateAsync(played.HeldPayout, "OnHold");
        var asked = await Suite.RunAsync($"payouts {command} {played.HeldPayout} --reason settled", input: "n\n");
        asked.Code.ShouldBe(1);
        asked.Errors.ShouldContain($"{command} 10.0000000 XLM to {SuiteOfOperators.Player(SuiteOfOperators.Denied)}, now OnHold? [y/N] nothing was sent");
        (await Suite.RunAsync($"payouts {command} {played.HeldPayout} --reason settled")).Code.ShouldBe(1, "no answer is no");
        (await Suite.DoneAsync("decisions list --open", "ruth")).Output.Trim().ShouldBe("none");

        var proposed = await Suite.DoneAsync($"payouts {command} {played.HeldPayout} --reason settled", input: "y\n");
        proposed.Output.ShouldContain($"{kind} of payout");
        var decision = Decision().Match(proposed.Output).Groups[1].Value;
        (await Suite.DoneAsync($"decisions withdraw {decision} --reason \"a mistake\"")).Output.ShouldContain("Withdrawn, still OnHold");
        (await Suite.DoneAsync($"decisions list --payout {played.HeldPayout} -q", "ruth")).Output.ShouldContain(decision);
    }

    /// <summary>Whoever got no answer repeats it under its key, and nothing happens a second time.</summary>
    [Fact(Timeout = 120_000)]
    public async Task Should_repeat_a_request_under_its_key()
    {
        await Suite.StateAsync(played.HeldPayout, "OnHold");
        var first = await Suite.JsonAsync($"payouts verify {played.HeldPayout} --reason \"paid by hand\" --idempotency-key ticket-17");
        first["status"]!.GetValue<string>().ShouldBe("Applied");
        var again = await Suite.JsonAsync($"payouts verify {played.HeldPayout} --reason \"paid by hand\" --idempotency-key ticket-17");
        again["decisionId"]!.GetValue<string>().ShouldBe(first["decisionId"]!.GetValue<string>());
        var other = await Suite.RunAsync($"payouts verify {played.HeldPayout} --reason otherwise --idempotency-key ticket-17");
        other.Code.ShouldBe(1);
        other.Errors.ShouldContain("payout-builder at http://127.0.0.1:");
        other.Errors.ShouldContain(" answers 409: the Idempotency-Key was used for decision");
        (await Suite.RunAsync($"payouts verify {played.HeldPayout} --reason x --transaction abc")).Errors.ShouldContain("transactionHash is 64 hex digits");
    }

    [Fact(Timeout = 120_000)]
    public async Task Should_order_a_payout_outside_rounds_once_it_is_approved()
    {
        var line = $"direct order --reference prize-2 --context prizes --pool 3 --number 18 --winner {SuiteOfOperators.Player(1)} --amount 7.5 --currency XLM --reason \"the jackpot\" --idempotency-key prize-2";
        (await Suite.RunAsync(line, input: "no\n")).Errors.ShouldContain($"pay 7.5000000 XLM to {SuiteOfOperators.Player(1)}? [y/N] nothing was sent");
        (await Suite.DoneAsync(line + " --yes")).Output.ShouldMatch(@"reference +prize-2\n");
        (await Suite.JsonAsync(line + " --yes"))["orderedBy"]!.GetValue<string>().ShouldBe("ana");
        var taken = await Suite.RunAsync(line.Replace("7.5", "8", StringComparison.Ordinal).Replace("--idempotency-key prize-2", "", StringComparison.Ordinal) + " --yes --json");
        taken.Code.ShouldBe(1);
        var complaint = JsonNode.Parse(taken.Errors)!;
        (complaint["code"]!.GetValue<string>(), complaint["status"]!.GetValue<int>(), complaint["service"]!.GetValue<string>(), complaint["exitCode"]!.GetValue<int>()).ShouldBe(("ReferenceConflict", 409, "rounds", 1));

        var payout = (await Suite.RowAsync("payouts?reference=prize-2", _ => true))["payoutId"]!.GetValue<string>();
        var request = (await Suite.RowAsync($"sign-requests?payout={payout}", x => x["state"]!.GetValue<string>() == "Held"))["requestId"]!.GetValue<string>();
        var why = await Suite.DoneAsync($"payouts why {payout}", "ruth");
        why.Output.ShouldMatch(@"state +AwaitingSignature\n");
        why.Output.ShouldMatch(@"waits for +people or time, by the signing policy: a direct payout: 0 of 1 people");
        why.Output.ShouldContain($"payouts-console sign-requests approve {request} --reason");
        (await Suite.DoneAsync($"sign-requests approve {request} --reason \"known winner\"", "ben")).Output.ShouldContain("approved");
        await Suite.StateAsync(payout, "Confirmed");
        var paid = await Suite.JsonAsync($"payouts why {payout}", "ruth");
        paid["waitsFor"].ShouldBeNull();
        paid["submissions"]!.AsArray().ShouldHaveSingleItem()!["state"]!.GetValue<string>().ShouldBe("Done");
        paid["signRequests"]!.AsArray().ShouldHaveSingleItem()!["state"]!.GetValue<string>().ShouldBe("Signed");
        paid["next"]!.AsArray().ShouldHaveSingleItem()!["what"]!.GetValue<string>().ShouldBe("nothing: this is an end");
    }

    [Fact(Timeout = 120_000)]
    public async Task Should_show_a_draw_before_it_is_made()
    {
        var winner = $"--winner {SuiteOfOperators.Player(2)}=100";
        var preview = await Suite.DoneAsync($"rounds preview {PlayedSuite.ToDraw} {winner}", "adam");
        preview.Output.ShouldMatch($@"{SuiteOfOperators.Player(2)} +100\.0000000\n");
        var hash = (await Suite.JsonAsync($"rounds preview {PlayedSuite.ToDraw} {winner}", "adam"))["resolutionHash"]!.GetValue<string>();
        preview.Output.ShouldContain(hash);
        (await Suite.RunAsync($"rounds preview {PlayedSuite.ToDraw} {winner}")).Errors.ShouldContain("it needs the role admin");

        var refused = await Suite.RunAsync($"rounds draw {PlayedSuite.ToDraw} {winner}", "adam", "\n");
        refused.Code.ShouldBe(1);
        refused.Errors.ShouldContain(hash);
        refused.Errors.ShouldContain($"draw round {PlayedSuite.ToDraw}: 100.0000000 XLM to 1? [y/N] nothing was sent");
        (await Suite.DoneAsync($"rounds show {PlayedSuite.ToDraw}", "ruth")).Output.ShouldMatch(@"state +CLOSED");

        var file = Path.Combine(Suite.Home, "draw.json");
        await File.WriteAllTextAsync(file, new JsonObject { ["winners"] = new JsonArray(new JsonObject { ["player"] = SuiteOfOperators.Player(2), ["amount"] = "100" }), ["resolutionHash"] = new string('0', 64) }.ToJsonString(), TestContext.Current.CancellationToken);
        (await Suite.RunAsync($"rounds draw {PlayedSuite.ToDraw} --file {file} --yes", "adam")).Errors.ShouldContain("and not to the 0000");
        (await Suite.DoneAsync($"rounds draw {PlayedSuite.ToDraw} {winner}", "adam", "y\n")).Output.ShouldMatch(@"state +RESOLVED\n");
        await Suite.StateOfRoundAsync(PlayedSuite.ToDraw, "SETTLED");
    }

    [Fact(Timeout = 120_000)]
    public async Task Should_call_a_round_off()
    {
        (await Suite.RunAsync($"rounds cancel {PlayedSuite.ToCancel} --reason broken", input: "n\n")).Errors.ShouldContain("owe 100.0000000 XLM back to those who entered (4)? [y/N] nothing was sent");
        (await Suite.DoneAsync($"rounds cancel {PlayedSuite.ToCancel} --reason \"the table broke down\" --yes")).Output.ShouldMatch(@"cancelled by +ana\n");
        (await Suite.RunAsync($"rounds draw {PlayedSuite.ToCancel} --policy minority-wins --seed dice --yes", "adam")).Errors.ShouldContain("RoundCancelled");
    }

    /// <summary>It is refused again for the same cause, and lies there anew.</summary>
    [Fact(Timeout = 120_000)]
    public async Task Should_replay_a_dead_letter()
    {
        await Suite.PublishAsync(new Payouts.Contracts.GameRoundClosed { RoundId = PlayedSuite.Settled, EntryCount = 99 });
        var letter = (await Suite.RowAsync("rounds/dead-letters", x => x["queue"]!.GetValue<string>() == "rounds.game-round-closed"))["id"]!.GetValue<string>();
        (await Suite.DoneAsync($"dead-letters replay {letter}")).Output.ShouldContain("dead-letters list --service rounds");
        var again = await Suite.RunAsync($"dead-letters replay {letter} --service rounds");
        again.Code.ShouldBe(1);
        again.Errors.ShouldContain("409: the letter was replayed at");
        (await Suite.JsonAsync("dead-letters list --service rounds --replayed", "ruth"))["deadLetters"]!.AsArray().ShouldContain(x => x!["id"]!.GetValue<string>() == letter && x["replayedBy"]!.GetValue<string>() == "ana");
    }

    [GeneratedRegex(@"decisions approve ([0-9a-f-]{36})")]
    private static partial Regex Decision();
}
