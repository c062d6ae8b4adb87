using System.CommandLine;
using System.Text.Json.Nodes;
using Payouts.OperatorConsole.Asking;
using Payouts.OperatorConsole.Commands;
using Payouts.OperatorConsole.Doors;
using Payouts.OperatorConsole.Output;

namespace Payouts.OperatorConsole.Why;

/// <summary>payouts why: what a payout waits for, from all who know a part of it, and what to type next.</summary>
internal static class WhyCommand
{
    private static readonly Column[] Envelopes =
    [
        Column.Number("attempt", "attempt"), Column.Text("kind", "kind"), Column.State("state", "state"), Column.Number("tries", "tries"), Column.Text("network's last word", "lastAnswer"),
        Column.Time("valid until", "validUntil"), Column.Number("bumps", "bumps"), Column.Number("ledger", "ledger"), Column.Text("transaction", "transactionHash"),
    ];

    public static Command Build(CommandFactory make)
    {
        var id = PayoutCommands.Id();
        return make.Leaf("why", "Why it waits: its state, who is missing, what was sent, what the ledger last said, and what to type next.", [Endpoints.Payout, Endpoints.SignRequests, Endpoints.Submissions],
            ["payouts why 4c4a6742-8d0f-5868-8259-7a1fba867a4b"], [id], async (session, parsed, cancellationToken) =>
            {
                var picture = await PayoutPicture.ReadAsync(session.Doors, parsed.GetValue(id), cancellationToken);
                var next = NextSteps.Of(picture, session.Clock);
                if (session.Style.Json)
                    session.Json(Document(session, picture, next));
                else if (session.Style.Quiet)
                    session.Ids(next.Select(x => x.Command).OfType<string>());
                Tell(session, picture, next);
                foreach (var missing in picture.Missing)
                    session.Note($"not the whole picture: {missing.Message}");
                return picture.Missing.Count == 0 ? ExitCodes.Done : picture.Missing.Max(x => x.ExitCode);
            });
    }

    private static void Tell(Session session, PayoutPicture picture, IReadOnlyList<NextStep> next)
    {
        var (payout, clock) = (picture.Payout, session.Clock);
        session.Facts(
            ("payout", payout.Text("payoutId")), ("of", $"{payout.Text("roundId")}, {payout.Text("amount")} {payout.Text("currency")} to {payout.Text("winner")}"), ("state", payout.Text("state")),
            ("since", $"{clock.Show(payout.Text("enteredStateAt"))}, {clock.Ago(payout.Text("enteredStateAt"))} ago"),
            ("waits for", picture.Answer.Text("waitsFor") is { Length: > 0 } reason ? reason : "nothing: it has ended"),
            ("detail", payout.Text("holdDetail")), ("attempt", payout.Text("attempt")),
            ("slot", payout.Text("channel") is { Length: > 0 } channel ? $"{channel}/{payout.Text("sequenceNumber")}" : ""),
            ("transaction", payout.Text("transactionHash")), ("ledger", payout.Text("ledger")));
        foreach (var request in picture.SignRequests.Take(3))
        {
            session.Say("");
            session.Facts(
                ("sign request", request.Text("requestId")), ("state", request.Text("state")), ("attempt", request.Text("attempt")),
                ("asked", $"{clock.Show(request.Text("askedAt"))}, answers count until {clock.Show(request.Text("deadline"))}"), ("waits for", Signing.WaitsFor(request, clock) ?? ""),
                ("ended", Signing.WaitsFor(request, clock) is null ? $"{request.Text("decision")} {request.Text("reason")}".Trim() : ""));
        }

        session.Say("");
        session.Table(Envelopes, picture.Submissions, "no envelope of it was handed to the network");
        if (picture.OpenDecisions(clock) is { Count: > 0 } open)
        {
            session.Say("");
            session.Table(DecisionCommands.Columns, open, "");
        }

        session.Say("");
        foreach (var step in next)
            session.Say(step.Command is null ? $"next  {step.What}" : $"next  {step.What}:\n      {session.Program} {step.Command}");
    }

    private static JsonObject Document(Session session, PayoutPicture picture, IReadOnlyList<NextStep> next) => new()
    {
        ["payout"] = picture.Payout?.DeepClone(),
        ["waitsFor"] = picture.Answer.Raw("waitsFor"),
        ["signRequests"] = Array(picture.SignRequests.Select(x =>
        {
            var request = (JsonObject)x.DeepClone();
            request["waitsFor"] = Signing.WaitsFor(x, session.Clock);
            return (JsonNode)request;
        })),
        ["submissions"] = Array(picture.Submissions.Select(x => x.DeepClone())),
        ["openDecisions"] = Array(picture.OpenDecisions(session.Clock).Select(x => x.DeepClone())),
        ["next"] = Array(next.Select(x => new JsonObject { ["what"] = x.What, ["command"] = x.Command })),
        ["missing"] = Array(picture.Missing.Select(x => JsonValue.Create(x.Message))),
    };

    private static JsonArray Array(IEnumerable<JsonNode?> nodes) => [.. nodes];
}
