using System.Diagnostics;
using System.Text.Json.Nodes;
using Payouts.Tests.OperatorConsole.Support;
using Payouts.Tests.Support;

namespace Payouts.Tests.OperatorConsole;

public sealed class When_status_is_asked_for(PlayedSuite played)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private SuiteOfOperators Suite => played.Suite;

    [Fact(Timeout = 120_000)]
    public async Task Should_say_what_is_wrong_on_one_screen()
    {
        // Counted every few seconds. Other tests on the same suite may hold more.
        var json = await Probe.Until("the payout on hold is counted", async _ => await Suite.JsonAsync("status", "ruth", code: 1), x => Count(x, "OnHold") >= 1, TimeSpan.FromSeconds(60), cancellationToken: Cancelled);
        json["ok"]!.GetValue<bool>().ShouldBeFalse();
        json["services"]!.AsArray().Select(x => (x!["service"]!.GetValue<string>(), x["live"]!.GetValue<bool>(), x["ready"]!.GetValue<bool>()))
            .ShouldBe([("rounds", true, true), ("payout-builder", true, true), ("payout-signer", true, true), ("payout-submitter", true, true)]);
        json["services"]!.AsArray().ShouldAllBe(x => x!["version"]!.GetValue<string>().StartsWith("0."));
        json["deadLetters"]!["rounds"]!.GetValue<int>().ShouldBeGreaterThan(0);
        json["reconciliation"]!["findings"]!.GetValue<int>().ShouldBe(0);
        json["notAsked"]!.AsArray().ShouldBeEmpty();

        var screen = await Suite.RunAsync("status", "ruth");
        screen.Code.ShouldBe(1);
        screen.Output.ShouldMatch(@"payout-builder +http://127\.0\.0\.1:\d+ +yes +yes +0\.");
        screen.Output.ShouldMatch(@"wrong  payouts OnHold: \d+, a human decides \(payouts list --state OnHold\)");
        screen.Output.ShouldMatch(@"wrong  dead letters at rounds: \d+ \(dead-letters list --service rounds\)");
        (await Suite.RunAsync("status -q", "ruth")).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldAllBe(line => line.StartsWith("payouts OnHold: ") || line.StartsWith("dead letters at "));
    }

    [Fact(Timeout = 240_000)]
    public async Task Should_end_as_done_when_nothing_is_wrong()
    {
        await using var suite = await SuiteOfOperators.StartAsync(channels: 2);
        var ended = await Probe.Until("all is counted and read", _ => suite.RunAsync("status", "ruth"), x => x.Code == 0, TimeSpan.FromSeconds(60), cancellationToken: Cancelled);
        ended.Output.ShouldMatch("ok     nothing is wrong at ");
    }

    [Fact(Timeout = 120_000)]
    public async Task Should_tell_a_service_that_is_not_there_from_the_rest()
    {
        var environment = Suite.EnvironmentOf("ruth");
        environment["PAYOUTS_SUBMITTER_URL"] = $"http://127.0.0.1:{FreePort.Next()}";
        var ended = await ConsoleProcess.RunAsync("status --json", environment);
        ended.Code.ShouldBe(1, ended.ToString());
        ended.Json["services"]![3]!["live"]!.GetValue<bool>().ShouldBeFalse();
        ended.Json["services"]![0]!["ready"]!.GetValue<bool>().ShouldBeTrue();
        ended.Json["wrong"]!.AsArray().ShouldContain(x => x!.GetValue<string>().StartsWith("payout-submitter is not there: payout-submitter at http://127.0.0.1:", StringComparison.Ordinal));
        // What the others know is still told, and that it is not all of it.
        var why = await ConsoleProcess.RunAsync($"payouts why {played.PaidPayout}", environment);
        why.Code.ShouldBe(3);
        why.Output.ShouldMatch(@"state +Confirmed");
        why.Errors.ShouldContain("not the whole picture: payout-submitter at");
        var letters = await ConsoleProcess.RunAsync("dead-letters list", environment);
        letters.Code.ShouldBe(3);
        letters.Output.ShouldContain("AmountInvalid");
    }

    [Fact(Timeout = 60_000)]
    public async Task Should_end_without_an_answer_when_nobody_is_there()
    {
        var environment = Suite.EnvironmentOf("ruth");
        environment["PAYOUTS_URL"] = $"http://127.0.0.1:{FreePort.Next()}";
        var status = await ConsoleProcess.RunAsync("status", environment);
        status.Code.ShouldBe(3);
        status.Output.ShouldMatch(@"dead letters +not known\n");
        status.Output.ShouldMatch(@"sign requests that the policy holds +not known\n");
    }

    /// <summary>One document a look, until somebody presses Ctrl+C.</summary>
    [Fact(Timeout = 120_000)]
    public async Task Should_look_again_and_again_until_it_is_interrupted()
    {
        using var process = ConsoleProcess.Start(["status", "--watch", "--every", "1", "--json"], Suite.EnvironmentOf("ruth"));
        for (var look = 0; look < 2; look++)
            JsonNode.Parse((await process.StandardOutput.ReadLineAsync(Cancelled))!)!["services"]!.AsArray().Count.ShouldBe(4);
        using (var kill = Process.Start("kill", ["-INT", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]))
            await kill.WaitForExitAsync(Cancelled);
        await process.WaitForExitAsync(Cancelled);
        process.ExitCode.ShouldBe(130);
    }

    private static long Count(JsonNode status, string state) => status["payouts"]!.AsArray().FirstOrDefault(x => x!["state"]!.GetValue<string>() == state)?["count"]!.GetValue<long>() ?? 0;
}
