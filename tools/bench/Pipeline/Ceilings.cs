using System.Diagnostics;
using MassTransit;
using Npgsql;
using Payouts.Tests.Support;

namespace Payouts.Bench.Pipeline;

/// <summary>What this machine can do at best, measured in the same run on the same servers.</summary>
/// <param name="CommitsOneClient">PostgreSQL commits a second, one client.</param>
/// <param name="CommitsEightClients">PostgreSQL commits a second, eight clients.</param>
/// <param name="HopsPerSecond">Messages a second through one MassTransit consumer on a quorum queue, published with confirms.</param>
internal sealed record Ceilings(double CommitsOneClient, double CommitsEightClients, double HopsPerSecond)
{
    private const int Messages = 5_000;
    private static readonly TimeSpan CommitTime = TimeSpan.FromSeconds(3);

    public static async Task<Ceilings> MeasureAsync(PostgreSqlServer postgres, RabbitMqServer rabbit, CancellationToken cancellationToken) => new(
        await CommitsAsync(postgres, 1, cancellationToken),
        await CommitsAsync(postgres, 8, cancellationToken),
        await HopsAsync(rabbit, cancellationToken));

    /// <summary>PostgreSQL commits a second.</summary>
    public static async Task<double> CommitsAsync(PostgreSqlServer postgres, int clients, CancellationToken cancellationToken)
    {
        var database = await postgres.CreateDatabaseAsync("ceiling", cancellationToken);
        await database.ExecuteAsync("create table commits (client int, n int)", cancellationToken);
        var total = 0;
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, clients).Select(async client =>
        {
            await using var connection = await database.OpenAsync(cancellationToken);
            await using var command = new NpgsqlCommand("insert into commits values ($1, $2)", connection) { Parameters = { new() { Value = client }, new() { Value = 0 } } };
            await command.PrepareAsync(cancellationToken);
            while (clock.Elapsed < CommitTime)
            {
                await command.ExecuteNonQueryAsync(cancellationToken);
                Interlocked.Increment(ref total);
            }
        }));
        return total / clock.Elapsed.TotalSeconds;
    }

    private static async Task<double> HopsAsync(RabbitMqServer rabbit, CancellationToken cancellationToken)
    {
        var host = await rabbit.CreateVirtualHostAsync("ceiling", cancellationToken);
        var arrived = 0;
        var done = new TaskCompletionSource();
        var bus = Bus.Factory.CreateUsingRabbitMq(configurator =>
        {
            configurator.Host(new Uri(host.Url));
            configurator.ReceiveEndpoint("ceiling", endpoint =>
            {
                endpoint.SetQuorumQueue();
                endpoint.PrefetchCount = 200;
                endpoint.Handler<Hop>(_ =>
                {
                    if (Interlocked.Increment(ref arrived) == Messages)
                        done.TrySetResult();
                    return Task.CompletedTask;
                });
            });
        });
        await bus.StartAsync(cancellationToken);
        try
        {
            var clock = Stopwatch.StartNew();
            await Parallel.ForEachAsync(Enumerable.Range(0, Messages), new ParallelOptions { MaxDegreeOfParallelism = 200, CancellationToken = cancellationToken },
                async (number, token) => await bus.Publish(new Hop(number), token));
            await done.Task.WaitAsync(TimeSpan.FromMinutes(1), cancellationToken);
            return Messages / clock.Elapsed.TotalSeconds;
        }
        finally
        {
            await bus.StopAsync(cancellationToken);
        }
    }
}

/// <summary>A message that carries nothing.</summary>
/// <param name="Number">Its number.</param>
public sealed record Hop(int Number);
