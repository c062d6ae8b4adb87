using System.Text.RegularExpressions;

namespace Payouts.Tests.Deployment;

/// <summary>One rule about the Dockerfile of a component.</summary>
public sealed record DockerfileRule(string Name, Func<Component, string, IEnumerable<string>> FindViolations)
{
    public override string ToString() => Name;
}

/// <summary>The house rules for Dockerfiles. They are read line by line: ours keep one instruction a line.</summary>
public static partial class DockerfileRules
{
    public static readonly DockerfileRule BasesAreArguments = new("bases are arguments", (_, text) => Lines(text, "FROM ")
        .Where(from => !BaseArgument().IsMatch(from))
        .Select(from => $"'{from}' names a base image: take it from an ARG, so that another one can be given"));

    public static readonly DockerfileRule PinnedBases = new("pinned bases", (_, text) => Lines(text, "ARG ")
        .Where(argument => !ImageNames.IsPinned(argument.Split('=', 2)[^1]))
        .Select(argument => $"'{argument}' names no version, or latest"));

    public static readonly DockerfileRule NonRoot = new("non-root", (_, text) =>
        Lines(LastStage(text), "USER ").LastOrDefault() is { } user && NumericUser().IsMatch(user)
            ? []
            : ["the last stage needs USER with a number above 0"]);

    public static readonly DockerfileRule RunsItsAssembly = new("runs its assembly", (component, text) =>
        LastStage(text).Contains($"ENTRYPOINT [\"dotnet\", \"{component.Assembly}.dll\"]", StringComparison.Ordinal)
            ? []
            : [$"must run {component.Assembly}.dll, in exec form, so that it gets the signals"]);

    public static readonly DockerfileRule ChecksItsHealth = new("checks its health", (component, text) =>
        Lines(LastStage(text), "HEALTHCHECK ").Any(line => line.EndsWith($"CMD [\"dotnet\", \"{component.Assembly}.dll\", \"--health-check\"]", StringComparison.Ordinal))
            ? []
            : [$"must check its health by {component.Assembly}.dll --health-check: the image has no curl"]);

    public static readonly DockerfileRule BuildsItsFolder = new("builds its folder", (component, text) =>
        text.Contains($"COPY {component.Folder}/ {component.Folder}/", StringComparison.Ordinal) && text.Contains($"dotnet publish {component.Folder} -c Release", StringComparison.Ordinal)
            ? []
            : [$"must copy and publish {component.Folder}"]);

    public static readonly DockerfileRule NoTelemetry = new("no telemetry", (_, text) =>
        LastStage(text).Contains("MASSTRANSIT_USAGE_TELEMETRY=false", StringComparison.Ordinal) ? [] : ["must set MASSTRANSIT_USAGE_TELEMETRY=false"]);

    public static readonly IReadOnlyList<DockerfileRule> All =
        [BasesAreArguments, PinnedBases, NonRoot, RunsItsAssembly, ChecksItsHealth, BuildsItsFolder, NoTelemetry];

    private static IEnumerable<string> Lines(string text, string instruction) =>
        text.Split('\n').Where(line => line.StartsWith(instruction, StringComparison.Ordinal)).Select(line => line.Trim());

    private static string LastStage(string text) => text[Math.Max(0, text.LastIndexOf("\nFROM ", StringComparison.Ordinal))..];

    [GeneratedRegex(@"^FROM \$\{[A-Z_]+\}( AS [a-z]+)?$")]
    private static partial Regex BaseArgument();

    [GeneratedRegex(@"^USER [1-9]\d*(:[1-9]\d*)?$")]
    private static partial Regex NumericUser();
}
