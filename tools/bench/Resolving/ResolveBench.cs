using System.Globalization;
using System.Text.Json;
using Payouts.Bench.Pipeline;
using Payouts.Bench.Safety;
using Payouts.Tests.Support;

namespace Payouts.Bench.Resolving;

/// <summary>How long a round takes from its draw's bytes to the commit of what it owes, and what of it is the trail's.</summary>
internal static class ResolveBench
{
    /// <summary>As many as the service puts under one checkpoint.</summary>
    private const int TrailsOfACheckpoint = 1_000;

    private const int WarmUpPlayers = 200;
    private const int WarmUpRounds = 40;
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static async Task<int> RunAsync(IReadOnlyList<int> sizes, int repeats, FileInfo? json, CancellationToken cancellationToken)
    {
        // A server of its own: those that tests share answer a commit before it is on the disk.
        await using var postgres = await PostgreSqlServer.StartNewAsync(new PostgreSqlOptions { CountsStatements = true }, cancellationToken);
        Console.WriteLine($"servers: {await Servers.GetModeAsync()}, fsync {await postgres.ShowAsync("fsync", cancellationToken)}");
        var result = await MeasureAsync(postgres, sizes, repeats, cancellationToken);
        Print(result);
        if (json is not null)
            await File.WriteAllTextAsync(json.FullName, JsonSerializer.Serialize(result, Json), cancellationToken);
        return 0;
    }

    private static async Task<ResolveResult> MeasureAsync(PostgreSqlServer postgres, IReadOnlyList<int> sizes, int repeats, CancellationToken cancellationToken)
    {
        var commits = await Ceilings.CommitsAsync(postgres, 1, cancellationToken);
        var database = await postgres.CreateDatabaseAsync("resolve", cancellationToken);
        await using var stage = await RoundsStage.StartAsync(database, cancellationToken);
        foreach (var policy in SampleRounds.Policies)
        {
            // The compiler's work is not a resolution's.
            foreach (var round in await stage.PrepareAsync(WarmUpRounds, WarmUpPlayers, cancellationToken))
                await stage.ResolveAsync(round, policy, WarmUpPlayers, cancellationToken);
            PureTimes.Measure(policy, WarmUpPlayers, WarmUpRounds);
            await stage.CheckpointAsync(cancellationToken);
        }

        var rows = new List<ResolveRow>();
        foreach (var players in sizes)
        {
            var bare = await BareWrite.MeasureAsync(database, players, repeats, cancellationToken);
            foreach (var policy in SampleRounds.Policies)
                rows.Add(await MeasureAsync(postgres, database, stage, policy, players, repeats, bare, cancellationToken));
        }

        await stage.PrepareAsync(TrailsOfACheckpoint, players: 0, cancellationToken);
        var (trails, took) = await stage.CheckpointAsync(cancellationToken);
        return new ResolveResult(
            TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), Environment.ProcessorCount, repeats, Math.Round(commits, 1), rows, trails, Math.Round(took.TotalMilliseconds, 1));
    }

    private static async Task<ResolveRow> MeasureAsync(
        PostgreSqlServer postgres, TestDatabase database, RoundsStage stage, string policy, int players, int repeats, double bare, CancellationToken cancellationToken)
    {
        var pure = PureTimes.Measure(policy, players, repeats);
        var rounds = await stage.PrepareAsync(repeats, players, cancellationToken);
        await stage.CheckpointAsync(cancellationToken);
        await StatementCosts.BeginAsync(postgres, cancellationToken);
        var steps = new List<Steps>();
        foreach (var round in rounds)
            steps.Add(await stage.ResolveAsync(round, policy, players, cancellationToken));
        var statements = await StatementCosts.ReadAsync(postgres, database.Name, repeats, cancellationToken);
        double InServer(string purpose) => Math.Round(statements.FirstOrDefault(x => x.Purpose == purpose)?.Milliseconds ?? 0, 3);
        var (trails, checkpoint) = await stage.CheckpointAsync(cancellationToken);
        if (trails != repeats)
            throw new InvalidOperationException($"{trails} trails came under a checkpoint, not {repeats}");
        return new ResolveRow(
            policy, players, Median.Of(steps.Select(x => x.Total)), Median.Of(steps.Select(x => x.Read)), Median.Of(steps.Select(x => x.Decide)), Median.Of(steps.Select(x => x.Store)),
            pure.PolicyMs, pure.HashesMs, InServer(StatementCosts.Trail), InServer(StatementCosts.Outbox), InServer(StatementCosts.Disk), bare, Math.Round(checkpoint.TotalMilliseconds / trails, 3));
    }

    private static void Print(ResolveResult result)
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"PostgreSQL commits, 1 client {result.CommitsPerSecond:0.0} /s; medians of {result.Repeats}, in ms"));
        Console.WriteLine("players  policy              whole  of it: read   decide    store   policy alone   hashes   trail in PostgreSQL   outbox there   disk   bare write   checkpoint a trail");
        foreach (var row in result.Rows)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{row.Players,7}  {row.Policy,-16}{row.TotalMs,9:0.0}{row.ReadMs,13:0.0}{row.DecideMs,9:0.0}{row.StoreMs,9:0.0}{row.PolicyMs,15:0.00}{row.HashesMs,9:0.00}{row.TrailInServerMs,22:0.00}{row.OutboxInServerMs,15:0.00}{row.DiskMs,7:0.00}{row.BareWriteMs,13:0.0}{row.CheckpointMs,21:0.00}"));
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"one checkpoint over {result.CheckpointTrails} trails: {result.CheckpointMs:0.0} ms"));
    }
}

/// <summary>One size under one policy; milliseconds a round.</summary>
/// <param name="Policy">refund: the round is cancelled.</param>
/// <param name="Players">How many entered.</param>
/// <param name="TotalMs">From the draw's bytes to the commit; median.</param>
/// <param name="ReadMs">As <see cref="Steps.Read"/>; median.</param>
/// <param name="DecideMs">As <see cref="Steps.Decide"/>; median.</param>
/// <param name="StoreMs">As <see cref="Steps.Store"/>; median.</param>
/// <param name="PolicyMs">The pure policy; median.</param>
/// <param name="HashesMs">Hashes of inputs and outcome; median.</param>
/// <param name="TrailInServerMs">Statements on the trail's tables, time in PostgreSQL; mean.</param>
/// <param name="OutboxInServerMs">Statements on the outbox, time in PostgreSQL; mean.</param>
/// <param name="DiskMs">PostgreSQL's waits for the disk; mean.</param>
/// <param name="BareWriteMs">The machine's ceiling: as many rows and bytes in one commit by bare Npgsql; median.</param>
/// <param name="CheckpointMs">What putting one such trail under a checkpoint costs, outside the resolution.</param>
internal sealed record ResolveRow(
    string Policy, int Players, double TotalMs, double ReadMs, double DecideMs, double StoreMs, double PolicyMs, double HashesMs, double TrailInServerMs, double OutboxInServerMs,
    double DiskMs, double BareWriteMs, double CheckpointMs);

/// <summary>The results as JSON.</summary>
internal sealed record ResolveResult(string Date, int Cores, int Repeats, double CommitsPerSecond, IReadOnlyList<ResolveRow> Rows, int CheckpointTrails, double CheckpointMs);
