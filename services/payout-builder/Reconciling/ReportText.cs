using System.Globalization;
using System.Text;

namespace Payouts.Builder.Reconciling;

/// <summary>The report as a table for a terminal.</summary>
internal static class ReportText
{
    private static readonly string[] Heads = ["currency", "owed", "paid", "on hold", "failed", "cancelled", "written off", "open", "difference"];

    public static string Write(ReconciliationReport report)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{report.Subject}: {Verdict(report)}\n");
        text.Append(CultureInfo.InvariantCulture, $"{report.Payouts} payouts; ledgers taken in up to {report.Ledger}, {report.LagLedgers} behind the network{(report.ReadAt is { } at ? $" at {at:yyyy-MM-dd'T'HH:mm:ss'Z'}" : ", never read yet")}\n\n");
        Table(text, [Heads, .. report.Currencies.Select(x => new[]
        {
            x.Currency, x.Owed.ToString(), x.Paid.ToString(), x.OnHold.ToString(), x.Failed.ToString(), x.Cancelled.ToString(), x.WrittenOff.ToString(), x.Open.ToString(), x.Difference.ToString(),
        })]);
        if (report.Forgotten > 0)
            text.Append(CultureInfo.InvariantCulture, $"\n{report.Forgotten} payouts are older than PAYOUTS_RETENTION_DAYS: their proof is no longer kept\n");
        if (report.FindingsCount > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n{report.FindingsCount} findings{(report.FindingsCount > report.Findings.Count ? $", the first {report.Findings.Count}" : "")}\n");
            foreach (var finding in report.Findings)
                text.Append(CultureInfo.InvariantCulture, $"{finding.Kind,-22} {finding.Detail}\n");
        }

        return text.ToString();
    }

    private static string Verdict(ReconciliationReport report) => report switch
    {
        { ReadAt: null } => "NOT PROVEN, the ledger was not read yet",
        { Agrees: false } => "DIFFERS",
        { Settled: true } => "AGREES, everything owed is paid or written off",
        _ => "AGREES, not everything is paid",
    };

    private static void Table(StringBuilder text, IReadOnlyList<string[]> rows)
    {
        var widths = Enumerable.Range(0, Heads.Length).Select(column => rows.Max(row => row[column].Length)).ToArray();
        foreach (var row in rows)
            text.Append(row[0].PadRight(widths[0])).Append("  ").AppendJoin("  ", row.Skip(1).Select((cell, i) => cell.PadLeft(widths[i + 1]))).Append('\n');
    }
}
