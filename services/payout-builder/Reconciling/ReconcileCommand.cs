using System.Globalization;
using Payouts.Hosting.Web;

namespace Payouts.Builder.Reconciling;

/// <summary>
/// "payout-builder reconcile --round R" or "--day 2026-07-01": prints the table from the service's own database and ends. The ledger is read
/// by the running service.
/// </summary>
public static class ReconcileCommand
{
    /// <summary>The first argument.</summary>
    public const string Name = "reconcile";

    /// <summary>Nothing is wrong.</summary>
    public const int ExitAgrees = 0;

    /// <summary>Something is wrong: read what was printed.</summary>
    public const int ExitDiffers = 1;

    private const string Usage = "usage: payout-builder reconcile --round ROUND | --day YYYY-MM-DD";

    /// <summary>Answers.</summary>
    public static async Task<CommandResult> AnswerAsync(IServiceProvider services, string[] args)
    {
        if (args is not [Name, "--round" or "--day", var value])
            return new CommandResult(ServiceCommand.ExitUsage, Usage);
        var reports = services.GetRequiredService<ReportBuilder>();
        ReconciliationReport? report;
        if (args[1] == "--round")
            report = await reports.RoundAsync(value, CancellationToken.None);
        else if (DateOnly.TryParseExact(value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
            report = await reports.DayAsync(day, CancellationToken.None);
        else
            return new CommandResult(ServiceCommand.ExitUsage, $"\"{value}\" is no day; write a UTC day such as 2026-07-01");
        return report switch
        {
            null => new CommandResult(ServiceCommand.ExitUnavailable, $"round {value} has no payouts here"),
            { ReadAt: null } => new CommandResult(ServiceCommand.ExitUnavailable, "the ledger was never read; is the service running, and does it reach SOROBAN_RPC_URL?"),
            { Agrees: true } => new CommandResult(ExitAgrees, ReportText.Write(report)),
            _ => new CommandResult(ExitDiffers, ReportText.Write(report)),
        };
    }
}
