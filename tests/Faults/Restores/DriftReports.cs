using System.Globalization;
using System.Text.Json.Nodes;
using Payouts.Tests.Suite;
using Payouts.Tests.Support;

namespace Payouts.Tests.Faults.Restores;

/// <summary>
/// What each restored service says of what it forgot, before anybody tells it again: docs/operations.md, "What to expect". A service cannot see that its own
/// database is old; each of these comes from laying it beside the ledger, beside a neighbour, or beside what was kept elsewhere.
/// </summary>
internal sealed class DriftReports(SuiteProcesses suite, Restore restore, TimeSpan within, CancellationToken cancellationToken)
{
    /// <summary>What was seen, for whoever runs it.</summary>
    public List<string> Seen { get; } = [];

    /// <summary>Asks for all that must be reported; <paramref name="forgotten"/> was played and paid after the backup.</summary>
    public async Task ShouldBeMadeAsync(DrillRound forgotten)
    {
        if (restore.Has("payout-builder"))
            await ShouldFindPaymentsNobodyPlannedAsync();
        if (restore.Has("rounds"))
            await ShouldNotKnowTheRoundAsync(forgotten);
        if (restore.Has("rounds") && !restore.Has("payout-builder"))
            await ShouldPutEndsAsideAsync();
        if (restore.Has("payout-signer") && !restore.Has("payout-builder"))
            await ShouldWaitForOrdersAsync();
        if (restore.Has("payout-submitter") && !restore.Has("payout-builder"))
            await ShouldShowNoSubmissionAsync(forgotten);
    }

    /// <summary>And when all is over, nothing is reported any more.</summary>
    public async Task ShouldBeTakenBackAsync() => await Probe.Until(
        "no finding is shown", FindingsAsync, shown => shown.All(x => x.Value == 0), within, cancellationToken: cancellationToken);

    /// <summary>The ledger against the debts: the metric that ReconciliationMismatch reads, the door, and the command with its exit code.</summary>
    private async Task ShouldFindPaymentsNobodyPlannedAsync()
    {
        var shown = await Probe.Until("the metric shows payments that nobody planned", FindingsAsync, found => found.GetValueOrDefault("PaidUnplanned") > 0, within, cancellationToken: cancellationToken);
        var listed = JsonNode.Parse(await suite["payout-builder"].Http.GetStringAsync("reconciliation", cancellationToken))!["findings"]!.AsArray();
        listed.Count(finding => finding!["kind"]!.GetValue<string>() == "PaidUnplanned").ShouldBeGreaterThan(0);
        var (code, table) = await suite.RunCommandAsync("payout-builder", ["reconcile", "--day", TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)], within, cancellationToken);
        code.ShouldBe(1, table);
        table.ShouldContain(": DIFFERS");
        table.ShouldContain("PaidUnplanned");
        Seen.Add($"payout-builder reports {string.Join(", ", shown.Where(x => x.Value > 0).Select(x => string.Create(CultureInfo.InvariantCulture, $"{x.Key} {x.Value}")))}; reconcile --day: {table.Split('\n').First(line => line.StartsWith("day ", StringComparison.Ordinal))}");
    }

    private async Task ShouldNotKnowTheRoundAsync(DrillRound forgotten)
    {
        (await suite.RoundStateAsync(forgotten.Id, cancellationToken)).ShouldBe("NotFound");
        Seen.Add($"rounds knows no round {forgotten.Id}");
    }

    /// <summary>Ends of payouts that payout-builder knows and rounds does not.</summary>
    private async Task ShouldPutEndsAsideAsync()
    {
        // Counted since the process started again: letters of an earlier drill may still lie there.
        var counted = await Probe.Until("rounds puts ends of unknown payouts aside", token => Metrics.SumAsync(suite["rounds"], "dead_letters_total", "", token), count => count > 0, within, cancellationToken: cancellationToken);
        (await suite.OpenLettersAsync(cancellationToken)).ShouldContain(letter => letter.StartsWith("rounds.payout-settled: PayoutUnknown", StringComparison.Ordinal));
        Seen.Add(string.Create(CultureInfo.InvariantCulture, $"rounds reports dead letters PayoutUnknown, dead_letters_total {counted}"));
    }

    /// <summary>Payouts that payout-builder has built and payout-signer was never told to be owed, as far as it knows.</summary>
    private async Task ShouldWaitForOrdersAsync()
    {
        var waiting = await Probe.Until(
            "payout-signer lists what it has no order for",
            async token => JsonNode.Parse(await suite["payout-signer"].Http.GetStringAsync("sign-requests?state=awaiting-order", token))!.AsArray(), found => found.Count > 0, within, cancellationToken: cancellationToken);
        var counted = await Metrics.SumAsync(suite["payout-signer"], "signer_requests_total", "decision=\"AwaitingOrder\"", cancellationToken);
        counted.ShouldBeGreaterThan(0);
        Seen.Add(string.Create(CultureInfo.InvariantCulture, $"payout-signer lists {waiting.Count} requests without an order, signer_requests_total{{decision=\"AwaitingOrder\"}} {counted}"));
    }

    /// <summary>Payouts that payout-builder says are confirmed, and no envelope of theirs.</summary>
    private async Task ShouldShowNoSubmissionAsync(DrillRound forgotten)
    {
        var payouts = JsonNode.Parse(await suite["payout-builder"].Http.GetStringAsync($"payouts?round={forgotten.Id}", cancellationToken))!.AsArray();
        payouts.Count.ShouldBe(forgotten.Players.Count);
        foreach (var payout in payouts)
        {
            payout!["state"]!.GetValue<string>().ShouldBe("Confirmed");
            var submissions = JsonNode.Parse(await suite["payout-submitter"].Http.GetStringAsync($"submissions?payout={payout["payoutId"]!.GetValue<string>()}", cancellationToken))!.AsArray();
            submissions.ShouldBeEmpty();
        }

        Seen.Add(string.Create(CultureInfo.InvariantCulture, $"payout-submitter shows no submission of {payouts.Count} payouts that payout-builder shows as Confirmed"));
    }

    private Task<Dictionary<string, double>> FindingsAsync(CancellationToken token) => Metrics.ByLabelAsync(suite["payout-builder"], "payout_reconciliation_findings", "kind", token);
}
