using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;
using SpectreTable = Spectre.Console.Table;
using SpectreText = Spectre.Console.Text;

namespace Payouts.OperatorConsole.Output;

/// <summary>Aligned tables without borders, one row a line however wide: what is piped must not be broken where a terminal would end.</summary>
internal static class Table
{
    private const int WidthMax = 100_000;
    private static readonly Style Head = new(decoration: Decoration.Bold);

    /// <summary>Columns are as wide as their widest cell; the last is not padded.</summary>
    public static string Render(IReadOnlyList<(string Title, bool IsRight, bool IsState)> columns, IEnumerable<IReadOnlyList<string>> rows, bool hasColours)
    {
        var table = new SpectreTable { Border = TableBorder.None };
        foreach (var (title, isRight, _) in columns)
        {
            var column = new TableColumn(new SpectreText(title, Head)) { NoWrap = true, Padding = new Padding(0, 0, 2, 0) };
            table.AddColumn(isRight ? column.RightAligned() : column);
        }

        foreach (var row in rows)
            table.AddRow(row.Select((cell, i) => (IRenderable)new SpectreText(cell, columns[i].IsState ? StyleOf(cell) : Style.Plain)));
        return Write(table, hasColours);
    }

    /// <summary>A word in the colour of its meaning, where there are colours.</summary>
    public static string Coloured(string state, bool hasColours) => Write(new SpectreText(state, StyleOf(state)), hasColours).TrimEnd('\n');

    private static string Write(IRenderable shown, bool hasColours)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = hasColours ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = hasColours ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(text),
        });
        console.Profile.Width = WidthMax;
        console.Write(shown);
        return string.Join('\n', text.ToString().ReplaceLineEndings("\n").Split('\n').Select(line => line.TrimEnd()));
    }

    private static Style StyleOf(string state) => state switch
    {
        "SETTLED" or "Confirmed" or "Signed" or "Applied" or "yes" or "ok" => new Style(Color.Green),
        "OnHold" or "Failed" or "Rejected" or "Refused" or "no" or "wrong" or "DIFFERS" => new Style(Color.Red),
        "Held" or "Proposed" or "Waiting" or "AwaitingOrder" or "CANCELLED" or "Cancelled" or "WrittenOff" => new Style(Color.Yellow),
        _ => Style.Plain,
    };
}
