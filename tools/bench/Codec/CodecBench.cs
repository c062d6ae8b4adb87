using System.Globalization;
using System.Text.Json;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Perfolizer.Horology;

namespace Payouts.Bench.Codec;

/// <summary>shared/stellar's codec, hashes, signatures and addresses beside the official JavaScript SDK and bare NSec, on the same inputs.</summary>
/// <remarks>The fastest of many short repeats counts: whatever else the machine does can only make one slower.</remarks>
internal static class CodecBench
{
    private const int RepeatMs = 100;
    private const int Repeats = 15;
    private const string Alone = ", NSec alone";
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static async Task<int> RunAsync(FileInfo? json, CancellationToken cancellationToken)
    {
        await PeerProcess.InstallAsync(cancellationToken);
        Console.WriteLine("measuring the JavaScript SDK ...");
        var peer = await PeerProcess.MeasureAsync(RepeatMs, cancellationToken);
        RequireSameAnswers(peer);
        Console.WriteLine("measuring ours ...");
        var ours = Measure().ToDictionary(row => row.Case, StringComparer.Ordinal);
        var rows = ours.Values.Where(row => !row.Case.EndsWith(Alone, StringComparison.Ordinal)).Select(row =>
        {
            var theirs = peer.Rows[row.Case];
            var bare = ours.TryGetValue(row.Case + Alone, out var alone) ? alone.Fastest : (double?)null;
            return new CodecRow(
                row.Case, 1e9 / row.Fastest, row.Fastest, row.Median, row.AllocatedBytes, theirs.Fastest, theirs.Median, theirs.Fastest / row.Fastest,
                bare, row.Fastest / bare);
        }).ToArray();

        var result = new CodecResult(
            TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), Environment.ProcessorCount,
            Environment.Version.ToString(), peer.Node, peer.Sdk, CodecInputs.Envelopes.Count, CodecInputs.Outcomes.Count, rows);
        Print(result);
        if (json is not null)
        {
            await File.WriteAllTextAsync(json.FullName, JsonSerializer.Serialize(result, Json), cancellationToken);
        }

        return 0;
    }

    // In this process: a benchmark project of its own, built for each run, would take longer than the measurement.
    private static IEnumerable<CaseTimes> Measure()
    {
        var artifacts = Directory.CreateTempSubdirectory("codec-bench-");
        try
        {
            var job = Job.Default
                .WithToolchain(InProcessEmitToolchain.Instance)
                .WithWarmupCount(3)
                .WithIterationCount(Repeats)
                .WithIterationTime(TimeInterval.FromMilliseconds(RepeatMs));
            var config = ManualConfig.CreateEmpty().AddJob(job).AddDiagnoser(MemoryDiagnoser.Default).AddLogger(NullLogger.Instance)
                .AddColumnProvider(BenchmarkDotNet.Columns.DefaultColumnProviders.Instance).WithArtifactsPath(artifacts.FullName).WithOptions(ConfigOptions.DisableLogFile);
            return [.. BenchmarkRunner.Run<CodecBenchmarks>(config).Reports.Select(Read)];
        }
        finally
        {
            artifacts.Delete(recursive: true);
        }
    }

    private static CaseTimes Read(BenchmarkReport report)
    {
        var name = report.BenchmarkCase.Descriptor.WorkloadMethodDisplayInfo.Trim('\'');
        return report.ResultStatistics is { } statistics
            ? new CaseTimes(name, statistics.Min, statistics.Median, report.GcStats.GetBytesAllocatedPerOperation(report.BenchmarkCase) ?? 0)
            : throw new InvalidOperationException($"'{name}' was not measured: {string.Join("; ", report.ExecuteResults.SelectMany(r => r.Errors))}");
    }

    private static void RequireSameAnswers(PeerResult peer)
    {
        foreach (var (name, answers) in CodecBenchmarks.Answers())
        {
            if (!answers.AsSpan().SequenceEqual(peer.Rows[name].Answers))
            {
                throw new InvalidOperationException($"'{name}': the JavaScript SDK computes something else, so the times cannot be compared.");
            }
        }
    }

    private static void Print(CodecResult result)
    {
        Console.WriteLine($"{result.Envelopes} envelopes of real networks, {result.Outcomes} results and metas of a devnet; .NET {result.DotNet}, @stellar/stellar-sdk {result.Sdk} on Node.js {result.Node}, {result.Cores} cores");
        Console.WriteLine("BenchmarkDotNet in this process and the script's own loop: 3 warm-ups, the fastest of 15 repeats of 100 ms");
        Console.WriteLine();
        Console.WriteLine("| case | ops/s | ns/op | allocated B/op | SDK ns/op | times the SDK | NSec ns/op | of NSec's time |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|");
        foreach (var row in result.Rows)
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {row.Case} | {row.OpsPerSecond:N0} | {row.FastestNs:N0} | {row.AllocatedBytes:N0} | {row.SdkFastestNs:N0} | {row.TimesTheSdk:0.0} | {row.NSecFastestNs:N0} | {row.OfNSecsTime:0.00} |"));
        }
    }
}

/// <summary>What BenchmarkDotNet measured of one case: nanoseconds and bytes of one operation.</summary>
internal sealed record CaseTimes(string Case, double Fastest, double Median, long AllocatedBytes);

/// <summary>One case: nanoseconds of one operation; TimesTheSdk above 1: ours is faster; OfNSecsTime 1: nothing is added to NSec's.</summary>
internal sealed record CodecRow(
    string Case, double OpsPerSecond, double FastestNs, double MedianNs, long AllocatedBytes, double SdkFastestNs, double SdkMedianNs,
    double TimesTheSdk, double? NSecFastestNs, double? OfNSecsTime);

/// <summary>The results as JSON.</summary>
internal sealed record CodecResult(
    string Date, int Cores, string DotNet, string Node, string Sdk, int Envelopes, int Outcomes, IReadOnlyList<CodecRow> Rows);
