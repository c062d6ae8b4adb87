using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Payouts.OperatorConsole.Asking;
using Payouts.OperatorConsole.Doors;
using Payouts.OperatorConsole.Output;

namespace Payouts.OperatorConsole.Commands;

/// <summary>rounds preview and rounds draw: what a draw comes to is seen before it is made, and only what was seen is made.</summary>
internal static class DrawCommands
{
    private static readonly Column[] Columns = [Column.Text("winner", "winner"), Column.Number("amount", "amount")];

    private const int WinnersShown = 60;

    public static Command Preview(CommandFactory make)
    {
        var (id, draw) = (RoundCommands.Id(), new DrawOptions());
        return make.Leaf("preview", "What a draw would come to; nothing changes.", [Endpoints.DrawRound], Examples("preview"), [id, .. draw.All], async (session, parsed, cancellationToken) =>
        {
            var preview = await PreviewAsync(session, parsed.GetValue(id)!, await draw.ReadAsync(session, parsed, cancellationToken), cancellationToken);
            if (session.Style.Json)
                session.Json(preview);
            else if (session.Style.Quiet)
                session.Ids([preview.Text("resolutionHash")]);
            else
                await session.Terminal.Output.WriteAsync(Describe(session, preview));
            return ExitCodes.Done;
        });
    }

    public static Command Draw(CommandFactory make)
    {
        var (id, draw, shared) = (RoundCommands.Id(), new DrawOptions(), make.Shared);
        return make.Leaf("draw", "Shows what the draw comes to, asks, and makes that draw and no other.", [Endpoints.DrawRound], Examples("draw"), [id, .. draw.All, shared.Key, shared.Yes], async (session, parsed, cancellationToken) =>
        {
            var round = parsed.GetValue(id)!;
            var body = await draw.ReadAsync(session, parsed, cancellationToken);
            // Who repeats an earlier request has seen it: a draw that was made has no preview any more.
            if (parsed.GetValue(shared.Key) is null || body["resolutionHash"] is null)
            {
                var preview = await PreviewAsync(session, round, body, cancellationToken);
                if (!session.Style.Quiet && !(session.Style.Json && parsed.GetValue(shared.Yes)))
                    await session.Terminal.Error.WriteAsync(Describe(session, preview));
                if (body.Raw("resolutionHash") is { } seen && seen != preview.Raw("resolutionHash"))
                    throw new CommandException(ExitCodes.Wrong, $"the draw comes to {preview.Text("resolutionHash")}, and not to the {Plain.Line(seen)} that was asked for; nothing was sent");
                body["resolutionHash"] = preview.Raw("resolutionHash");
                await Change.ConfirmAsync(session, parsed, shared, $"draw round {Plain.Line(round)}: {preview.Text("owed")} {preview.Text("currency")} to {preview.List("payouts").Count}?", cancellationToken);
            }

            if (!session.Style.Quiet)
                session.Note($"resolutionHash: {body.Text("resolutionHash")}");
            return RoundCommands.Tell(session, await Change.SendAsync(session, parsed, shared, Endpoints.DrawRound, [round], body, cancellationToken));
        });
    }

    private static string[] Examples(string name) =>
        [$"rounds {name} arena-2026-12-01-7 --file draw.json", $"rounds {name} arena-2026-12-01-7 --winner GBBZ7G567PWBHY2DUOLNHCOWDLCEHUBTUCNQ4RFATBGFRO54OLSDNGF7=12.5", $"rounds {name} arena-2026-12-01-7 --policy minority-wins --seed dice-9"];

    private static Task<JsonNode?> PreviewAsync(Session session, string round, JsonObject draw, CancellationToken cancellationToken)
    {
        var body = (JsonObject)draw.DeepClone();
        body.Remove("resolutionHash");
        return session.Doors.PostAsync(Endpoints.DrawRound, [round], new Query().With("preview", "true"), body, $"console-preview-{Guid.NewGuid()}", cancellationToken);
    }

