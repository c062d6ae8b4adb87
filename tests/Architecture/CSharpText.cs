using System.Text;

namespace Payouts.Tests.Architecture;

/// <summary>
/// C# without its comments and without the content of its texts, so that a rule about code finds code only. Everything keeps its line.
/// The holes of interpolated texts are code; those of raw interpolated texts are not looked into.
/// </summary>
internal sealed class CSharpText
{
    private readonly string _text;
    private readonly StringBuilder _code;
    private readonly StringBuilder _withTexts;
    private int _at;

    private CSharpText(string text)
    {
        _text = text;
        _code = new StringBuilder(text.Length);
        _withTexts = new StringBuilder(text.Length);
    }

    /// <summary>Neither comments nor texts.</summary>
    public string Bare => _code.ToString();

    /// <summary>Texts, no comments.</summary>
    public string WithTexts => _withTexts.ToString();

    public static CSharpText Parse(string text)
    {
        var parsed = new CSharpText(text);
        parsed.Code(untilBrace: false);
        return parsed;
    }

    private void Code(bool untilBrace)
    {
        var depth = 0;
        while (_at < _text.Length)
        {
            if (Starts("//"))
            {
                Skip(EndOfLine(), comment: true);
            }
            else if (Starts("/*"))
            {
                var end = _text.IndexOf("*/", _at + 2, StringComparison.Ordinal);
                Skip(end < 0 ? _text.Length : end + 2, comment: true);
            }
            else if (_text[_at] == '\'')
            {
                Character();
            }
            else if (StartOfText() is var (prefix, quotes))
            {
                Text(prefix, quotes);
            }
            else
            {
                depth += _text[_at] == '{' ? 1 : _text[_at] == '}' ? -1 : 0;
                if (untilBrace && depth < 0)
                {
                    return;
                }

                Keep();
            }
        }
    }

    private (string Prefix, int Quotes)? StartOfText()
    {
        var at = _at;
        while (at < _text.Length && _text[at] is '$' or '@')
        {
            at++;
        }

        var quotes = 0;
        while (at + quotes < _text.Length && _text[at + quotes] == '"')
        {
            quotes++;
        }

        return quotes == 0 ? null : (_text[_at..at], quotes >= 3 ? quotes : 1);
    }

    private void Text(string prefix, int quotes)
    {
        Skip(_at + prefix.Length + quotes, comment: false);
        if (quotes >= 3)
        {
            var close = _text.IndexOf(new string('"', quotes), _at, StringComparison.Ordinal);
            Skip(close < 0 ? _text.Length : close + quotes, comment: false);
            return;
        }

        var (verbatim, interpolated) = (prefix.Contains('@', StringComparison.Ordinal), prefix.Contains('$', StringComparison.Ordinal));
        while (_at < _text.Length)
        {
            if (verbatim ? Starts("\"\"") : _text[_at] == '\\')
            {
                Skip(_at + 2, comment: false);
            }
            else if (_text[_at] == '"')
            {
                Skip(_at + 1, comment: false);
                return;
            }
            else if (interpolated && (Starts("{{") || Starts("}}")))
            {
                Skip(_at + 2, comment: false);
            }
            else if (interpolated && _text[_at] == '{')
            {
                Keep();
                Code(untilBrace: true);
                Keep();
            }
            else
            {
                Skip(_at + 1, comment: false);
            }
        }
    }

    private void Character()
    {
        var end = _at + 1 < _text.Length && _text[_at + 1] == '\\' ? _text.IndexOf('\'', _at + 3) : _text.IndexOf('\'', _at + 2);
        // An apostrophe that is no character, as in a directive's message, stays what it is.
        if (end < 0 || end - _at > 12)
        {
            Keep();
        }
        else
        {
            Skip(end + 1, comment: false);
        }
    }

    private bool Starts(string what) => string.CompareOrdinal(_text, _at, what, 0, what.Length) == 0;

    private int EndOfLine() => _text.IndexOf('\n', _at) is var end and >= 0 ? end : _text.Length;

    private void Keep()
    {
        if (_at < _text.Length)
        {
            _code.Append(_text[_at]);
            _withTexts.Append(_text[_at++]);
        }
    }

    private void Skip(int end, bool comment)
    {
        for (end = Math.Min(end, _text.Length); _at < end; _at++)
        {
            var blank = _text[_at] == '\n' ? '\n' : ' ';
            _code.Append(blank);
            _withTexts.Append(comment ? blank : _text[_at]);
        }
    }
}
