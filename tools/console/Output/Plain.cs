using System.Globalization;
using System.Text;

namespace Payouts.OperatorConsole.Output;

/// <summary>
/// What others wrote, fit for a terminal: a reason or a dead letter may hold escape sequences that rewrite the screen, or marks that turn the order
/// of what is read around.
/// </summary>
internal static class Plain
{
    /// <summary>On one line, every control and format character replaced by a question mark.</summary>
    public static string Line(string text) => Clean(text, keepLines: false);

    /// <summary>The same, its line ends and tabs kept.</summary>
    public static string Lines(string text) => Clean(text, keepLines: true);

    private static string Clean(string text, bool keepLines)
    {
        var clean = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            var isHidden = Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
            if (!isHidden || (keepLines && rune.Value is '\n' or '\t'))
                clean.Append(rune);
            else
                clean.Append(rune.Value is '\n' or '\r' or '\t' ? ' ' : '?');
        }

        return clean.ToString();
    }
}
