using System.CommandLine;
using System.Text.Json.Nodes;
using Payouts.OperatorConsole.Asking;
using Payouts.OperatorConsole.Doors;
using Payouts.OperatorConsole.Output;
using Payouts.OperatorConsole.Why;

namespace Payouts.OperatorConsole.Commands;

/// <summary>sign-requests: what the signers were asked, who has not answered, and what the policy holds.</summary>
internal static class SignRequestCommands
{
    private static readonly Paging Paging = new(Endpoints.SignRequests, null, 200);

    private static readonly Column[] Columns =
    [
        Column.Text("request", "requestId"), Column.State("state", "state"), Column.Text("payout", "payoutId"), Column.Number("attempt", "attempt"), Column.Time("asked", "askedAt"), Column.Time("until", "deadline"),
        new("signatures", (row, _) => Signing.Weight(row)), Column.Text("decision", "decision"), Column.Text("reason", "reason"),
    ];

    public static Command Build(CommandFactory make) => CommandFactory.Group("sign-requests", "What is to be signed, and who has not answered", List(make), Show(make), Approve(make));

    private static Command List(CommandFactory make)
    {
        var state = new Option<string>("--state") { Description = "which", DefaultValueFactory = _ => "waiting" };
        state.AcceptOnlyFromAmong("all", "waiting", "overdue", "awaiting-order", "held", "signed", "rejected", "refused");
        var payout = new Option<Guid?>("--payout") { Description = "of this payout; all of them where no state is given" };
        return make.Leaf("list", "Sign requests, at most 200.", [Endpoints.SignRequests], ["sign-requests list", "sign-requests list --state held", "sign-requests list --payout 4c4a6742-8d0f-5868-8259-7a1fba867a4b"],
            [state, payout, make.Shared.Limit], async (session, parsed, cancellationToken) =>
            {
                var wanted = parsed.GetValue(payout) is not null && parsed.GetResult(state) is null or { Implicit: true } ? "all" : parsed.GetValue(state);
                var query = new Query().With("state", wanted).With("payout", parsed.GetValue(payout)?.ToString());
                return session.List("signRequests", await Pages.ReadAsync(session.Doors, Paging, [], query, parsed.GetValue(make.Shared.Limit), null, cancellationToken), Columns, "requestId");
            });
    }

    private static Command Show(CommandFactory make)
    {
        var id = PayoutCommands.Id(about: "the request's id");
        return make.Leaf("show", "A sign request: what is paid, who has signed, who is missing, what the policy said.", [Endpoints.SignRequest, Endpoints.PolicyDecisions], ["sign-requests show 0193a5b2-8f10-7c5e-9a1b-3c4d5e6f7a8b"], [id],
            async (session, parsed, cancellationToken) =>
            {
                var request = parsed.GetValue(id).ToString();
                var answer = await session.Doors.GetAsync(Endpoints.SignRequest, [request], new Query(), cancellationToken);
                var policy = (await session.Doors.GetAsync(Endpoints.PolicyDecisions, [], new Query().With("request", request), cancellationToken)).Elements();
                if (session.Style.Json)
                    session.Json(new JsonObject { ["signRequest"] = answer?.DeepClone(), ["policyDecisions"] = new JsonArray([.. policy.Select(x => x.DeepClone())]) });
                else if (session.Style.Quiet)
                    session.Ids([answer.Text("requestId")]);
                Tell(session, answer, policy);
                return ExitCodes.Done;
            });
    }

    private static void Tell(Session session, JsonNode? request, IReadOnlyList<JsonNode> policy)
    {
        session.Facts(
            ("request", request.Text("requestId")), ("state", request.Text("state")), ("payout", request.Text("payoutId")), ("attempt", request.Text("attempt")), ("form", request.Text("form")),
            ("to sign", request.Text("transactionHash")), ("asked", session.Clock.Show(request.Text("askedAt"))), ("until", session.Clock.Show(request.Text("deadline"))),
            ("answered", session.Clock.Show(request.Text("answeredAt"))), ("decision", request.Text("decision")), ("reason", request.Text("reason")), ("signatures", Signing.Weight(request)),
            ("outside rounds", request.At("direct") is null ? "" : $"{request.Text("direct.reference")}, ordered by {(request.Text("direct.orderedBy") is { Length: > 0 } by ? by : "the game")}: {request.Text("direct.reason")}"));
        if (request.List("gathered.keys") is { Count: > 0 } keys)
        {
            session.Say("");
            session.Table([Column.Text("key", "publicKey"), Column.Number("weight", "weight"), Column.Time("signed", "signedAt"), Column.Text("rejects", "rejection")], keys, "");
        }

        if (policy.Count == 0)
            return;
        session.Say("");
        session.Table([Column.Time("at", "at"), Column.State("policy says", "verdict"), Column.Text("rule", "rule"), Column.Text("detail", "detail")], policy, "");
    }

    private static Command Approve(CommandFactory make)
    {
        var id = PayoutCommands.Id(about: "the request's id");
        var shared = make.Shared;
        return make.Leaf("approve", "Approves what the signing policy holds until people have approved it.", [Endpoints.ApproveSigning], ["sign-requests approve 0193a5b2-8f10-7c5e-9a1b-3c4d5e6f7a8b --reason \"known winner\""],
            [id, shared.Reason, shared.By, shared.Key], async (session, parsed, cancellationToken) =>
            {
                var request = parsed.GetValue(id).ToString();
                await Change.SendAsync(session, parsed, shared, Endpoints.ApproveSigning, [request], Change.Decision(session, parsed, shared), cancellationToken);
                if (session.Style.Json)
                    session.Json(new JsonObject { ["requestId"] = request, ["approved"] = true });
                else if (session.Style.Quiet)
                    session.Ids([request]);
                session.Say($"approved; what the policy says now: {session.Program} sign-requests show {request}");
                return ExitCodes.Done;
            });
    }
}
