using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Payouts.Tests.Suite;
using Payouts.Tests.Support;

namespace Payouts.Bench.Start;

/// <summary>How long each service takes from its start to ready, and how much memory it holds when it has nothing to do: after its start, and after a round.</summary>
internal static class StartBench
{
    /// <summary>The row of the application that does nothing.</summary>
    public const string BareName = "(bare web application)";

    private const int Payouts = 200;
    private static readonly StartMemory None = new(0, 0);
    private static readonly TimeSpan Within = TimeSpan.FromMinutes(10);
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static async Task<int> RunAsync(StartOptions options, CancellationToken cancellationToken)
    {
        var (starts, idle) = (options.Starts, options.Idle);
        using var published = options.Published ? await PublishedPrograms.CreateAsync(cancellationToken) : null;
        string[] players = [.. Enumerable.Range(0, Payouts).Select(SuiteKeys.Player)];
        await using var servers = new Servers();
        await using var suite = await SuiteProcesses.StartAsync(servers, new SuiteOptions { Players = players, Channels = 60, Published = published?.Folder }, cancellationToken);
        await suite.Game.PlayAsync("measured", 1, players, cancellationToken);
        await suite.SettledAsync("measured", Within, cancellationToken);
        await IdleAsync(idle, cancellationToken);
        var afterRound = suite.Services.ToDictionary(x => x.Key, x => StartMemory.Of(x.Value), StringComparer.Ordinal);

        var rows = new List<StartRow>();
        // The machine's own ceiling: a web application of the same framework that does nothing.
        await using var bare = new ServiceProcess(new ServiceProcessOptions { Assembly = RepositoryRoot.AssemblyOf("tests/Support.Sample", "payouts-support-sample") });
        await bare.StartAsync(cancellationToken);
        var processes = suite.Services.Prepend(KeyValuePair.Create(BareName, bare)).ToDictionary();
        foreach (var (name, service) in processes)
        {
            var (ready, processor, ended) = (new List<double>(), new List<double>(), new List<double>());
            for (var start = 0; start < starts; start++)
            {
                ended.Add(await SecondsAsync(() => service.StopAsync(cancellationToken)));
                ready.Add(await SecondsAsync(() => service.StartAsync(cancellationToken)));
                processor.Add(ProcessUsage.ProcessorSeconds(service.ProcessId));
            }

            rows.Add(new StartRow(name, Median(ready), ready.Max(), Median(processor), Median(ended), None, afterRound.GetValueOrDefault(name)));
        }

        await IdleAsync(idle, cancellationToken);
        rows = [.. rows.Select(row => row with { Idle = StartMemory.Of(processes[row.Service]) })];
        var result = new StartResult(TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), Environment.ProcessorCount, starts, idle.TotalSeconds, options.Published, rows);
        Print(result);
        if (options.Json is { } json)
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
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{result.Cores} cores; {(result.Published ? "published as the images are" : "as built")}; {result.Starts} starts of each, one after the other; {result.IdleSeconds:0} s idle"));
        Console.WriteLine();
        Console.WriteLine("| process | start to ready, median s | slowest s | processor until ready, s | SIGTERM to end, median s | idle: private, MB | resident, MB | after a round: private, MB | resident, MB |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|");
        foreach (var row in result.Rows)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {row.Service} | {row.ReadySeconds:0.0} | {row.SlowestSeconds:0.0} | {row.ProcessorSeconds:0.0} | {row.EndedSeconds:0.0} | {row.Idle.PrivateBytes / 1e6:0} | {row.Idle.ResidentBytes / 1e6:0} | {row.AfterRound?.PrivateBytes / 1e6:0} | {row.AfterRound?.ResidentBytes / 1e6:0} |"));
    }
}
