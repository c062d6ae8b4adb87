using System.Diagnostics;
using Payouts.Tests.Support;

namespace Payouts.Tests.Docs;

/// <summary>What ./run.sh runs, after its build: the program with the same arguments.</summary>
internal static class PlayProcess
{
    public static async Task<(int ExitCode, IReadOnlyList<string> Output, string Errors)> RunAsync(CancellationToken cancellationToken, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [RepositoryRoot.AssemblyOf("tools/run", "payouts-run"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = RepositoryRoot.Path,
            Environment = { ["MASSTRANSIT_USAGE_TELEMETRY"] = "false" },
        };
        using var process = Process.Start(start)!;
        try
        {
            var errors = process.StandardError.ReadToEndAsync(cancellationToken);
            var output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            return (process.ExitCode, output.Split('\n', StringSplitOptions.RemoveEmptyEntries), await errors);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }
}
