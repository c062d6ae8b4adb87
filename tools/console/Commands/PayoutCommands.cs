using System.CommandLine;
using System.Text.Json.Nodes;
using Payouts.OperatorConsole.Asking;
using Payouts.OperatorConsole.Doors;
using Payouts.OperatorConsole.Output;
using Payouts.OperatorConsole.Why;

namespace Payouts.OperatorConsole.Commands;

/// <summary>payouts: where each is, why it waits, and what a human decides about it.</summary>
internal static class PayoutCommands
{
    private static readonly string[] States =
        ["Building", "Grouped", "Authorizing", "AwaitingSignature", "Submitting", "AwaitingConfirmation", "OnHold", "Failed", "Confirmed", "Cancelled", "WrittenOff", "Built"];

    private static readonly Paging Paging = new(Endpoints.Payouts, "after", 1000) { RowId = "payoutId" };

    private static readonly Column[] Columns =
    [
        Column.Text("payout", "payoutId"), Column.Text("round", "roundId"), Column.State("state", "state"), Column.Time("since", "enteredStateAt"),
        Column.Number("amount", "amount"), Column.Text("currency", "currency"), Column.Text("hold code", "holdCode"), Column.Text("winner", "winner"),
    ];

    private static readonly Column[] History =
        [Column.Time("at", "at"), Column.State("from", "fromState"), Column.State("to", "toState"), Column.Text("event", "event"), Column.Number("attempt", "attempt"), Column.Text("detail", "detail")];

    public static Command Build(CommandFactory make) => CommandFactory.Group("payouts", "Where payouts are, why they wait, and what is decided about them", List(make), Show(make), WhyCommand.Build(make),
        Decide(make, "hold", Endpoints.Hold, "Stops a payout before anybody could sign it.", "a duplicate ticket"),
        Decide(make, "release", Endpoints.Release, "Lets a payout go on that an operator had stopped.", "checked"),
        Decide(make, "retry", Endpoints.Retry, "Builds a payout again that is on hold or failed.", "the signer is back"),
        Decide(make, "verify", Endpoints.Verify, "Asks contract and ledger who paid a payout that is on hold.", "paid by hand", new Option<string?>("--transaction") { Description = "the transaction that is said to have paid it, 64 hex digits" }),
        Decide(make, "cancel", Endpoints.Cancel, "Does not pay it; its round still owes it and does not settle.", "the account is lost", asks: true),
        Decide(make, "write-off", Endpoints.WriteOff, "Does not pay it, and takes it out of what its round owes.", "settled outside", asks: true));

    private static Command List(CommandFactory make)
    {
        var round = new Option<string?>("--round") { Description = "of this round" };
        var state = new Option<string?>("--state") { Description = "in this state" };
        state.AcceptOnlyFromAmong(States);
        var reference = new Option<string?>("--reference") { Description = "the payout outside rounds of this reference" };
        var direct = new Option<bool>("--direct") { Description = "only payouts outside rounds" };
        return make.Leaf("list", "Payouts by id.", [Endpoints.Payouts], ["payouts list --state OnHold", "payouts list --round arena-2026-12-01-7 --limit 1000 --json", "payouts list --state OnHold -q"],
            [round, state, reference, direct, make.Shared.Limit, make.Shared.After], async (session, parsed, cancellationToken) =>
            {
                var query = new Query().With("round", parsed.GetValue(round)).With("state", parsed.GetValue(state)).With("reference", parsed.GetValue(reference)).With("direct", parsed.GetValue(direct) ? "true" : null);
                var listing = await Pages.ReadAsync(session.Doors, Paging, [], query, parsed.GetValue(make.Shared.Limit), parsed.GetValue(make.Shared.After), cancellationToken);
                return session.List("payouts", listing, Columns, "payoutId");
            });
    }

    private static Command Show(CommandFactory make)
    {
        var id = Id();
        return make.Leaf("show", "A payout with its history and every decision about it.", [Endpoints.Payout], ["payouts show 4c4a6742-8d0f-5868-8259-7a1fba867a4b"], [id], async (session, parsed, cancellationToken) =>
        {
            var answer = await session.Doors.GetAsync(Endpoints.Payout, [parsed.GetValue(id).ToString()], new Query(), cancellationToken);
            if (session.Style.Json)
                session.Json(answer);
            else if (session.Style.Quiet)
                session.Ids([answer.Text("payout.payoutId")]);
            Tell(session, answer);
            return ExitCodes.Done;
        });
    }

    private static void Tell(Session session, JsonNode? answer)
    {
        var payout = answer.At("payout");
        session.Facts(
            ("payout", payout.Text("payoutId")), ("round", payout.Text("roundId")), ("reference", payout.Text("reference")), ("reason", payout.Text("reason")),
            ("amount", $"{payout.Text("amount")} {payout.Text("currency")}"), ("winner", payout.Text("winner")), ("state", payout.Text("state")),
            ("since", session.Clock.Show(payout.Text("enteredStateAt"))), ("planned", session.Clock.Show(payout.Text("plannedAt"))), ("waits for", answer.Text("waitsFor")),
            ("hold", $"{payout.Text("holdCode")} {payout.Text("holdStage")}".Trim()), ("detail", payout.Text("holdDetail")), ("attempt", payout.Text("attempt")),
            ("slot", payout.Text("channel") is { Length: > 0 } channel ? $"{channel}/{payout.Text("sequenceNumber")}" : ""),
            ("valid until", session.Clock.Show(payout.Text("validUntil"))), ("transaction", payout.Text("transactionHash")), ("ledger", payout.Text("ledger")));
        session.Say("");
        session.Table(History, answer.List("history"), "no history is kept of it");
        if (answer.List("decisions") is { Count: > 0 } decisions)
        {
            session.Say("");
            session.Table(DecisionCommands.Columns, decisions, "");
        }
    }

    private static Command Decide(CommandFactory make, string name, Endpoint endpoint, string about, string reason, Option<string?>? transaction = null, bool asks = false)
    {
        var id = Id();
        var shared = make.Shared;
        List<Symbol> takes = [id, shared.Reason, shared.By, shared.Key];
        if (transaction is not null)
            takes.Add(transaction);
        if (asks)
            takes.Add(shared.Yes);
        return make.Leaf(name, about, [endpoint], [$"payouts {name} 4c4a6742-8d0f-5868-8259-7a1fba867a4b --reason \"{reason}\""], takes, async (session, parsed, cancellationToken) =>
        {
            var payout = parsed.GetValue(id).ToString();
            if (asks)
            {
                var now = (await session.Doors.GetAsync(Endpoints.Payout, [payout], new Query(), cancellationToken)).At("payout");
                await Change.ConfirmAsync(session, parsed, shared, $"{name} {now.Text("amount")} {now.Text("currency")} to {now.Text("winner")}, now {now.Text("state")}?", cancellationToken);
            }

            var body = Change.Decision(session, parsed, shared);
            if (transaction is not null && parsed.GetValue(transaction) is { } hash)
                body["transactionHash"] = hash;
            return DecisionCommands.Tell(session, await Change.SendAsync(session, parsed, shared, endpoint, [payout], body, cancellationToken));
        });
    }

    internal static Argument<Guid> Id(string name = "id", string about = "the payout's id") => new(name) { Description = about };
}
