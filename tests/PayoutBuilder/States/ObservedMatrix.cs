using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Payouts.Builder.Lanes;
using Payouts.Builder.Tests.Support;
using Payouts.Contracts;
using Payouts.Hosting.Messaging;
using Payouts.Tests.Support;

namespace Payouts.Builder.Tests.States;

/// <summary>One observation serves the table and the document.</summary>
[CollectionDefinition(Name)]
public sealed class ObservedMatrixCollection : ICollectionFixture<ObservedMatrix>
{
    public const string Name = "the observed matrix";
}

/// <summary>What the machine really does: every event raised in every state, on a database, and the difference written as a cell.</summary>
public sealed class ObservedMatrix : IAsyncLifetime
{
    private static readonly Dictionary<string, char> Letters = new(StringComparer.Ordinal)
    {
        [Wire.UrnOf(typeof(AuthorizePayout))] = 'a',
        [Wire.UrnOf(typeof(BuildPayout))] = 'b',
        [Wire.UrnOf(typeof(SignPayout))] = 's',
        [Wire.UrnOf(typeof(SubmitPayout))] = 'u',
        [Wire.UrnOf(typeof(BurnSlot))] = 'n',
        [Wire.UrnOf(typeof(WatchSlot))] = 'w',
        [Wire.UrnOf(typeof(VerifyPayout))] = '?',
        [Wire.UrnOf(typeof(PayoutOnHold))] = 'h',
        [Wire.UrnOf(typeof(PayoutSettled))] = '$',
    };

    private readonly Dictionary<(Happening, Situation), string> _cells = [];
    private readonly HashSet<(string From, string To, string Event)> _transitions = [];
    private int _number;

    /// <summary>The machine's states and events.</summary>
    internal IReadOnlyList<string> States { get; private set; } = [];

    internal IReadOnlyList<string> Events { get; private set; } = [];

    /// <summary>Changes of state that were seen, by the event that made them.</summary>
    internal IReadOnlySet<(string From, string To, string Event)> Transitions => _transitions;

    public async ValueTask InitializeAsync()
    {
        var servers = new Servers();
        await using var live = await BuilderStore.CreateAsync(servers, BuilderStore.Sqlite, Sample.Options(attemptsMax: Happening.AttemptsMax));
        await using var dry = await BuilderStore.CreateAsync(servers, BuilderStore.Sqlite, Sample.Options(liveExecution: false, attemptsMax: Happening.AttemptsMax));
        States = [.. live.Machine.States.Select(x => x.Name)];
        Events = [.. live.Machine.Events.Select(x => x.Name).Where(name => !name.Contains('.', StringComparison.Ordinal))];
        foreach (var happening in Happening.All)
        {
            foreach (var situation in Situation.All)
                _cells[(happening, situation)] = await ObserveAsync(happening.Live ? live : dry, happening, situation);
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>One row: its cells in the order of the columns, one space between two.</summary>
    internal string Row(string row) => string.Join(' ', Situation.All.Select(situation => _cells[(Happening.All.Single(x => x.Row == row), situation)]));

    private async Task<string> ObserveAsync(BuilderStore store, Happening happening, Situation situation)
    {
        var payout = situation.Payout(store, ++_number, happening.Attempt);
        payout.Restores = happening.Restores;
        // The payout source account is the lane of several cells.
        await store.SqlAsync("delete from slots; delete from channels");
        await store.AddAsync([payout, .. Situation.Lane(store, payout)]);
        var owned = payout.Slot;
        var before = Snapshot(payout);
        try
        {
            await happening.RaiseAsync(store, payout.CorrelationId);
        }
        catch (Exception refused) when (refused is not OperationCanceledException)
        {
            Snapshot(await store.PayoutAsync(payout.CorrelationId)).ShouldBe(before, "what is refused changes nothing");
            return "x";
        }

        var after = await store.PayoutAsync(payout.CorrelationId);
        var messages = await TakeMessagesAsync(store);
        var slot = owned is null ? "" : Slot(await store.ChannelAsync(owned.Channel), owned.SequenceNumber);
        if (after.CurrentState != situation.State)
            _transitions.Add((situation.State, after.CurrentState, happening.Label));
        return Snapshot(after) == before && messages.Length + slot.Length == 0
            ? "."
            : Situation.Short(after.CurrentState) + (messages.Length > 0 ? "+" + messages : "") + slot;
    }

    /// <summary>A returned number is the lane's next one again.</summary>
    private static string Slot(Channel lane, long leased) => lane.OpenSlots > 0 ? "" : lane.NextSequence == leased ? "<" : "-";

    private static string Snapshot(Saga.Payout payout) => JsonSerializer.Serialize(payout, ContractsJson.Options);

    private static Task<string> TakeMessagesAsync(BuilderStore store) => store.ReadAsync(async (db, token) =>
    {
        var types = await db.Database.SqlQuery<string>($"select message_type as value from outbox order by id").ToListAsync(token);
        var bodies = await db.Database.SqlQuery<byte[]>($"select body as value from outbox order by id").ToListAsync(token);
        await db.Database.ExecuteSqlAsync($"delete from outbox", token);
        return string.Concat(types.Zip(bodies, Letter));
    });

    private static char Letter(string type, byte[] body) => !Letters.TryGetValue(type, out var letter) ? throw new ShouldAssertException($"{type} is no message of the matrix")
        : letter == 'n' && JsonSerializer.Deserialize<BurnSlot>(body, ContractsJson.Options)!.RestoreXdr is not null ? 'r' : letter;
}
