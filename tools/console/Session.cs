using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Payouts.OperatorConsole.Doors;
using Payouts.OperatorConsole.Output;
using Payouts.OperatorConsole.Settings;

namespace Payouts.OperatorConsole;

/// <summary>How an answer is wanted.</summary>
/// <param name="Json">As one JSON document.</param>
/// <param name="Quiet">Only names and ids, for the next command.</param>
/// <param name="Utc">Times in UTC instead of this machine's zone.</param>
internal sealed record OutputStyle(bool Json, bool Quiet, bool Utc);

/// <summary>What a running command works with: the services' doors, and a place to say what they answered.</summary>
internal sealed class Session(string program, Terminal terminal, ConsoleSettings settings, OutputStyle style, TimeProvider time) : IDisposable
{
    internal static readonly JsonSerializerOptions JsonOptions = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>What was typed to start this, so that what is said to type next can be copied.</summary>
    public string Program { get; } = program;

    public ServiceDoors Doors { get; } = new(settings);

    public Terminal Terminal { get; } = terminal;

    public OutputStyle Style { get; } = style;

    public TimeProvider Time { get; } = time;

    public Clock Clock { get; } = new(time, style.Utc);

    /// <summary>Whether the key says who decides; else the request must.</summary>
    public bool KeyIsNamed => settings.KeyIsNamed;

    /// <summary>One JSON document on one line, without envelopes and signatures.</summary>
    public void Json(JsonNode? document) => Terminal.Output.WriteLine(Withheld.Copy(document)?.ToJsonString(JsonOptions) ?? "null");

    /// <summary>A line of text; left out where only ids or JSON are wanted.</summary>
    public void Say(string line)
    {
        if (!Style.Json && !Style.Quiet)
            Terminal.Output.WriteLine(line);
    }

    /// <summary>Something beside the answer.</summary>
    public void Note(string line) => Terminal.Error.WriteLine(line);

    /// <summary>Rows as a table; without rows a line that says so.</summary>
    public void Table(IReadOnlyList<Column> columns, IReadOnlyList<JsonNode> rows, string none)
    {
        if (rows.Count == 0)
            Say(none);
        else
            Say(Output.Table.Render([.. columns.Select(x => (x.Title, x.IsRight, x.IsState))], rows.Select(row => (IReadOnlyList<string>)[.. columns.Select(x => x.Cell(row, Clock))]), Terminal.HasColours).TrimEnd('\n'));
    }

    /// <summary>Names and values under each other; a value that is not there has no line.</summary>
    public void Facts(params IReadOnlyList<(string Name, string Value)> facts)
    {
        var shown = facts.Where(x => x.Value.Length > 0).ToList();
        var width = shown.Max(x => x.Name.Length);
        foreach (var (name, value) in shown)
            Say($"{name.PadRight(width)}  {(name is "state" or "outcome" or "verdict" ? Output.Table.Coloured(value, Terminal.HasColours) : value)}");
    }

    /// <summary>The answer of a list command, in the form that is wanted.</summary>
    /// <param name="member">What the rows are called in JSON.</param>
    /// <param name="listing">The rows.</param>
    /// <param name="columns">Of the table.</param>
    /// <param name="id">The member that names a row.</param>
    public int List(string member, Listing listing, IReadOnlyList<Column> columns, string id)
    {
        if (Style.Json)
            Json(new JsonObject { [member] = new JsonArray([.. listing.Rows.Select(x => x.DeepClone())]), ["next"] = listing.Next });
        else if (Style.Quiet)
            Ids(listing.Rows.Select(x => x.Text(id)));
        else
            Table(columns, listing.Rows, "none");
        if (listing.Next is { } next && !Style.Json)
            Note($"there are more: --limit N, or --after {Plain.Line(next)}");
        return ExitCodes.Done;
    }

    /// <summary>One name or id a line, for the next command.</summary>
    public void Ids(IEnumerable<string> ids)
    {
        foreach (var id in ids)
            Terminal.Output.WriteLine(id);
    }

    public void Dispose() => Doors.Dispose();
}
