using System.CommandLine;
using System.Text.Json.Nodes;
using Payouts.OperatorConsole.Asking;
using Payouts.OperatorConsole.Doors;
using Payouts.OperatorConsole.Output;

namespace Payouts.OperatorConsole.Commands;

/// <summary>dead-letters: messages that no service could handle, of all services in one table.</summary>
internal static class DeadLetterCommands
{
    private const int OfOneServiceMax = 500;

    private static readonly Column[] Columns =
    [
        Column.Text("service", "service"), Column.Text("letter", "id"), Column.Time("died", "diedAt"), Column.Text("reason", "reason"), Column.Text("queue", "queue"),
        Column.Time("replayed", "replayedAt"), Column.Text("by", "replayedBy"), Column.Number("bytes", "bytes"), Column.Text("detail", "detail"),
    ];

    public static Command Build(CommandFactory make) => CommandFactory.Group("dead-letters", "Messages that could not be handled", List(make), Show(make), Replay(make));

    private static Option<string?> ServiceOption()
    {
        var service = new Option<string?>("--service") { Description = "of this service only" };
        service.AcceptOnlyFromAmong([.. Services.All.Select(x => x.Name())]);
        return service;
    }

    private static IReadOnlyList<Service> Chosen(ParseResult parsed, Option<string?> option) => parsed.GetValue(option) is { } name ? [Services.Find(name)!.Value] : Services.All;

    private static Command List(CommandFactory make)
    {
        var service = ServiceOption();
        var replayed = new Option<bool>("--replayed") { Description = "also those that were sent again" };
        return make.Leaf("list", "Dead letters of all services, the newest first.", [.. Services.All.Select(Endpoints.DeadLetters)], ["dead-letters list", "dead-letters list --service rounds --replayed"], [service, replayed, make.Shared.Limit],
            async (session, parsed, cancellationToken) =>
            {
                var limit = parsed.GetValue(make.Shared.Limit);
                var query = new Query().With("replayed", parsed.GetValue(replayed) ? "true" : null).With("limit", Math.Min(limit, OfOneServiceMax));
                var answers = await FanOut.AskAsync(Chosen(parsed, service), async one => (await session.Doors.GetAsync(Endpoints.DeadLetters(one), [], query, cancellationToken)).Elements());
                var rows = answers.Where(x => x.Value is not null).SelectMany(x => x.Value!.Select(letter => Of(x.Service, letter)))
                    .OrderByDescending(x => x.Raw("diedAt"), StringComparer.Ordinal).Take(limit).ToList();
                session.List("deadLetters", new Listing(rows, null), Columns, "id");
                return FanOut.Code(session, answers);
            });
    }

    private static Command Show(CommandFactory make)
    {
        var (id, service) = (PayoutCommands.Id(about: "the letter's id"), ServiceOption());
        return make.Leaf("show", "A dead letter with its body; one that carries signatures is not shown.", [.. Services.All.Select(Endpoints.DeadLetter)], ["dead-letters show 0193a5b2-8f10-7c5e-9a1b-3c4d5e6f7a8b"], [id, service],
            async (session, parsed, cancellationToken) =>
            {
                var (owner, answer) = await FindAsync(session, parsed.GetValue(id), Chosen(parsed, service), cancellationToken);
                var letter = Of(owner, answer.At("letter")!);
                if (session.Style.Json)
                    session.Json(new JsonObject { ["deadLetter"] = letter.DeepClone(), ["body"] = answer.Raw("body") });
                else if (session.Style.Quiet)
                    session.Ids([letter.Text("id")]);
                session.Facts(
                    ("service", letter.Text("service")), ("letter", letter.Text("id")), ("queue", letter.Text("queue")), ("message", letter.Text("messageId")), ("type", letter.Text("messageType")), ("reason", letter.Text("reason")),
                    ("detail", letter.Text("detail")), ("died", session.Clock.Show(letter.Text("diedAt"))), ("replayed", session.Clock.Show(letter.Text("replayedAt"))), ("by", letter.Text("replayedBy")));
                session.Say("");
                session.Say(Plain.Lines(answer.Raw("body") ?? ""));
                return ExitCodes.Done;
            });
    }

    private static Command Replay(CommandFactory make)
    {
        var (id, service, shared) = (PayoutCommands.Id(about: "the letter's id"), ServiceOption(), make.Shared);
        return make.Leaf("replay", "Sends a dead letter to its queue again, as it was: once its cause is gone.", [.. Services.All.Select(Endpoints.Replay)], ["dead-letters replay 0193a5b2-8f10-7c5e-9a1b-3c4d5e6f7a8b", "dead-letters replay 0193a5b2-8f10-7c5e-9a1b-3c4d5e6f7a8b --service rounds"],
            [id, service, shared.Key], async (session, parsed, cancellationToken) =>
            {
                var letter = parsed.GetValue(id);
                var (owner, _) = await FindAsync(session, letter, Chosen(parsed, service), cancellationToken);
                await Change.SendAsync(session, parsed, shared, Endpoints.Replay(owner), [letter.ToString()], null, cancellationToken);
                if (session.Style.Json)
                    session.Json(new JsonObject { ["service"] = owner.Name(), ["id"] = letter.ToString(), ["replayed"] = true });
                else if (session.Style.Quiet)
                    session.Ids([letter.ToString()]);
                session.Say($"sent again; it comes back here when it is refused again: {session.Program} dead-letters list --service {owner.Name()}");
                return ExitCodes.Done;
            });
    }

    /// <summary>Ids say nothing about the service: each is asked until one knows it.</summary>
    private static async Task<(Service Owner, JsonNode? Answer)> FindAsync(Session session, Guid id, IReadOnlyList<Service> services, CancellationToken cancellationToken)
    {
        var answers = await FanOut.AskAsync(services, one => session.Doors.GetAsync(Endpoints.DeadLetter(one), [id.ToString()], new Query(), cancellationToken));
        if (answers.FirstOrDefault(x => x.Failure is null) is { Value: not null } found)
            return (found.Service, found.Value);
        throw answers.Select(x => x.Failure!).FirstOrDefault(x => x is not RefusedException { Status: System.Net.HttpStatusCode.NotFound })
            ?? new CommandException(ExitCodes.Wrong, $"there is no dead letter {id} at {string.Join(", ", services.Select(x => x.Name()))}");
    }

    private static JsonObject Of(Service service, JsonNode letter)
    {
        var row = new JsonObject { ["service"] = service.Name() };
        foreach (var (name, value) in (JsonObject)letter)
            row[name] = value?.DeepClone();
        return row;
    }
}
