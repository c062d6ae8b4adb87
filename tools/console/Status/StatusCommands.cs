using System.CommandLine;
using System.Globalization;
using Payouts.OperatorConsole.Asking;
using Payouts.OperatorConsole.Doors;
using Payouts.OperatorConsole.Output;

namespace Payouts.OperatorConsole.Status;

/// <summary>status: one screen that says whether all is well, once or again and again.</summary>
internal static class StatusCommands
{
    private const int EveryDefault = 2;
    private const int EveryMax = 3600;
    private const int CommitShown = 10;

    // Back to the top left, and wipe what is below (ECMA-48).
    private const string Wipe = "\u001b[H\u001b[J";

    public static Command Build(CommandFactory make)
    {
        var watch = new Option<bool>("--watch", "-w") { Description = "again and again, until Ctrl+C" };
        var every = new Option<int>("--every") { Description = "seconds between two looks", DefaultValueFactory = _ => EveryDefault };
        every.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && !(int.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds is >= 1 and <= EveryMax))
                result.AddError($"--every is \"{result.Tokens[0].Value}\"; a whole number from 1 to {EveryMax} is right");
        });
        return make.Leaf("status", "Each service's health, payouts by state, dead letters, what waits for people, the books. Exit code 1 when anything is wrong, 3 when nobody answers.",
            [
                .. Services.All.SelectMany(x => new[] { Endpoints.Live(x), Endpoints.Ready(x), Endpoints.About(x), Endpoints.DeadLetters(x) }),
                Endpoints.Metrics(Service.PayoutBuilder), Endpoints.Decisions, Endpoints.SignRequests, Endpoints.Reconciliation,
            ],
            ["status", "status --watch --every 5", "status --json"], [watch, every], async (session, parsed, cancellationToken) =>
            {
                while (true)
                {
                    var report = await StatusReport.ReadAsync(session.Doors, cancellationToken);
                    if (parsed.GetValue(watch) && session.Terminal.IsScreen && !session.Style.Json)
                        await session.Terminal.Output.WriteAsync(Wipe);
                    Tell(session, report);
                    if (!parsed.GetValue(watch))
                        return report.IsSilent ? ExitCodes.NoAnswer : report.Wrong.Count > 0 ? ExitCodes.Wrong : ExitCodes.Done;
                    await Task.Delay(TimeSpan.FromSeconds(parsed.GetValue(every)), session.Time, cancellationToken);
                }
            });
    }

    /// <summary>The version, and as much of the commit as people compare.</summary>
    private static string Short(string? version) => version is null ? "not known"
        : version.IndexOf('+', StringComparison.Ordinal) is > 0 and var plus && version.Length > plus + CommitShown ? version[..(plus + 1 + CommitShown)] : version;

    private static void Tell(Session session, StatusReport report)
    {
        var colours = session.Terminal.HasColours;
        if (session.Style.Json)
            session.Json(report.ToJson());
        else if (session.Style.Quiet)
            session.Ids(report.Wrong);
        session.Say(Table.Render(
            [("service", false, false), ("address", false, false), ("live", false, true), ("ready", false, true), ("version", false, false)],
            report.Services.Select(x => (IReadOnlyList<string>)[x.Service.Name(), x.Address.GetLeftPart(UriPartial.Authority), x.IsLive ? "yes" : "no", x.IsReady ? "yes" : "no", Short(x.Version)]), colours));
        if (report.States.Count > 0)
            session.Say(Table.Render([("state", false, true), ("payouts", true, false), ("oldest", true, false)], report.States.Where(x => x.Count > 0 || x.State is "OnHold" or "Failed").Select(x => (IReadOnlyList<string>)
                [x.State, x.Count.ToString(CultureInfo.InvariantCulture), x.Count > 0 ? Clock.Span(TimeSpan.FromSeconds(x.OldestSeconds)) : ""]), colours));
        session.Facts(
            ("dead letters", StatusReport.AtLeast(report.DeadLetters.Any(x => x.Count is null) ? null : report.DeadLetters.Sum(x => x.Count))), ("decisions that wait for a second person", StatusReport.AtLeast(report.OpenDecisions)),
            ("sign requests at the signers", StatusReport.AtLeast(report.WaitingSignatures)), ("sign requests that the policy holds", StatusReport.AtLeast(report.HeldRequests)),
            ("books", report.Books is null ? "not known" : $"ledger {report.Books.Text("ledger")}, {report.Books.Text("lagLedgers")} behind, {report.Books.List("open").Sum(x => x.Number("count"))} findings"));
        session.Say("");
        if (report.Wrong.Count == 0)
            session.Say($"{Table.Coloured("ok", colours)}     nothing is wrong at {session.Clock.Show(session.Time.GetUtcNow().ToString("O", CultureInfo.InvariantCulture))}");
        foreach (var wrong in report.Wrong)
            session.Say($"{Table.Coloured("wrong", colours)}  {wrong}");
    }
}
