using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Payouts.Contracts;
using Payouts.Hosting.Configuration;
using Payouts.Hosting.Database;
using Payouts.Hosting.Messaging;
using Payouts.Rounds;
using Payouts.Rounds.Cancelling;
using Payouts.Rounds.Game;
using Payouts.Rounds.Intake;
using Payouts.Rounds.Storage;
using Payouts.Rounds.Trail;
using Payouts.Tests.Support;

namespace Payouts.Bench.Resolving;

/// <summary>One resolution, step by step.</summary>
/// <param name="Read">The message's bytes become a draw, every account's checksum included.</param>
/// <param name="Decide">The round is locked, its entries loaded, the policy asked, inputs and outcome hashed.</param>
/// <param name="Store">Round, debts, resolution, trail and outgoing message are written and committed.</param>
internal readonly record struct Steps(TimeSpan Read, TimeSpan Decide, TimeSpan Store)
{
    public TimeSpan Total => Read + Decide + Store;
}

/// <summary>The rounds service's own parts on a PostgreSQL of the bench: no broker stands in between, and nothing of it runs by itself.</summary>
internal sealed class RoundsStage : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private uint _rounds;

    private RoundsStage(ServiceProvider services) => _services = services;

    public static async Task<RoundsStage> StartAsync(TestDatabase database, CancellationToken cancellationToken)
    {
        var settings = new Settings(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { ["DATABASE_URL"] = database.Url }).Build());
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton(TimeProvider.System);
        new RoundsModule().AddServices(services, settings);
        settings.ThrowIfWrong();
        var stage = new RoundsStage(services.BuildServiceProvider());
        await MigrationRunner.RunAsync(stage.Get<DatabaseOf<RoundsDbContext>>().Settings, typeof(RoundsDbContext).Assembly, cancellationToken);
        return stage;
    }

    /// <summary>Opens rounds and closes them with this many players; 0: they stay open.</summary>
    public async Task<IReadOnlyList<string>> PrepareAsync(int rounds, int players, CancellationToken cancellationToken)
    {
        var numbers = Enumerable.Range(0, rounds).Select(_ => ++_rounds).ToList();
        var names = numbers.ConvertAll(number => string.Create(CultureInfo.InvariantCulture, $"round-{number}"));
        await ApplyAsync(numbers.Select((number, i) => (GameEvent)GameEventReader.Read(SampleRounds.Opened(names[i], number))), cancellationToken);
        foreach (var name in players == 0 ? [] : names)
            await ApplyAsync([GameEventReader.Read(SampleRounds.Entered(name, players)), GameEventReader.Read(new GameRoundClosed { RoundId = name, EntryCount = players })], cancellationToken);
        return names;
    }

    /// <summary>Resolves a closed round as the consumer of its draw does, in one transaction.</summary>
    public async Task<Steps> ResolveAsync(string roundId, string policy, int players, CancellationToken cancellationToken)
    {
        var body = policy == SampleRounds.Refund ? null : JsonSerializer.SerializeToUtf8Bytes(SampleRounds.Drawn(roundId, policy, players), ContractsJson.Options);
        var clock = Stopwatch.StartNew();
        var draw = body is null ? null : GameEventReader.Read(JsonSerializer.Deserialize<GameRoundDrawn>(body, ContractsJson.Options)!);
        var read = clock.Elapsed;
        await using var unit = await Get<UnitOfWorkFactory<RoundsDbContext>>().BeginAsync(cancellationToken);
        if (draw is null)
        {
            var refusal = await Get<RoundCancellation>().CancelAsync(unit, roundId, "bench", "measured", cancellationToken);
            Require(refusal is null, $"{roundId} is not cancelled: {refusal?.Detail}");
        }
        else
        {
            var message = Guid.CreateVersion7();
            await unit.AcceptAsync(draw.Name, [message], cancellationToken);
            await Get<GameEventHandler>().HandleAsync([new Arrival(draw, message, unit.Now)], unit, cancellationToken);
        }

        var decided = clock.Elapsed;
        await unit.CommitAsync(cancellationToken);
        return new Steps(read, decided - read, clock.Elapsed - decided);
    }

    /// <summary>Puts what grew under one checkpoint.</summary>
    public async Task<(int Trails, TimeSpan Took)> CheckpointAsync(CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        return (await Get<RoundCheckpoints>().CheckpointAsync(cancellationToken), clock.Elapsed);
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _services.DisposeAsync();

    private static void Require(bool holds, string otherwise)
    {
        if (!holds)
            throw new InvalidOperationException(otherwise);
    }

    private T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    private async Task ApplyAsync(IEnumerable<GameEvent> events, CancellationToken cancellationToken)
    {
        await using var unit = await Get<UnitOfWorkFactory<RoundsDbContext>>().BeginAsync(cancellationToken);
        await Get<GameEventHandler>().HandleAsync([.. events.Select(x => new Arrival(x, Guid.CreateVersion7(), unit.Now))], unit, cancellationToken);
        await unit.CommitAsync(cancellationToken);
    }
}
