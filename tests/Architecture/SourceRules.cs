using System.Globalization;
using System.Text.RegularExpressions;

namespace Payouts.Tests.Architecture;

/// <summary>A rule about single files.</summary>
/// <param name="Name">What the failing test is called.</param>
/// <param name="Applies">Which files it is about.</param>
/// <param name="FindViolations">Each with its line and what would be right.</param>
internal sealed record SourceRule(string Name, Func<SourceFile, bool> Applies, Func<SourceFile, IEnumerable<string>> FindViolations)
{
    public IEnumerable<string> Judge(SourceFile file) => Applies(file) ? FindViolations(file).Select(found => $"{file.Path}{found}") : [];
}

/// <summary>The house rules over the source text.</summary>
internal static partial class SourceRules
{
    public const int LinesMax = 320;

    /// <summary>Tests of these rules hold violations on purpose.</summary>
    private const string Ours = "tests/Architecture/";

    /// <summary>The probe itself, the proxy's latency, and a sample that must hang.</summary>
    private static readonly string[] WhoMayDelay = ["tests/Support/Probe.cs", "tests/Support/Network/", "tests/Support.Sample/"];

    public static readonly IReadOnlyList<SourceRule> All =
    [
        new("time comes from a TimeProvider", IsOurCSharp, file => Match(file, file.Code.Bare, WallClock(), "reads the machine's clock; take a TimeProvider")),
        new("nobody sleeps", IsOurCSharp, file => Match(file, file.Code.Bare, Sleeping(), "blocks a thread; await a signal, a probe or Task.Delay")),
        new("nobody waits for a task by blocking", file => IsOurCSharp(file) && !file.IsBelow("tests/"), file => Match(file, file.Code.Bare, Blocking(), "blocks a thread; await it")),
        new("tests wait by probe", file => IsOurCSharp(file) && file.IsBelow("tests/") && !file.IsBelow(WhoMayDelay), file => Match(file, file.Code.Bare, Delay(), "is a wait that is too long or too short; use Probe.Until")),
        new("chance has a seed", IsOurCSharp, file => Match(file, file.Code.Bare, Unseeded(), "cannot be repeated; give a seed, or use RandomNumberGenerator for secrets")),
        new("contracts hold no floating point", file => IsOurCSharp(file) && file.IsBelow("shared/contracts/"), file => Match(file, file.Code.Bare, FloatingPoint(), "cannot hold money; use Stroops or a whole number")),
        new("services do not count in decimal", file => IsOurCSharp(file) && file.IsBelow("services/"), file => Match(file, file.Code.Bare, DecimalType(), "rounds; count in Stroops")),
        new("nothing is left to do", file => IsSource(file), file => Match(file, file.Text, LeftToDo(), "is not finished; finish it or leave it out")),
        new("files are short", file => IsSource(file) && !file.IsGenerated, TooLong),
        new("no exception is swallowed silently", file => IsOurCSharp(file) && !file.IsBelow(Ours), file => Match(file, file.Text, EmptyCatch(), "swallows an exception; handle it, or say in a comment why nothing is to be done")),
        new("services log and do not print", file => IsOurCSharp(file) && file.IsBelow("services/"), file => Match(file, file.Code.Bare, Printing(), "prints; use the service's Log")),
        new("logs hold no secrets", file => IsOurCSharp(file) && file.IsBelow("services/", "shared/", "tools/"), SecretsInLogs),
        new("messages hold no secrets", file => IsOurCSharp(file) && file.IsBelow("services/", "shared/", "tools/"), file => Match(file, file.Code.Bare, SecretInterpolated(), "puts a secret, a signature or an envelope into a text")),
        new("no default fails a payout", file => IsOurCSharp(file) && file.IsBelow("services/payout-submitter/", "services/payout-builder/"), file => Match(file, file.Code.Bare, FailingDefault(), "calls a case that nobody thought of a failure; name the case, or throw")),
        new("contracts stay in their namespace", file => IsOurCSharp(file) && file.IsBelow("shared/contracts/"), file => ContractNamespace().IsMatch(file.Text) ? [] : [": needs 'namespace Payouts.Contracts;': the full name is the contract's identity on the wire"]),
        new("package versions stand in one file", file => file.Path.EndsWith(".csproj", StringComparison.Ordinal), file => Match(file, file.Text, PackageVersion(), "gives a version; versions stand in Directory.Packages.props")),
        new("MassTransit stays free", file => file.Path == "Directory.Packages.props", file => Match(file, file.Text, MassTransitUnpinned(), "must be pinned to [8.5.x]: 9 is commercial")),
        new("no developer's machine", file => !file.IsBelow("tests/", "scripts/") && file.Path != ".ci/run", file => Match(file, file.Text, MachinePath(), "is a path of one machine")),
        new("no package registry", file => !file.IsBelow(Ours), file => Match(file, file.Text, Registry(), "names a package registry; clients know theirs")),
    ];

    private static bool IsOurCSharp(SourceFile file) => file is { IsCSharp: true, IsGenerated: false };

    private static bool IsSource(SourceFile file) => !file.IsBelow(Ours)
        && Path.GetExtension(file.Path) is ".cs" or ".mjs" or ".sh" or ".sql" or ".csproj" or ".props" or ".yml" or ".yaml" or ".md"
        && !file.IsBelow("docs/schemas/");

