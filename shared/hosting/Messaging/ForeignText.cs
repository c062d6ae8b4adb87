using System.Text;

namespace Payouts.Hosting.Messaging;

/// <summary>Text that somebody else wrote, on its way into a table: PostgreSQL stores neither NUL nor half a surrogate pair.</summary>
public static class ForeignText
{
    /// <summary>At most <paramref name="lengthMax"/> UTF-16 units of it; what cannot be stored is replaced, and no character is cut in two.</summary>
    public static string Cut(string text, int lengthMax)
    {
        if (text.Length > lengthMax)
            text = text[..(char.IsHighSurrogate(text[lengthMax - 1]) ? lengthMax - 1 : lengthMax)];
        return IsStorable(text) ? text : string.Concat(text.EnumerateRunes().Select(rune => rune.Value == 0 ? Rune.ReplacementChar : rune));
    }

    /// <summary>Whether both databases store it as it is.</summary>
    public static bool IsStorable(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\0')
                return false;
            if (!char.IsSurrogate(text[i]))
                continue;
            if (i + 1 == text.Length || !char.IsSurrogatePair(text[i], text[i + 1]))
                return false;
            i++;
        }

        return true;
    }
}
