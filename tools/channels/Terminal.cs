using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Payouts.Channels;

/// <summary>Where a command writes: answers to one place, progress and complaints to another, so that an answer can be piped.</summary>
/// <param name="Output">Tables, JSON, the value of a setting.</param>
/// <param name="Error">Progress and what went wrong.</param>
/// <param name="IsInteractive">Progress may rewrite its line.</param>
public sealed record Terminal(TextWriter Output, TextWriter Error, bool IsInteractive)
{
    private static readonly JsonSerializerOptions JsonOptions = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>One JSON document on one line.</summary>
    public void Json(object value) => Output.WriteLine(JsonSerializer.Serialize(value, JsonOptions));

    /// <summary>A table with its columns as wide as their widest cell; without rows nothing.</summary>
    public void Table(IReadOnlyList<string> titles, IReadOnlyList<IReadOnlyList<string>> rows)
    {
        if (rows.Count == 0)
            return;
        var widths = titles.Select((title, column) => rows.Max(row => row[column].Length) is var widest && widest > title.Length ? widest : title.Length).ToList();
        foreach (var row in rows.Prepend(titles))
            Output.WriteLine(string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
    }

    /// <summary>Progress of a known amount of work.</summary>
    public Progress Begin(string what, int total, TimeProvider time) => new(this, what, total, time);
}

/// <summary>One line that says how far the work is and how fast it goes: rewritten in place on a terminal, a new one at each step elsewhere.</summary>
public sealed class Progress(Terminal terminal, string what, int total, TimeProvider time)
{
    private static readonly TimeSpan QuietMax = TimeSpan.FromSeconds(10);
    private readonly long _began = time.GetTimestamp();
    private int? _first;
    private int _last = -1;
    private long _writtenAt;
    private int _width;

    /// <summary>So much is done now.</summary>
    public void Report(int done, string note = "")
    {
        // What was there before the command began is not its speed.
        var here = done - (_first ??= done);
        var seconds = time.GetElapsedTime(_began).TotalSeconds;
        var rate = seconds > 0 && here > 0 ? string.Create(CultureInfo.InvariantCulture, $", {here / seconds:0.0}/s") : "";
        var line = string.Create(CultureInfo.InvariantCulture, $"{what}: {done}/{total}{rate}{(note.Length > 0 ? $", {note}" : "")}");
        if (terminal.IsInteractive)
            terminal.Error.Write($"\r{line.PadRight(_width)}");
        else if (done != _last || time.GetElapsedTime(_writtenAt) >= QuietMax)
            Write(line);
        (_width, _last) = (Math.Max(_width, line.Length), done);
    }

    /// <summary>The line stays as it is; what is written next begins a new one.</summary>
    public void End()
    {
        if (terminal.IsInteractive && _width > 0)
            terminal.Error.WriteLine();
        _width = 0;
    }

    private void Write(string line)
    {
        terminal.Error.WriteLine(line);
        _writtenAt = time.GetTimestamp();
    }
}
