using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Payouts.Builder.Deciding;
using Payouts.Builder.Reconciling;
using Payouts.Builder.Saga;
using Payouts.Builder.Tests.Support;
using Payouts.Contracts;
using Payouts.Hosting.DeadLetters;
using Payouts.Hosting.Retention;
using Payouts.Tests.Support;

namespace Payouts.Builder.Tests.Retention;

/// <summary>What is forgotten at the bound, what never is, and a service that runs for ten years.</summary>
public sealed class When_history_grows_old(Servers servers)
{
    private const int Days = 400;
    private static readonly string[] Tables = ["payout_transitions", "decision_steps", "ledger_movements", "reconciliation_findings", "dead_letters", "inbox", "outbox"];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static TheoryData<string> Databases => [BuilderStore.Sqlite, BuilderStore.Postgres];

    [Theory(Timeout = 120_000)]
    [MemberData(nameof(Databases))]
    public async Task Should_forget_at_the_bound_and_not_before(string database)
    {
        await using var store = await BuilderStore.CreateAsync(servers, database);
        var bound = store.Clock.GetUtcNow() - TimeSpan.FromDays(Days);
        var young = await AddHistoryAsync(store, "Confirmed", bound);
        var old = await AddHistoryAsync(store, "Confirmed", bound.AddMilliseconds(-1));
        foreach (var state in new[] { "OnHold", "Failed", "Submitting" })
            await AddHistoryAsync(store, state, bound.AddYears(-5));

        await Loop(store).ForgetAsync(Cancelled);

        (await store.PayoutsAsync()).Count.ShouldBe(5, "a debt and its end stay for ever");
        (await store.ReadAsync((db, token) => db.Transitions.Select(x => x.PayoutId).ToListAsync(token))).ShouldNotContain(old);
        (await CountsAsync(store)).ShouldBe(
            ["payout_transitions 4", "decision_steps 4", "ledger_movements 1", "reconciliation_findings 1", "dead_letters 9", "inbox 0", "outbox 0"],
            "of those that are open history and decisions stay; a letter that was not replayed waits for a human");
        (await store.ReadAsync((db, token) => db.Transitions.CountAsync(x => x.PayoutId == young, token))).ShouldBe(1);
    }

    /// <summary>Somebody paid by hand long before the round was announced: the proof stays as long as the debt is compared.</summary>
    [Fact(Timeout = 120_000)]
    public async Task Should_keep_the_proof_of_a_debt_that_is_still_compared()
    {
        await using var store = await BuilderStore.CreateAsync(servers, BuilderStore.Sqlite);
        var bound = store.Clock.GetUtcNow() - TimeSpan.FromDays(Days);
        var payout = store.Waiting(1);
        (payout.PlannedAt, payout.CurrentState) = (bound, "Confirmed");
        await store.AddAsync(payout, Movement(payout.CorrelationId, bound.AddDays(-100)));

        await Loop(store).ForgetAsync(Cancelled);

        (await CountsAsync(store)).ShouldContain("ledger_movements 1");
    }

