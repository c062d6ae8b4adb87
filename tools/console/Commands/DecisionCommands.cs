using System.CommandLine;
using System.Text.Json.Nodes;
using Payouts.OperatorConsole.Asking;
using Payouts.OperatorConsole.Doors;
using Payouts.OperatorConsole.Output;

namespace Payouts.OperatorConsole.Commands;

/// <summary>decisions: who decided what and why, and the second pair of eyes.</summary>
internal static class DecisionCommands
{
    internal static readonly Column[] Columns =
    [
        Column.Text("decision", "decisionId"), Column.Number("step", "step"), Column.Text("kind", "kind"), Column.State("status", "status"), Column.Text("by", "by"), Column.Time("at", "at"),
        Column.Number("amount", "amount"), Column.Text("currency", "currency"), Column.Text("payout", "payoutId"), Column.Text("reason", "reason"),
    ];

    private static readonly Paging Paging = new(Endpoints.Decisions, "before", 1000) { RowId = "decisionId" };

    public static Command Build(CommandFactory make) => CommandFactory.Group("decisions", "What was decided about payouts, and what waits for a second person", List(make), Show(make),
        Answer(make, "approve", Endpoints.ApproveDecision, "Approves what somebody else proposed; it takes effect now.", "I looked"),
        Answer(make, "withdraw", Endpoints.WithdrawDecision, "Takes a proposal back.", "a mistake"));

    /// <summary>What became of a decision.</summary>
    public static int Tell(Session session, JsonNode? step)
    {
        if (session.Style.Json)
            session.Json(step);
        else if (session.Style.Quiet)
            session.Ids([step.Text("decisionId")]);
        var (id, state, after) = (step.Text("decisionId"), step.Text("before.state"), step.Text("after.state"));
        session.Say($"{step.Text("kind")} of payout {step.Text("payoutId")}: {Table.Coloured(step.Text("status"), session.Terminal.HasColours)}, {(after == state ? $"still {state}" : $"{state} -> {after}")}");
        session.Say(step.Text("status") == "Proposed"
            ? $"somebody else must approve it until {session.Clock.Show(step.Text("expiresAt"))}: {session.Program} decisions approve {id} --reason \"...\""
            : $"decision {id} by {step.Text("by")}; how it goes on: {session.Program} payouts why {step.Text("payoutId")}");
        return ExitCodes.Done;
    }

    private static Command List(CommandFactory make)
    {
        var open = new Option<bool>("--open") { Description = "only what waits for its approval now" };
        var payout = new Option<Guid?>("--payout") { Description = "about this payout" };
        return make.Leaf("list", "Decisions, the newest first; a proposal and what became of it are two steps.", [Endpoints.Decisions], ["decisions list --open", "decisions list --payout 4c4a6742-8d0f-5868-8259-7a1fba867a4b"],
            [open, payout, make.Shared.Limit, make.Shared.After], async (session, parsed, cancellationToken) =>
            {
                var query = new Query().With("open", parsed.GetValue(open) ? "true" : null).With("payout", parsed.GetValue(payout)?.ToString());
                var listing = await Pages.ReadAsync(session.Doors, Paging, [], query, parsed.GetValue(make.Shared.Limit), parsed.GetValue(make.Shared.After), cancellationToken);
                return session.List("decisions", listing, Columns, "decisionId");
            });
    }

    private static Command Show(CommandFactory make)
    {
        var id = PayoutCommands.Id(about: "the decision's id");
        return make.Leaf("show", "Every step of a decision, with the payout's place before and after.", [Endpoints.Decision], ["decisions show 0193a5b2-8f10-7c5e-9a1b-3c4d5e6f7a8b"], [id], async (session, parsed, cancellationToken) =>
        {
            var steps = (await session.Doors.GetAsync(Endpoints.Decision, [parsed.GetValue(id).ToString()], new Query(), cancellationToken)).Elements();
            Column[] columns =
            [
                .. Columns, Column.State("before", "before.state"), Column.State("after", "after.state"), Column.Text("slot before", "before.slot"), Column.Text("slot after", "after.slot"), Column.Text("detail", "detail"),
            ];
            return session.List("steps", new Listing(steps, null), columns, "decisionId");
        });
    }

    private static Command Answer(CommandFactory make, string name, Endpoint endpoint, string about, string reason)
    {
        var id = PayoutCommands.Id(about: "the decision's id");
        var shared = make.Shared;
        return make.Leaf(name, about, [endpoint], [$"decisions {name} 0193a5b2-8f10-7c5e-9a1b-3c4d5e6f7a8b --reason \"{reason}\""], [id, shared.Reason, shared.By, shared.Key], async (session, parsed, cancellationToken) =>
            Tell(session, await Change.SendAsync(session, parsed, shared, endpoint, [parsed.GetValue(id).ToString()], Change.Decision(session, parsed, shared), cancellationToken)));
    }
}
