using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Payouts.Bench.Safety;
using Payouts.Tests.Suite;
using Payouts.Tests.Support;

namespace Payouts.Bench.Pipeline;

/// <summary>One large round through the four services, from the draw to RoundSettled.</summary>
internal static class PipelineBench
{
    private const int WarmUpPayouts = 100;
    private static readonly TimeSpan Within = TimeSpan.FromMinutes(10);
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static async Task<int> RunAsync(BenchOptions options, CancellationToken cancellationToken)
    {
        // Servers of its own: those that tests share answer a commit before it is on the disk.
        await using var postgres = await PostgreSqlServer.StartNewAsync(new PostgreSqlOptions { Durable = !options.NoFsync, CountsStatements = true }, cancellationToken);
        await using var rabbit = await RabbitMqServer.StartNewAsync(cancellationToken: cancellationToken);
        Console.WriteLine($"servers: {await Servers.GetModeAsync()}, fsync {await postgres.ShowAsync("fsync", cancellationToken)}");
        var ceilings = await Ceilings.MeasureAsync(postgres, rabbit, cancellationToken);
        Line("PostgreSQL commits, 1 client", ceilings.CommitsOneClient, "/s");
        Line("PostgreSQL commits, 8 clients", ceilings.CommitsEightClients, "/s");
        Line("MassTransit hop, quorum queue", ceilings.HopsPerSecond, "/s");

        string[] warmUp = [.. Enumerable.Range(0, WarmUpPayouts).Select(SuiteKeys.Player)];
        string[] players = [.. Enumerable.Range(WarmUpPayouts, options.Payouts).Select(SuiteKeys.Player)];
        var broker = await rabbit.CreateVirtualHostAsync("bench", cancellationToken);
        var database = await postgres.CreateDatabaseAsync("bench", cancellationToken);
        await using var suite = await SuiteProcesses.StartAsync(broker, database, new SuiteOptions
        {
            Signing = options.HotKey ? SigningMode.HotKey : SigningMode.LocalSigner,
            Channels = options.Channels,
            CloseTime = options.CloseTime,

            // What the suite can do is measured, not what mainnet gives one user of it.
            LedgerScale = 10,
            Players = [.. warmUp, .. players],
        }, cancellationToken);
        await suite.Game.PlayAsync("warm-up", 1, warmUp, cancellationToken);
        await suite.SettledAsync("warm-up", Within, cancellationToken);
        await suite.Database.ExecuteAsync("delete from payout_builder.payout_transitions", cancellationToken);

        await StatementCosts.BeginAsync(postgres, cancellationToken);
        var before = CpuTimes.Read(suite);
        var clock = Stopwatch.StartNew();
        await suite.Game.PlayAsync("measured", 2, players, cancellationToken);
        await FollowAsync(suite, options, clock, cancellationToken);
        await suite.SettledAsync("measured", Within, cancellationToken);
        var elapsed = clock.Elapsed;
        var after = CpuTimes.Read(suite);
        var statements = await StatementCosts.ReadAsync(postgres, database.Name, options.Payouts, cancellationToken);
        suite.ShouldHavePaidEachOnce(2, players);
        await RoundTimes.ProveAsync(suite, Within, cancellationToken);

        var result = new BenchResult(
            Date: TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            Cores: Environment.ProcessorCount,
            options.Payouts, options.Channels, options.CloseTime.TotalMilliseconds, options.HotKey ? "hot key" : "local signer",
            Seconds: Math.Round(elapsed.TotalSeconds, 2),
            SettledPerSecond: Math.Round(options.Payouts / elapsed.TotalSeconds, 1),
            ceilings,
            await RoundTimes.ReadAsync(suite, "measured", cancellationToken),
            Stages: await StageLatency.ReadAsync(suite, cancellationToken),
            CpuMsPerPayout: after.ToDictionary(x => x.Key, x => Math.Round((x.Value - before.GetValueOrDefault(x.Key)) * 1000 / options.Payouts, 3)),
            Statements: statements,
            Guards: options.HotKey ? [] : await GuardCosts.MeasureAsync(suite, cancellationToken));
        Print(result);
        if (options.Json is { } file)
            await File.WriteAllTextAsync(file.FullName, JsonSerializer.Serialize(result, Json), cancellationToken);
        return 0;
    }

    private static async Task FollowAsync(SuiteProcesses suite, BenchOptions options, Stopwatch clock, CancellationToken cancellationToken)
    {
        while (true)
        {
            var confirmed = await suite.Database.ReadAsync<long>("select count(*) from payout_builder.payouts where current_state = 'Confirmed' and round_id = 'measured'", cancellationToken);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {clock.Elapsed.TotalSeconds,6:0.0} s  {confirmed} of {options.Payouts} confirmed"));
            if (confirmed == options.Payouts || clock.Elapsed > Within)
                return;
            await Task.Delay(TimeSpan.FromSeconds(1), cancellationToken);
        }
    }

    private static void Print(BenchResult result)
    {
        Line("settled payouts", result.SettledPerSecond, $"/s  ({result.Payouts} in {result.Seconds.ToString(CultureInfo.InvariantCulture)} s, {result.Channels} channels, a ledger every {result.CloseTimeMs:0} ms, {result.Signing})");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  the round: all players in after {result.Round.ClosedMs:0} ms, resolved after {result.Round.ResolvedMs:0} more, settled after {result.Round.SettledMs:0} more"));
        foreach (var stage in result.Stages)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  in {stage.Stage,-22} p50 {stage.P50Ms,8:0} ms   p99 {stage.P99Ms,8:0} ms"));
        var total = result.CpuMsPerPayout.Values.Sum();
        foreach (var (process, ms) in result.CpuMsPerPayout.OrderByDescending(x => x.Value))
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  CPU {process,-21} {ms,8:0.000} ms a payout {ms / total,6:P0}"));
        Line("  CPU in all", total, $"ms a payout: {result.Cores} cores can do {(1000 * result.Cores / total).ToString("0", CultureInfo.InvariantCulture)} payouts/s");
        PrintSafety(result, total);
    }

    private static void PrintSafety(BenchResult result, double cpuMs)
    {
        Console.WriteLine("what safety costs, a payout:");
        var inServer = result.Statements.Sum(x => x.Milliseconds);
        foreach (var cost in result.Statements)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"  {cost.Purpose,-56} {cost.Milliseconds,7:0.000} ms in PostgreSQL {cost.Milliseconds / inServer,5:P0}, {cost.Statements,6:0.00} statements, {cost.Rows,6:0.0} rows"));
        }

        foreach (var guard in result.Guards)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {guard.Guard,-75} {guard.Microseconds,7:0} us, {guard.Microseconds / 1000 / cpuMs,5:P1} of the CPU"));
    }

    private static void Line(string what, double value, string unit) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what,-32}{value,10:0.0} {unit}"));
}

/// <summary>The results as JSON.</summary>
internal sealed record BenchResult(
    string Date, int Cores, int Payouts, int Channels, double CloseTimeMs, string Signing, double Seconds, double SettledPerSecond,
    Ceilings Ceilings, RoundTimes Round, IReadOnlyList<StageLatency> Stages, IReadOnlyDictionary<string, double> CpuMsPerPayout,
    IReadOnlyList<StatementCost> Statements, IReadOnlyList<GuardCost> Guards);
