using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;

namespace Payouts.Bench.Codec;

/// <summary>What the JavaScript SDK computed and how long it took.</summary>
/// <param name="Sdk">Version of @stellar/stellar-sdk.</param>
/// <param name="Node">Version of Node.js.</param>
internal sealed record PeerResult(string Sdk, string Node, Dictionary<string, PeerRow> Rows);

/// <summary>One case of the other side.</summary>
/// <param name="Fastest">Nanoseconds of one operation in the fastest repeat.</param>
/// <param name="Median">Nanoseconds of one operation, median of the repeats.</param>
/// <param name="Answers">What it computed for each input; null: said by another case.</param>
internal sealed record PeerRow(double Fastest, double Median, string[]? Answers);

/// <summary>Runs peer.mjs, whose packages are installed from its lock file on the first use.</summary>
internal static class PeerProcess
{
    private static readonly TimeSpan InstallWithin = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan MeasureWithin = TimeSpan.FromMinutes(5);
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public static async Task InstallAsync(CancellationToken cancellationToken)
    {
        var installed = new FileInfo(Path.Combine(CodecInputs.Folder, "node_modules", ".package-lock.json"));
        if (!installed.Exists || installed.LastWriteTimeUtc < File.GetLastWriteTimeUtc(Path.Combine(CodecInputs.Folder, "package-lock.json")))
        {
            await RunAsync("npm", ["ci", "--no-audit", "--no-fund"], InstallWithin, cancellationToken);
        }
    }

    public static async Task<PeerResult> MeasureAsync(int repeatMs, CancellationToken cancellationToken)
    {
        var output = await RunAsync("node", ["peer.mjs", $"{repeatMs}"], MeasureWithin, cancellationToken);
        return JsonSerializer.Deserialize<PeerResult>(output, Json) ?? throw new InvalidDataException("peer.mjs wrote nothing.");
    }

    private static async Task<string> RunAsync(string program, string[] arguments, TimeSpan within, CancellationToken cancellationToken)
    {
        using var process = Start(program, arguments);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(within);
        try
        {
            var errors = process.StandardError.ReadToEndAsync(limit.Token);
            var output = await process.StandardOutput.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            return process.ExitCode == 0
                ? output
                : throw new InvalidOperationException($"'{program} {string.Join(' ', arguments)}' ended with {process.ExitCode}: {(await errors).Trim()}");
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    private static Process Start(string program, string[] arguments)
    {
        try
        {
            return Process.Start(new ProcessStartInfo(program, arguments)
            {
                WorkingDirectory = CodecInputs.Folder,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
        }
        catch (Win32Exception)
        {
            throw new InvalidOperationException($"The codec benchmark needs Node.js 20 or later: '{program}' was not found on the PATH.");
        }
    }
}
