using System.CommandLine;
using System.Text.Json.Nodes;
using Payouts.OperatorConsole.Asking;
using Payouts.OperatorConsole.Doors;
using Payouts.OperatorConsole.Output;

namespace Payouts.OperatorConsole.Commands;

/// <summary>rounds: who is owed what, whether it can be proven, and the draw and the end of a round by hand.</summary>
internal static class RoundCommands
{
    private static readonly Paging List = new(Endpoints.Rounds, "after", 1000) { Rows = "rounds" };
    private static readonly Paging Payouts = new(Endpoints.RoundPayouts, "after", 1000) { Rows = "payouts" };
    private static readonly Paging Entries = new(Endpoints.RoundEntries, "after", 1000) { Rows = "entries" };
    private static readonly Paging Trail = new(Endpoints.RoundTrail, "after", 1000) { Rows = "trail" };

    private static readonly Column[] ListColumns =
    [
        Column.Text("round", "roundId"), Column.State("state", "state"), Column.Number("entries", "entries"), Column.Number("payouts", "payouts"), Column.Number("confirmed", "confirmed"),
        Column.Number("owed", "owed"), Column.Number("paid", "paid"), Column.Text("currency", "currency"), Column.Time("opened", "openedAt"),
    ];

    private static readonly Column[] PayoutColumns =
    [
        Column.Text("winner", "winner"), Column.Number("amount", "amount"), Column.Number("paid", "paid"), Column.State("outcome", "outcome"), Column.Text("payout", "payoutId"),
        Column.Number("ledger", "ledger"), Column.Text("transaction", "transactionHash"),
    ];

    private static readonly Column[] EntryColumns = [Column.Text("player", "player"), Column.Number("stake", "stake"), Column.Text("choice", "choice")];

    private static readonly Column[] TrailColumns =
        [Column.Number("seq", "seq"), Column.Time("at", "at"), Column.Text("action", "action"), Column.Text("actor", "actor"), Column.Text("reason", "reason"), Column.Text("after", "after"), Column.Text("hash", "hash")];

    public static Command Build(CommandFactory make) => CommandFactory.Group("rounds", "Rounds: who is owed what, and the proof of it", ListRounds(make), Show(make),
        Paged(make, "payouts", "Who is owed what, and what became of it.", Payouts, PayoutColumns, "payoutId"),
        Paged(make, "entries", "Who entered.", Entries, EntryColumns, "player"),
        Paged(make, "trail", "What happened to it: each step, chained to the one before.", Trail, TrailColumns, "hash"),
        Verify(make), DrawCommands.Preview(make), DrawCommands.Draw(make), Cancel(make));

    internal static Argument<string> Id() => new("round") { Description = "the round's id" };

    /// <summary>A round as every door of it shows it.</summary>
    public static int Tell(Session session, JsonNode? answer)
    {
        if (session.Style.Json)
            session.Json(answer);
        else if (session.Style.Quiet)
            session.Ids([answer.Text("round.roundId")]);
        var round = answer.At("round");
        session.Facts(
            ("round", round.Text("roundId")), ("state", round.Text("state")), ("key", $"{round.Text("context")} {round.Text("poolId")} {round.Text("roundNumber")}"), ("entries", round.Text("entries")),
            ("stakes", $"{round.Text("stakes")} {round.Text("currency")}"), ("yield", round.Text("yield")), ("outcome", round.Text("outcome")), ("policy", round.Text("policy")),
            ("owed", round.Text("owed")), ("paid", round.Text("paid")), ("written off", round.Text("writtenOff")), ("payouts", $"{round.Text("confirmed")} of {round.Text("payouts")} confirmed{Ends(answer.At("payouts"))}"),
            ("opened", session.Clock.Show(round.Text("openedAt"))), ("closed", session.Clock.Show(round.Text("closedAt"))), ("resolved", session.Clock.Show(round.Text("resolvedAt"))),
            ("settled", session.Clock.Show(round.Text("settledAt"))), ("cancelled", session.Clock.Show(round.Text("cancelledAt"))), ("cancelled by", round.Text("cancelledBy")), ("reason", round.Text("cancelReason")));
        return ExitCodes.Done;
    }

    private static string Ends(JsonNode? counts) => counts is JsonObject { Count: > 0 } ends ? $" ({string.Join(", ", ends.Select(x => $"{Plain.Line(x.Key)} {x.Value}"))})" : "";

