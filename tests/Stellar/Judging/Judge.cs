using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Xunit;

namespace Payouts.Stellar.Tests.Judging;

/// <summary>
/// The official JavaScript SDK and the official Rust XDR in a Node process (interop/judge.mjs). Installs its npm packages itself; without Node
/// the tests fail and say so, because interoperability that was not judged is not proven.
/// </summary>
public sealed class Judge : IAsyncLifetime
{
    private const int BatchSize = 250;

    private static readonly TimeSpan InstallTimeout = TimeSpan.FromMinutes(3);
    private readonly StringBuilder _errors = new();
    private Process? _node;

    /// <summary>Where the scripts and their packages are.</summary>
    public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "interop");

    public async ValueTask InitializeAsync()
    {
        await RunToEndAsync("node", "--version");
        await InstallAsync();
        _node = Start("node", "judge.mjs");
        _node.ErrorDataReceived += (_, line) =>
        {
            lock (_errors)
            {
                _errors.AppendLine(line.Data);
            }
        };
        _node.BeginErrorReadLine();
    }

    public ValueTask DisposeAsync()
    {
        if (_node is { HasExited: false })
        {
            _node.Kill(entireProcessTree: true);
        }

        _node?.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>One answer for each request, in order.</summary>
    public async Task<IReadOnlyList<JsonNode>> AskAsync(IReadOnlyList<JsonObject> requests, CancellationToken cancellationToken)
    {
        var answers = new List<JsonNode>(requests.Count);
        foreach (var batch in requests.Chunk(BatchSize))
        {
            // Written and read at the same time: two full pipes would wait for each other.
            var writing = WriteAsync(batch, cancellationToken);
            for (var i = 0; i < batch.Length; i++)
            {
                var line = await _node!.StandardOutput.ReadLineAsync(cancellationToken) ?? throw new InvalidOperationException($"judge.mjs ended: {Errors()}");
                answers.Add(JsonNode.Parse(line)!);
            }

            await writing;
        }

        return answers;
    }

    public async Task<JsonNode> AskAsync(JsonObject request, CancellationToken cancellationToken)
    {
        var answer = (await AskAsync([request], cancellationToken))[0];
        return answer["error"] is { } error ? throw new InvalidOperationException($"{request["op"]}: {error}") : answer;
    }

    private async Task WriteAsync(IEnumerable<JsonObject> requests, CancellationToken cancellationToken)
    {
        foreach (var request in requests)
        {
            await _node!.StandardInput.WriteLineAsync(request.ToJsonString().AsMemory(), cancellationToken);
        }

        await _node!.StandardInput.FlushAsync(cancellationToken);
    }

    private static async Task InstallAsync()
    {
        var installed = Path.Combine(Folder, "node_modules", ".package-lock.json");
        var wanted = Path.Combine(Folder, "package-lock.json");
        if (!File.Exists(installed) || File.GetLastWriteTimeUtc(installed) < File.GetLastWriteTimeUtc(wanted))
        {
            await RunToEndAsync("npm", "ci");
        }
    }

    /// <summary>Runs a script of the folder to its end.</summary>
    /// <exception cref="InvalidOperationException">It failed; the message holds its errors.</exception>
    public static async Task RunToEndAsync(string program, params string[] arguments)
    {
        using var process = Start(program, arguments);
        using var limit = new CancellationTokenSource(InstallTimeout);
        var output = process.StandardOutput.ReadToEndAsync(limit.Token);
        var errors = await process.StandardError.ReadToEndAsync(limit.Token);
        await process.WaitForExitAsync(limit.Token);
        await output;
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"'{program} {string.Join(' ', arguments)}' for the interoperability tests failed: {errors.Trim()}");
        }
    }

    private static Process Start(string program, params string[] arguments)
    {
        try
        {
            return Process.Start(new ProcessStartInfo(program, arguments)
            {
                WorkingDirectory = Folder,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
        }
        catch (Win32Exception)
        {
            throw new InvalidOperationException(
                $"The interoperability tests need Node.js 20 or later: '{program}' was not found on the PATH. Install Node.js and run them again.");
        }
    }

    private string Errors()
    {
        lock (_errors)
        {
            return _errors.ToString().Trim();
        }
    }
}

/// <summary>The classes that share one judge; they run one after the other.</summary>
[CollectionDefinition(nameof(Judge))]
public sealed class JudgeCollection : ICollectionFixture<Judge>;

/// <summary>Short ways to write requests.</summary>
internal static class JudgeRequest
{
    public static JsonObject Check(string type, string xdr) => new() { ["op"] = "check", ["type"] = type, ["xdr"] = xdr };

    public static JsonObject Random(string type, uint seed) => new() { ["op"] = "random", ["type"] = type, ["seed"] = seed };

    public static JsonObject Schema(IEnumerable<string> types) => new() { ["op"] = "schema", ["types"] = JsonSerializer.SerializeToNode(types) };
}
