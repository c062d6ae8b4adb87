using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Payouts.Tests.Deployment;

/// <summary>What "kubectl kustomize FOLDER" prints: needs no cluster. scripts/test-host.sh brings kustomize where neither it nor kubectl is.</summary>
internal static partial class Kustomize
{
    /// <summary>Components and replacements came with it; kubectl has it since 1.27.</summary>
    private const int MajorMin = 5;

    private static readonly ConcurrentDictionary<string, Lazy<string>> Built = new(StringComparer.Ordinal);
    private static readonly Lazy<string[]> Program = new(Find);

    /// <summary>Builds a folder under k8s/, once for the whole run.</summary>
    /// <exception cref="FormatException">It does not build; what kustomize said is in the message.</exception>
    public static string Build(string folder) => Built.GetOrAdd(folder, name => new Lazy<string>(() => BuildPath(RepositoryRoot.PathOf("k8s/" + name)))).Value;

    /// <summary>Builds any folder, anew.</summary>
    public static string BuildPath(string path)
    {
        var (code, output, error) = Run([.. Program.Value, path]);
        return code == 0 ? output : throw new FormatException($"{path} does not build: {error}");
    }

    private static string[] Find()
    {
        foreach (var (ask, build) in new[] { (new[] { "kubectl", "version", "--client" }, new[] { "kubectl", "kustomize" }), (["kustomize", "version"], ["kustomize", "build"]) })
        {
            var version = VersionOf(ask);
            if (version >= MajorMin)
                return build;
        }

        throw new InvalidOperationException("neither a kubectl with kustomize 5 nor kustomize 5 is here; ./test.sh installs it");
    }

    private static int VersionOf(string[] ask)
    {
        try
        {
            var output = Run(ask).Output;
            // Debian's build calls itself (devel); the package that test-host.sh takes is 5.6.
            return output.Contains("(devel)", StringComparison.Ordinal) ? MajorMin : Version().Match(output) is { Success: true } found ? int.Parse(found.Groups["major"].ValueSpan, System.Globalization.CultureInfo.InvariantCulture) : 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            // There is no such program.
            return 0;
        }
    }

    private static (int Code, string Output, string Error) Run(string[] command)
    {
        using var process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.Result);
    }

    // "Kustomize Version: v5.5.0" of kubectl, "v5.6.0" of kustomize itself; not kubectl's own "Client Version: v1.32.4".
    [GeneratedRegex(@"(^|Kustomize Version: )v?(?<major>\d+)\.\d+\.\d+", RegexOptions.Multiline)]
    private static partial Regex Version();
}
