using System.Globalization;
using System.Text;
using Payouts.Hosting.Web;

namespace Payouts.Rounds.Verifying;

/// <summary>"payouts-rounds verify", "verify --round R" or "verify --checkpoint NUMBER:HASH": proves the stored rounds from the service's own database and ends.</summary>
public static class VerifyCommand
{
    /// <summary>The first argument.</summary>
    public const string Name = "verify";

    /// <summary>Everything is as it was written.</summary>
    public const int ExitHolds = 0;

    /// <summary>Something is not: read what was printed.</summary>
    public const int ExitBroken = 1;

    private const string Usage = "usage: payouts-rounds verify [--round ROUND | --checkpoint NUMBER:HASH]";

    /// <summary>Answers.</summary>
    public static async Task<CommandResult> AnswerAsync(IServiceProvider services, string[] args)
    {
        var verifier = services.GetRequiredService<RoundVerifier>();
        switch (args)
        {
            case [Name]:
                return Result(await verifier.AllAsync(null, CancellationToken.None));
            case [Name, "--checkpoint", var noted] when noted.Split(':') is [var seq, { Length: 64 }] && long.TryParse(seq, NumberStyles.None, CultureInfo.InvariantCulture, out _):
                return Result(await verifier.AllAsync(noted, CancellationToken.None));
            case [Name, "--round", var round]:
                return await verifier.RoundAsync(round, CancellationToken.None) is { } report
                    ? Result(report)
                    : new CommandResult(ServiceCommand.ExitUnavailable, $"there is no round \"{round}\"");
            default:
                return new CommandResult(ServiceCommand.ExitUsage, Usage);
        }
    }

    private static CommandResult Result(VerifyReport report)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{report.Rounds} rounds, {report.Recomputed} resolved again with the same outcome, {report.Older} decided before the trail began and not provable by resolving again, {report.Forgotten} past the retention, {report.Direct} direct payouts, {report.Checkpoints} checkpoints\n");
        if (report.Head is not null)
            text.Append(CultureInfo.InvariantCulture, $"last checkpoint {report.Head}\n");
        foreach (var finding in report.Findings)
            text.Append(CultureInfo.InvariantCulture, $"BROKEN {finding.Place}: {finding.What}\n");
        text.Append(report.Holds ? "everything is as it was written\n" : "something is not as it was written\n");
        return new CommandResult(report.Holds ? ExitHolds : ExitBroken, text.ToString());
    }
}