    private static IEnumerable<string> Match(SourceFile file, string text, Regex pattern, string why) => pattern.Matches(text).Select(match => At(file, text, match.Index, match.Value.Trim(), why));

    private static string At(SourceFile file, string text, int index, string found, string why) =>
        string.Create(CultureInfo.InvariantCulture, $":{text.AsSpan(0, index).Count('\n') + 1}: '{found.ReplaceLineEndings(" ")}' {why}");

    private static IEnumerable<string> TooLong(SourceFile file)
    {
        var lines = file.Text.AsSpan().Count('\n');
        return Path.GetExtension(file.Path) is ".md" or ".yml" or ".yaml" || lines <= LinesMax
            ? []
            : [string.Create(CultureInfo.InvariantCulture, $": has {lines} lines, at most {LinesMax} are right: one idea a file")];
    }

    private static IEnumerable<string> SecretsInLogs(SourceFile file) => LogTemplate().Matches(file.Code.WithTexts)
        .Where(match => SecretName().IsMatch(match.Groups["template"].Value))
        .Select(match => At(file, file.Code.WithTexts, match.Index, match.Groups["template"].Value, "logs what must stay secret"));

    [GeneratedRegex(@"\bDateTime(Offset)?\s*\.\s*(UtcNow|Now|Today)\b")]
    private static partial Regex WallClock();

    [GeneratedRegex(@"\bThread\s*\.\s*Sleep\b")]
    private static partial Regex Sleeping();

    // Waiting for ever, until a token ends it, is no guess about time.
    [GeneratedRegex(@"\bTask\s*\.\s*Delay\((?!Timeout\.Infinite)")]
    private static partial Regex Delay();

    [GeneratedRegex(@"\bRandom\s*\.\s*Shared\b|\bnew\s+Random\(\s*\)")]
    private static partial Regex Unseeded();

    [GeneratedRegex(@"\.GetAwaiter\(\)\s*\.GetResult\(\)|\.Wait\(\)")]
    private static partial Regex Blocking();

    [GeneratedRegex(@"\b(double|float|decimal|Double|Single|Decimal|Half)\b")]
    private static partial Regex FloatingPoint();

    [GeneratedRegex(@"\b([Dd]ecimal)\b|(?<=\d)[mM]\b")]
    private static partial Regex DecimalType();

    [GeneratedRegex(@"\b(TODO|FIXME|HACK|XXX|NotImplementedException)\b")]
    private static partial Regex LeftToDo();

    [GeneratedRegex(@"\bcatch\b\s*(\([^()]*(\([^()]*\)[^()]*)*\))?\s*(when\s*\([^()]*(\([^()]*\)[^()]*)*\))?\s*\{\s*\}")]
    private static partial Regex EmptyCatch();

    [GeneratedRegex(@"\bConsole\s*\.\s*(Write|Error|Out)\w*")]
    private static partial Regex Printing();

    [GeneratedRegex("(LoggerMessage\\(|\\.Log(Trace|Debug|Information|Warning|Error|Critical)?\\()[^;\\]]*?(?<template>\\$?\"([^\"\\\\]|\\\\.)*\")")]
    private static partial Regex LogTemplate();

    // A placeholder; a text may well say that a signature is missing.
    [GeneratedRegex(@"\{[^}]*(xdr|secret|signature|seed|private|password)[^}]*\}", RegexOptions.IgnoreCase)]
    private static partial Regex SecretName();

    // The value itself at the end of a hole's expression: counts and lengths of it are fine, and so are the names of settings.
    [GeneratedRegex(@"\{\s*(?!SettingNames\.)(?:\w+\.)*(?:[a-z_]\w*(?:Secret|Seed|Xdr|Signature|Password)|secret|seed|xdr|signature|password)\s*(?:[:,][^{}]*)?\}")]
    private static partial Regex SecretInterpolated();

    // "Failed" as a type, a state or an event; an arm ends at its comma, a default at its break.
    [GeneratedRegex(@"(\b_\s*=>|\bdefault\s*:)[^,;]*\b(Failed|PayoutFailed|Lasting|TransitionTo\(Failed)\b")]
    private static partial Regex FailingDefault();

    [GeneratedRegex(@"^namespace Payouts\.Contracts;\r?$", RegexOptions.Multiline)]
    private static partial Regex ContractNamespace();

    [GeneratedRegex("<Package(Reference|Version)[^>]*\\bVersion(Override)?\\s*=\\s*\"[^\"]*\"|<Version(Override)?>[^<]*</Version")]
    private static partial Regex PackageVersion();

    [GeneratedRegex("<PackageVersion Include=\"MassTransit[^\"]*\" Version=\"(?!\\[8\\.5\\.\\d+\\]\")[^\"]*\"")]
    private static partial Regex MassTransitUnpinned();

    [GeneratedRegex(@"(?<![\w.~}$-])(/home/|/root/|/work/|/tmp/|/Users/|[A-Z]:\\\\?Users)[\w.-]*")]
    private static partial Regex MachinePath();

    [GeneratedRegex(@"\bnuget\.org|\bregistry\.npmjs|\bnpmjs\.(org|com)|\bnpmmirror\.|\byarnpkg\.|\bpypi\.org|\bproxy\.golang\.org|\bcrates\.io|\bdeb\.debian\.org|""resolved""\s*:", RegexOptions.IgnoreCase)]
    private static partial Regex Registry();
}
