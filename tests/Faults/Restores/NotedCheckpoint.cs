using System.Text.RegularExpressions;

namespace Payouts.Tests.Faults.Restores;

/// <summary>Whoever keeps rounds' checkpoints elsewhere: takes them from its log, as docs/rounds.md says.</summary>
internal sealed partial class NotedCheckpoint
{
    private volatile string? _last;

    /// <summary>NUMBER:HASH; null before the first.</summary>
    public string? Last => _last;

    /// <summary>Hears a line of a process.</summary>
    public void Hear(string process, string line)
    {
        if (process == "rounds" && Told().Match(line) is { Success: true } told)
            _last = $"{told.Groups["number"].Value}:{told.Groups["hash"].Value}";
    }

    [GeneratedRegex(@"checkpoint (?<number>\d+) holds \d+ trails: (?<hash>[0-9a-f]{64})")]
    private static partial Regex Told();
}
