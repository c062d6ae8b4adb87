using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Payouts.Tests.Suite;
using Payouts.Tests.Support;

namespace Payouts.Bench.Start;

/// <summary>How long each service takes from its start to ready, and how much memory it holds when it has nothing to do: after its start, and after a round.</summary>
internal static class StartBench
{
    private const int Payouts = 200;
    private static readonly TimeSpan Within = TimeSpan.FromMinutes(10);
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static async Task<int> RunAsync(int starts, TimeSpan idle, FileInfo? json, CancellationToken cancellationToken)
    {
        string[] players = [.. Enumerable.Range(0, Payouts).Select(SuiteKeys.Player)];
        await using var servers = new Servers();
        await using var suite = await SuiteProcesses.StartAsync(servers, new SuiteOptions { Players = players, Channels = 60 }, cancellationToken);
        await suite.Game.PlayAsync("measured", 1, players, cancellationToken);
        await suite.SettledAsync("measured", Within, cancellationToken);
        await IdleAsync(idle, cancellationToken);
        var afterRound = suite.Services.ToDictionary(x => x.Key, x => ProcessMemory.ResidentBytes(x.Value.ProcessId), StringComparer.Ordinal);

        var rows = new List<StartRow>();
        foreach (var (name, service) in suite.Services)
        {
            var (ready, ended) = (new List<double>(), new List<double>());
            for (var start = 0; start < starts; start++)
            {
                ended.Add(await SecondsAsync(() => service.StopAsync(cancellationToken)));
                ready.Add(await SecondsAsync(() => service.StartAsync(cancellationToken)));
            }

            rows.Add(new StartRow(name, Median(ready), ready.Max(), Median(ended), 0, afterRound[name]));
        }

        await IdleAsync(idle, cancellationToken);
        rows = [.. rows.Select(row => row with { IdleBytes = ProcessMemory.ResidentBytes(suite[row.Service].ProcessId) })];
        var result = new StartResult(TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), Environment.ProcessorCount, starts, idle.TotalSeconds, rows);
        Print(result);
        if (json is not null)
            await File.WriteAllTextAsync(json.FullName, JsonSerializer.Serialize(result, Json), cancellationToken);
        return 0;
    }

    /// <summary>The idle time is what is measured: nothing is waited for.</summary>
    private static Task IdleAsync(TimeSpan idle, CancellationToken cancellationToken) => Task.Delay(idle, cancellationToken);

    private static async Task<double> SecondsAsync(Func<Task> work)
    {
        var clock = Stopwatch.StartNew();
        await work();
        return clock.Elapsed.TotalSeconds;
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private static void Print(StartResult result)
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{result.Cores} cores; {result.Starts} starts of each, one after the other; {result.IdleSeconds:0} s idle"));
        Console.WriteLine();
        Console.WriteLine("| process | start to ready, median s | slowest s | SIGTERM to end, median s | idle after its start, MB | idle after a round, MB |");
        Console.WriteLine("|---|---|---|---|---|---|");
        foreach (var row in result.Rows)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {row.Service} | {row.ReadySeconds:0.0} | {row.SlowestSeconds:0.0} | {row.EndedSeconds:0.0} | {row.IdleBytes / 1e6:0} | {row.AfterRoundBytes / 1e6:0} |"));
    }
}

/// <summary>One process.</summary>
internal sealed record StartRow(string Service, double ReadySeconds, double SlowestSeconds, double EndedSeconds, long IdleBytes, long AfterRoundBytes);

/// <summary>The results as JSON.</summary>
internal sealed record StartResult(string Date, int Cores, int Starts, double IdleSeconds, IReadOnlyList<StartRow> Rows);
