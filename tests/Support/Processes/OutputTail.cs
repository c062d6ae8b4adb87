namespace Payouts.Tests.Support;

/// <summary>The last lines that a process printed: bounded, so that a chatty one cannot fill the test process's memory.</summary>
internal sealed class OutputTail(int linesMax = 500, int lineLengthMax = 2_000)
{
    private readonly Queue<string> _lines = new();
    private readonly Lock _lock = new();
    private long _dropped;

    public void Add(string line)
    {
        var kept = line.Length <= lineLengthMax ? line : line[..lineLengthMax] + " ...";
        lock (_lock)
        {
            _lines.Enqueue(kept);
            if (_lines.Count > linesMax)
            {
                _lines.Dequeue();
                _dropped++;
            }
        }
    }

    /// <summary>The last <paramref name="lines"/> lines, with a first line that says how many came before.</summary>
    public string Last(int lines)
    {
        lock (_lock)
        {
            var left = Math.Max(0, _lines.Count - lines);
            var before = _dropped + left;
            var shown = string.Join('\n', _lines.Skip(left));
            return before == 0 ? shown : $"({before} lines before)\n{shown}";
        }
    }

    public override string ToString() => Last(int.MaxValue);
}