    private static Command ListRounds(CommandFactory make)
    {
        var state = new Option<string?>("--state") { Description = "in this state" };
        state.AcceptOnlyFromAmong("OPEN", "CLOSED", "RESOLVED", "SETTLED", "CANCELLED");
        var context = new Option<string?>("--context") { Description = "of this context" };
        var from = new Option<string?>("--from") { Description = "opened at or after, such as 2026-12-01T10:00:00Z" };
        return make.Leaf("list", "Rounds, the newest first.", [Endpoints.Rounds], ["rounds list --state RESOLVED", "rounds list --context arena --from 2026-12-01T00:00:00Z --json"],
            [state, context, from, make.Shared.Limit, make.Shared.After], async (session, parsed, cancellationToken) =>
            {
                var query = new Query().With("state", parsed.GetValue(state)).With("context", parsed.GetValue(context)).With("from", parsed.GetValue(from));
                return session.List("rounds", await Pages.ReadAsync(session.Doors, List, [], query, parsed.GetValue(make.Shared.Limit), parsed.GetValue(make.Shared.After), cancellationToken), ListColumns, "roundId");
            });
    }

    private static Command Show(CommandFactory make)
    {
        var id = Id();
        return make.Leaf("show", "A round, and how many of its payouts ended how.", [Endpoints.Round], ["rounds show arena-2026-12-01-7"], [id], async (session, parsed, cancellationToken) =>
            Tell(session, await session.Doors.GetAsync(Endpoints.Round, [parsed.GetValue(id)!], new Query(), cancellationToken)));
    }

    private static Command Paged(CommandFactory make, string name, string about, Paging paging, IReadOnlyList<Column> columns, string row)
    {
        var id = Id();
        return make.Leaf(name, about, [paging.Endpoint], [$"rounds {name} arena-2026-12-01-7", $"rounds {name} arena-2026-12-01-7 --limit 10000 --json"], [id, make.Shared.Limit, make.Shared.After], async (session, parsed, cancellationToken) =>
            session.List(paging.Rows!, await Pages.ReadAsync(session.Doors, paging, [parsed.GetValue(id)!], new Query(), parsed.GetValue(make.Shared.Limit), parsed.GetValue(make.Shared.After), cancellationToken), columns, row));
    }

    private static Command Verify(CommandFactory make)
    {
        var id = Id();
        return make.Leaf("verify", "Whether the round's trail and resolution are what was written; exit code 1 when not.", [Endpoints.RoundVerification], ["rounds verify arena-2026-12-01-7"], [id], async (session, parsed, cancellationToken) =>
        {
            var report = await session.Doors.GetAsync(Endpoints.RoundVerification, [parsed.GetValue(id)!], new Query(), cancellationToken);
            var holds = report.Flag("holds");
            if (session.Style.Json)
                session.Json(report);
            session.Facts(
                ("verdict", holds ? "ok" : "wrong"), ("recomputed", report.Flag("recomputed") ? "yes: the policy comes to the same outcome again" : "no: it was not drawn, or its entries are no longer kept"),
                ("policy", report.Text("resolution.policy")), ("seed", report.Text("resolution.seed")), ("outcome", report.Text("resolution.outcome")), ("outcome hash", report.Text("resolution.outcomeHash")), ("inputs hash", report.Text("resolution.inputsHash")));
            if (report.List("findings") is { Count: > 0 } findings)
                session.Table([Column.Text("place", "place"), Column.Text("what is wrong", "what")], findings, "");
            return holds ? ExitCodes.Done : ExitCodes.Wrong;
        });
    }

    private static Command Cancel(CommandFactory make)
    {
        var id = Id();
        var shared = make.Shared;
        return make.Leaf("cancel", "Calls a round off that is not resolved: every stake is owed back.", [Endpoints.CancelRound], ["rounds cancel arena-2026-12-01-7 --reason \"the table broke down\""],
            [id, shared.Reason, shared.By, shared.Key, shared.Yes], async (session, parsed, cancellationToken) =>
            {
                var now = (await session.Doors.GetAsync(Endpoints.Round, [parsed.GetValue(id)!], new Query(), cancellationToken)).At("round");
                await Change.ConfirmAsync(session, parsed, shared, $"cancel round {now.Text("roundId")}, {now.Text("state")}, and owe {now.Text("stakes")} {now.Text("currency")} back to those who entered ({now.Text("entries")})?", cancellationToken);
                return Tell(session, await Change.SendAsync(session, parsed, shared, Endpoints.CancelRound, [parsed.GetValue(id)!], Change.Decision(session, parsed, shared), cancellationToken));
            });
    }
}
