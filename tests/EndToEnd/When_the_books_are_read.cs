using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Payouts.Tests.Suite;
using Payouts.Tests.Support;

namespace Payouts.Tests.EndToEnd;

/// <summary>A round is proven from the ledger, by HTTP and by the command of a cron; then the admin pays somebody by hand.</summary>
public sealed class When_the_books_are_read(Servers servers)
{
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(90);
    private static readonly string[] Players = [.. Enumerable.Range(0, 20).Select(SuiteKeys.Player)];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact(Timeout = 240_000)]
    public async Task Should_prove_a_round_and_find_what_was_paid_behind_the_services_back()
    {
        await using var suite = await SuiteProcesses.StartAsync(servers, new SuiteOptions { Players = Players, Signing = SigningMode.HotKey, Channels = 20 }, Cancelled);
        await suite.Game.PlayAsync("proven", 1, Players, Cancelled);
        await suite.SettledAsync("proven", Within, Cancelled);
        // Independent of who submits: the books are kept without that service.
        await suite["payout-submitter"].KillAsync(Cancelled);
        var proof = await Probe.Until("the ledger is taken in", async token => await ReadAsync(suite, "reconciliation/rounds/proven", token), x => x["settled"]!.GetValue<bool>(), Within, cancellationToken: Cancelled);
        proof["currencies"]!.ToJsonString().ShouldBe(
            """[{"currency":"XLM","owed":"200.0000000","paid":"200.0000000","onHold":"0.0000000","failed":"0.0000000","cancelled":"0.0000000","writtenOff":"0.0000000","open":"0.0000000","difference":"0.0000000"}]""");
        var (agreed, _) = await suite.RunCommandAsync("payout-builder", ["reconcile", "--round", "proven"], Within, Cancelled);
        agreed.ShouldBe(0);

        var hash = await AdminByHand.PayAsync(suite, roundNumber: 77, Players[3], Cancelled);

        await suite["payout-builder"].CrashAndRestartAsync(Cancelled);
        var summary = await Probe.Until("it is found", async token => await ReadAsync(suite, "reconciliation", token), x => x["findings"]!.AsArray().Count > 0, Within, cancellationToken: Cancelled);
        summary["findings"]!.AsArray().Select(x => x!["kind"]!.GetValue<string>()).ShouldBe(["PaidUnplanned"]);
        suite["payout-builder"].Output.ShouldContain($"reconciliation: PaidUnplanned: {hash}");
        var day = DateTimeOffset.FromUnixTimeSeconds((long)suite.Devnet.Ledger.LatestCloseTime).UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var (differs, table) = await suite.RunCommandAsync("payout-builder", ["reconcile", "--day", day], Within, Cancelled);
        differs.ShouldBe(1, table);
        table.ShouldContain("-10.0000000");
        TestContext.Current.TestOutputHelper!.WriteLine(table);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"reconciliation/days/{day}") { Headers = { Accept = { new MediaTypeWithQualityHeaderValue("text/plain") } } };
        using var answer = await suite["payout-builder"].Http.SendAsync(request, Cancelled);
        (await answer.Content.ReadAsStringAsync(Cancelled)).ShouldContain("DIFFERS");
        (await ReadAsync(suite, "reconciliation/rounds/proven", Cancelled))["settled"]!.GetValue<bool>().ShouldBeTrue("the round itself is right");
        await Probe.Until("the metric tells it", token => suite["payout-builder"].Http.GetStringAsync("metrics", token),
            x => x.Contains("payout_reconciliation_findings{kind=\"PaidUnplanned\"} 1", StringComparison.Ordinal), Within, cancellationToken: Cancelled);
        await ShouldRefuseWhatItCannotAnswerAsync(suite);
    }

    private static async Task ShouldRefuseWhatItCannotAnswerAsync(SuiteProcesses suite)
    {
        foreach (var (arguments, code, said) in new (string[], int, string)[]
        {
            (["reconcile"], 64, "usage: payout-builder reconcile --round ROUND | --day YYYY-MM-DD"),
            (["reconcile", "--day", "tomorrow"], 64, "\"tomorrow\" is no day; write a UTC day such as 2026-07-01"),
            (["reconcile", "--round", "nobody's"], 69, "round nobody's has no payouts here"),
        })
        {
            var (exit, output) = await suite.RunCommandAsync("payout-builder", arguments, Within, Cancelled);
            exit.ShouldBe(code, output);
            output.ShouldContain($"payout-builder: {said}");
        }
    }

    private static async Task<JsonNode> ReadAsync(SuiteProcesses suite, string path, CancellationToken cancellationToken) =>
        JsonNode.Parse(await suite["payout-builder"].Http.GetStringAsync(path, cancellationToken))!;
}