    private static string Describe(Session session, JsonNode? preview)
    {
        var payouts = preview.List("payouts");
        var facts = new[]
        {
            ("round", preview.Text("roundId")), ("policy", preview.Text("policy")), ("outcome", preview.Text("outcome")), ("entries", preview.Text("entries")), ("eliminated", $"{preview.List("eliminated").Count}"),
            ("stakes", $"{preview.Text("stakes")} {preview.Text("currency")}"), ("owed", $"{preview.Text("owed")} {preview.Text("currency")}"), ("hash", preview.Text("resolutionHash")),
        };
        var table = Table.Render([.. Columns.Select(x => (x.Title, x.IsRight, x.IsState))], payouts.Take(WinnersShown).Select(row => (IReadOnlyList<string>)[.. Columns.Select(x => x.Cell(row, session.Clock))]), hasColours: false);
        return string.Concat(facts.Select(x => $"{x.Item1,-10}  {x.Item2}\n")) + "\n" + (payouts.Count == 0 ? "nobody is owed anything\n" : table)
            + (payouts.Count > WinnersShown ? $"... and {payouts.Count - WinnersShown} more\n" : "");
    }
}

/// <summary>A draw, in a file or in options.</summary>
internal sealed class DrawOptions
{
    private readonly Option<string?> _file = new("--file") { Description = "a file with the draw, as GameRoundDrawn has it (docs/events.md); - reads it from the input, and --yes is then needed" };
    private readonly Option<string[]> _winners = new("--winner") { Description = "ACCOUNT=AMOUNT, once for each winner" };
    private readonly Option<string?> _policy = new("--policy") { Description = "reported, minority-wins or seeded-threshold" };
    private readonly Option<string?> _seed = new("--seed") { Description = "what the policy draws with" };
    private readonly Option<string?> _yield = new("--yield") { Description = "what the house adds" };
    private readonly Option<string?> _yieldRate = new("--yield-rate") { Description = "what the house adds, in percent of the stakes" };

    public DrawOptions() => _policy.CompletionSources.Add("reported", "minority-wins", "seeded-threshold");

    public IReadOnlyList<Option> All => [_file, _winners, _policy, _seed, _yield, _yieldRate];

    /// <summary>The request's body; the service judges what is in it.</summary>
    /// <exception cref="CommandException">Neither or both, or no JSON object.</exception>
    public async Task<JsonObject> ReadAsync(Session session, ParseResult parsed, CancellationToken cancellationToken)
    {
        var winners = parsed.GetValue(_winners) ?? [];
        var said = winners.Length > 0 || new[] { _policy, _seed, _yield, _yieldRate }.Any(x => parsed.GetValue(x) is not null);
        var file = parsed.GetValue(_file);
        if (said == file is not null)
            throw new CommandException(ExitCodes.Usage, "say the draw in one way: --file FILE, or --winner and --policy, --seed, --yield, --yield-rate");
        if (file is not null)
            return await FileAsync(session, file, cancellationToken);
        var body = new JsonObject { ["winners"] = new JsonArray([.. winners.Select(Winner)]) };
        foreach (var (name, option) in new[] { ("policy", _policy), ("seed", _seed), ("yield", _yield), ("yieldRate", _yieldRate) })
        {
            if (parsed.GetValue(option) is { } value)
                body[name] = value;
        }

        return body;
    }

    private static JsonObject Winner(string text)
    {
        var parts = text.Split('=');
        return parts.Length == 2
            ? new JsonObject { ["player"] = parts[0], ["amount"] = parts[1] }
            : throw new CommandException(ExitCodes.Usage, $"--winner is \"{Plain.Line(text)}\"; ACCOUNT=AMOUNT is right");
    }

    private static async Task<JsonObject> FileAsync(Session session, string path, CancellationToken cancellationToken)
    {
        try
        {
            var text = path == "-" ? await session.Terminal.Input.ReadToEndAsync(cancellationToken) : await File.ReadAllTextAsync(path, cancellationToken);
            return JsonNode.Parse(text) as JsonObject ?? throw new CommandException(ExitCodes.Usage, $"{path} holds no JSON object");
        }
        catch (JsonException wrong)
        {
            throw new CommandException(ExitCodes.Usage, $"{path} is no JSON: {Plain.Line(wrong.Message)}");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CommandException(ExitCodes.Usage, $"{path} cannot be read: {failure.Message}");
        }
    }
}
