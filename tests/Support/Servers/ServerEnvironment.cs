using System.Collections;

namespace Payouts.Tests.Support;

/// <summary>Environment variables for child processes.</summary>
internal static class ServerEnvironment
{
    /// <summary>The mark by which a CI run finds what it left behind.</summary>
    public const string RunVariable = "PAYOUTS_TEST_RUN";

    /// <summary>All of this process's own variables.</summary>
    public static Dictionary<string, string> Inherited() => Environment.GetEnvironmentVariables()
        .Cast<DictionaryEntry>()
        .ToDictionary(entry => (string)entry.Key, entry => (string?)entry.Value ?? "", StringComparer.Ordinal);

    /// <summary>Almost nothing: a server must not pick up settings that happen to be in the developer's shell.</summary>
    public static Dictionary<string, string> Minimal(string home)
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["PATH"] = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            ["HOME"] = home,
            ["LANG"] = "C.UTF-8",
        };
        if (Environment.GetEnvironmentVariable(RunVariable) is { } run)
        {
            variables[RunVariable] = run;
        }

        return variables;
    }
}
