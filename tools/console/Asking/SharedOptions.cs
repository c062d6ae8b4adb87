using System.CommandLine;
using System.Globalization;

namespace Payouts.OperatorConsole.Asking;

/// <summary>The options that many commands take.</summary>
internal sealed class SharedOptions
{
    private const int LimitMax = 1_000_000;
    private const int LimitDefault = 50;
    private const int KeyLengthMax = 100;

    public SharedOptions()
    {
        Limit.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && !(int.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var rows) && rows is >= 1 and <= LimitMax))
                result.AddError($"--limit is \"{result.Tokens[0].Value}\"; a whole number from 1 to {LimitMax} is right");
        });
        Key.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && result.Tokens[0].Value is var key && (key.Length is 0 or > KeyLengthMax || key.AsSpan().ContainsAnyExceptInRange('!', '~')))
                result.AddError($"--idempotency-key is no 1 to {KeyLengthMax} printable ASCII characters");
        });
    }

    public Option<bool> Json { get; } = new("--json") { Description = "the answer as one JSON document", Recursive = true };

    public Option<bool> Quiet { get; } = new("--quiet", "-q") { Description = "only names and ids, one a line", Recursive = true };

    public Option<bool> Utc { get; } = new("--utc") { Description = "times in UTC", Recursive = true };

    public Option<string?> Profile { get; } = new("--profile") { Description = "which profile of the file; without: PAYOUTS_PROFILE, else the file's default", Recursive = true };

    public Option<bool> Insecure { get; } = new("--insecure") { Description = "show the key over http to other hosts", Recursive = true };

    public Option<int> Limit { get; } = new("--limit") { Description = "how many rows at most; pages are followed up to there", DefaultValueFactory = _ => LimitDefault };

    public Option<string?> After { get; } = new("--after") { Description = "go on after this row, as the end of the list before said" };

    public Option<string> Reason { get; } = new("--reason") { Description = "why; it is kept", Required = true };

    public Option<string?> By { get; } = new("--by") { Description = "who decides, where the key names nobody (the login's name)" };

    public Option<string?> Key { get; } = new("--idempotency-key") { Description = "repeat an earlier request under its key; without: a new one" };

    public Option<bool> Yes { get; } = new("--yes", "-y") { Description = "do not ask" };
}