    [Fact(Timeout = 120_000)]
    public async Task Should_ignore_or_refuse_the_same_debt_when_its_history_is_gone()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 7, 1, 12, 0, 0, TimeSpan.Zero));
        await using var host = await BuilderHost.StartAsync(clock: clock);
        await host.SendAsync(Sample.Round(1, ("one", 10_000_000)));
        await Probe.Until("it is planned", async _ => (await host.PayoutsAsync()).Count == 1);
        await host.ReadAsync((db, token) => db.Database.ExecuteSqlRawAsync("update payouts set current_state = 'Confirmed'", token));
        await Probe.Until("history and inbox are gone", async _ =>
        {
            clock.Advance(TimeSpan.FromDays(1));
            return (await host.HistoryAsync()).Count + await host.HandledAsync();
        }, left => left == 0, TimeSpan.FromSeconds(100));

        await host.SendAsync(Sample.Round(1, ("one", 10_000_000)));
        await host.SendAsync(Sample.Round(1, ("one", 20_000_000)));

        var letter = await Probe.Until("another amount is refused", async _ => (await host.LettersAsync()).SingleOrDefault(), x => x is not null);
        letter!.Reason.ShouldBe("OrderConflict");
        var payout = (await host.PayoutsAsync()).ShouldHaveSingleItem();
        (payout.CurrentState, payout.Amount).ShouldBe(("Confirmed", new Stroops(10_000_000)));
        (await host.HistoryAsync()).ShouldBeEmpty("the same debt again changes nothing");
    }

    [Fact(Timeout = 240_000)]
    public async Task Should_stop_growing_on_a_system_that_runs_for_ten_years()
    {
        const int PayoutsPerMonth = 50;
        await using var store = await BuilderStore.CreateAsync(servers, BuilderStore.Sqlite);
        var loop = Loop(store);
        using var inbox = new Hosting.Messaging.InboxCleaner<BuilderDbContext>(store.Units, store.Clock, NullLogger<Hosting.Messaging.InboxCleaner<BuilderDbContext>>.Instance);
        var most = new Dictionary<int, long>();
        for (var month = 0; month < 120; month++)
        {
            for (var i = 0; i < PayoutsPerMonth; i++)
                await AddHistoryAsync(store, "Confirmed", store.Clock.GetUtcNow(), replayed: true);
            await store.SqlAsync(string.Create(CultureInfo.InvariantCulture, $"insert into inbox values ('month', '{Guid.NewGuid()}', '{store.Clock.GetUtcNow():yyyy-MM-dd HH:mm:ss}')"));
            store.Clock.Advance(TimeSpan.FromDays(30.4));
            while (await loop.ForgetAsync(Cancelled) | await inbox.StepOnceAsync(Cancelled))
            {
                // There is more to forget.
            }

            var rows = (await CountsAsync(store)).Sum(x => long.Parse(x.Split(' ')[1], CultureInfo.InvariantCulture));
            most[month / 12] = Math.Max(most.GetValueOrDefault(month / 12), rows);
        }

        // 400 days are 13 to 14 months; a month leaves five rows of history for each payout.
        most[9].ShouldBe(most[2], $"rows of history, the most in each year: {string.Join(", ", most.Values)}");
        most[9].ShouldBeLessThanOrEqualTo(14 * PayoutsPerMonth * 5);
        (await store.PayoutsAsync()).Count.ShouldBe(120 * PayoutsPerMonth);
    }

    private static RetentionLoop<BuilderDbContext> Loop(BuilderStore store) => new(
        store.Units, [new("dead_letters", "id", "dead_letters.replayed_at < $1"), .. BuilderRetention.Rules], new RetentionOptions(TimeSpan.FromDays(Days)), store.Clock,
        NullLogger<RetentionLoop<BuilderDbContext>>.Instance);

    /// <summary>A payout that ended then, and one row of every kind about it.</summary>
    private static async Task<Guid> AddHistoryAsync(BuilderStore store, string state, DateTimeOffset at, bool replayed = false)
    {
        var payout = store.Waiting(1);
        (payout.CurrentState, payout.PlannedAt, payout.EnteredStateAt) = (state, at.AddMinutes(-1), at);
        var id = payout.CorrelationId;
        var letter = new DeadLetter { Id = Guid.CreateVersion7(), Queue = "q", Body = [1], Reason = "r", Detail = "d", DiedAt = at, ReplayedAt = replayed || state == "Confirmed" ? at : null };
        await store.AddAsync(
            payout, letter, Movement(id, at),
            new PayoutTransition { PayoutId = id, Number = 1, FromState = "Initial", ToState = "Building", Event = "PayoutPlanned", At = at },
            new DecisionStep { DecisionId = Guid.CreateVersion7(), Step = 1, PayoutId = id, Kind = DecisionKind.Retry, Status = DecisionStatus.Applied, ByWhom = "Ana", Reason = "r", At = at, Currency = "XLM", BeforeState = "OnHold", AfterState = "Building" },
            new ReconciliationFinding { Kind = FindingKind.PaidButNotConfirmed, Subject = id.ToString(), Detail = "d", FoundAt = at, ResolvedAt = at });
        if (!replayed)
            await store.AddAsync(new DeadLetter { Id = Guid.CreateVersion7(), Queue = "q", Body = [1], Reason = "r", Detail = "d", DiedAt = at.AddYears(-10) });
        return id;
    }

    private static LedgerMovement Movement(Guid payout, DateTimeOffset at) =>
        new() { EventId = Guid.CreateVersion7().ToString(), TransactionHash = "a", ClosedAt = at, Winner = "G", Currency = "XLM", PayoutId = payout };

    private static async Task<List<string>> CountsAsync(BuilderStore store)
    {
        var counts = new List<string>();
        foreach (var table in Tables)
        {
            var count = string.Concat("select count(*) as value from ", table);
            var rows = await store.ReadAsync((db, token) => db.Database.SqlQueryRaw<long>(count).ToListAsync(token));
            counts.Add(string.Create(CultureInfo.InvariantCulture, $"{table} {rows[0]}"));
        }

        return counts;
    }
}
