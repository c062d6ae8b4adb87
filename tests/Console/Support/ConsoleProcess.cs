using System.Diagnostics;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Payouts.Tests.Support;

namespace Payouts.Tests.OperatorConsole.Support;

/// <summary>How a command ended.</summary>
internal sealed record Ended(int Code, string Output, string Errors)
{
    /// <summary>The one JSON document of the output.</summary>
    public JsonNode Json => JsonNode.Parse(Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldHaveSingleItem(Errors))!;

    public override string ToString() => $"exit code {Code}\n{Output}\n{Errors}";
}

/// <summary>The console as an operator starts it: a process, with an environment of its own.</summary>
internal static partial class ConsoleProcess
{
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(60);

    /// <summary>Runs a line as a shell would; words with spaces stand in double quotes.</summary>
    public static Task<Ended> RunAsync(string line, IReadOnlyDictionary<string, string> environment, string input = "") => RunAsync([.. Words(line)], environment, input);

    public static async Task<Ended> RunAsync(IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> environment, string input = "")
    {
        using var process = Start(arguments, environment);
        try
        {
            await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
            var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Within);
            return new Ended(process.ExitCode, output, await errors);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }

    public static Process Start(IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> environment)
    {
        var start = new ProcessStartInfo("dotnet", [Assembly, .. arguments]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = RepositoryRoot.Path };
        Replace(start, environment);
        return Process.Start(start)!;
    }

    public static string Assembly { get; } = RepositoryRoot.AssemblyOf("tools/console", "payouts-console");

    /// <summary>Only what the test says, and what dotnet itself needs: nothing of the one who runs the tests.</summary>
    public static void Replace(ProcessStartInfo start, IReadOnlyDictionary<string, string> environment)
    {
        foreach (var name in start.Environment.Keys.Where(x => x.StartsWith("PAYOUTS_", StringComparison.Ordinal) || x is "NO_COLOR" or "XDG_CONFIG_HOME" or "HTTP_PROXY" or "http_proxy").ToList())
            start.Environment.Remove(name);
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
    }

    private static IEnumerable<string> Words(string line) => Word().Matches(line).Select(x => x.Value.Replace("\"", "", StringComparison.Ordinal));

    [GeneratedRegex("""(?:"[^"]*"|[^\s"])+""")]
    private static partial Regex Word();
}
