using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Payouts.OperatorConsole.Asking;
using Payouts.OperatorConsole.Doors;
using Payouts.OperatorConsole.Output;

namespace Payouts.OperatorConsole.Commands;

/// <summary>reconcile: paid = owed, from payout-builder's own reading of the ledger.</summary>
internal static class ReconcileCommands
{
    private static readonly Paging Findings = new(Endpoints.Reconciliation, null, 1000) { Rows = "findings" };

    private static readonly Column[] Currencies =
    [
        Column.Text("currency", "currency"), Column.Number("owed", "owed"), Column.Number("paid", "paid"), Column.Number("on hold", "onHold"), Column.Number("failed", "failed"),
        Column.Number("cancelled", "cancelled"), Column.Number("written off", "writtenOff"), Column.Number("open", "open"), Column.Number("difference", "difference"),
    ];

    private static readonly Column[] FindingColumns = [Column.Text("finding", "kind"), Column.Text("round", "roundId"), Column.Time("found", "foundAt"), Column.Text("detail", "detail")];

    public static Command Build(CommandFactory make)
    {
        var round = new Option<string?>("--round") { Description = "the books of a round; of a payout outside rounds direct:REFERENCE" };
        var day = new Option<string?>("--day") { Description = "the books of a UTC day, such as 2026-12-01" };
        day.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && !DateOnly.TryParseExact(result.Tokens[0].Value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _))
                result.AddError($"--day is \"{result.Tokens[0].Value}\"; a UTC day such as 2026-12-01 is right");
        });
        var resolved = new Option<bool>("--resolved") { Description = "also what was wrong and no longer is" };
        return make.Leaf("reconcile", "Whether what was paid is what was owed, by the ledger: of a round, of a day, or what is wrong now. Exit code 1 when something does not match.",
            [Endpoints.ReconciledRound, Endpoints.ReconciledDay, Endpoints.Reconciliation], ["reconcile", "reconcile --round arena-2026-12-01-7", "reconcile --day 2026-12-01 --json"], [round, day, resolved, make.Shared.Limit],
            async (session, parsed, cancellationToken) => (parsed.GetValue(round), parsed.GetValue(day)) switch
            {
                ({ } one, null) => Report(session, await session.Doors.GetAsync(Endpoints.ReconciledRound, [one], new Query(), cancellationToken)),
                (null, { } one) => Report(session, await session.Doors.GetAsync(Endpoints.ReconciledDay, [one], new Query(), cancellationToken)),
                (null, null) => await SummaryAsync(session, parsed.GetValue(resolved), parsed.GetValue(make.Shared.Limit), cancellationToken),
                _ => throw new CommandException(ExitCodes.Usage, "say --round or --day, not both"),
            });
    }

    /// <summary>Why the books are wrong as a whole; null: they are not.</summary>
    public static string? Problem(JsonNode? summary) => summary.At("readAt") is null ? "the ledger was not read yet"
        : summary.List("open").Sum(x => x.Number("count")) is > 0 and var count ? FormattableString.Invariant($"{count} findings")
        : null;

    private static int Report(Session session, JsonNode? report)
    {
        var isProven = report.At("readAt") is not null;
        var agrees = isProven && report.Flag("agrees");
        if (session.Style.Json)
            session.Json(report);
        session.Say($"{report.Text("subject")}: {(!isProven ? "NOT PROVEN, the ledger was not read yet" : !agrees ? Table.Coloured("DIFFERS", session.Terminal.HasColours) : report.Flag("settled") ? "AGREES, everything owed is paid or written off" : "AGREES, not everything is paid")}");
        session.Say($"{report.Text("payouts")} payouts; ledgers taken in up to {report.Text("ledger")}, {report.Text("lagLedgers")} behind the network{(isProven ? $" at {session.Clock.Show(report.Text("readAt"))}" : "")}");
        session.Say("");
        session.Table(Currencies, report.List("currencies"), "nothing was owed");
        if (report.Number("forgotten") > 0)
            session.Say($"\n{report.Text("forgotten")} payouts are older than PAYOUTS_RETENTION_DAYS: their proof is no longer kept");
        if (report.List("findings") is { Count: > 0 } findings)
        {
            session.Say($"\n{report.Text("findingsCount")} findings; what to do about each: docs/reconciliation.md");
            session.Table([Column.Text("finding", "kind"), Column.Text("detail", "detail")], findings, "");
        }

        return agrees ? ExitCodes.Done : ExitCodes.Wrong;
    }

    private static async Task<int> SummaryAsync(Session session, bool resolved, int limit, CancellationToken cancellationToken)
    {
        var summary = await session.Doors.GetAsync(Endpoints.Reconciliation, [], new Query().With("resolved", resolved ? "true" : null).With("limit", Math.Min(limit, Findings.PageMax)), cancellationToken);
        var problem = Problem(summary);
        if (session.Style.Json)
            session.Json(summary);
        session.Facts(
            ("verdict", problem is null ? "ok" : "wrong"), ("findings", problem ?? ""), ("ledger", $"{summary.Text("ledger")}, {summary.Text("lagLedgers")} behind the network"),
            ("read", session.Clock.Show(summary.Text("readAt"))), ("since ledger", summary.Text("firstLedger")));
        if (summary.List("gaps") is { Count: > 0 } gaps)
            session.Table([Column.Number("from ledger", "fromLedger"), Column.Number("to", "toLedger"), Column.Time("found", "foundAt")], gaps, "");
        if (summary.List("findings") is { Count: > 0 } findings)
            session.Table(resolved ? [.. FindingColumns, Column.Time("resolved", "resolvedAt")] : FindingColumns, findings, "");
        return problem is null ? ExitCodes.Done : ExitCodes.Wrong;
    }
}
