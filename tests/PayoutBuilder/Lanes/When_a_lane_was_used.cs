using Payouts.Builder.Lanes;
using Payouts.Builder.Saga;
using Payouts.Builder.Tests.Support;
using Payouts.Contracts;
using Payouts.Tests.Support;

namespace Payouts.Builder.Tests.Lanes;

/// <summary>What the end of a slot does to its lane: the one that was used last goes last, and one whose outcome nobody knows for sure rests.</summary>
public sealed class When_a_lane_was_used(Servers servers)
{
    [Theory(Timeout = 120_000)]
    [InlineData(BuilderStore.Sqlite)]
    [InlineData(BuilderStore.Postgres)]
    public async Task Should_take_the_one_that_was_used_least_recently(string database)
    {
        await using var store = await BuilderStore.CreateAsync(servers, database);
        await store.AddAsync(When_slots_are_leased.Lane("a", 10, 1, store), When_slots_are_leased.Lane("b", 20, 2, store), When_slots_are_leased.Lane("c", 30, 3, store));
        var lanes = new List<string>();

        // Each is paid before the next comes, so every lane is free every time.
        for (var number = 1; number <= 6; number++)
        {
            store.Clock.Advance(TimeSpan.FromSeconds(10));
            var payout = await LeasedAsync(store, number);
            lanes.Add(payout.Channel!);
            store.Clock.Advance(TimeSpan.FromSeconds(10));
            await store.RaiseAsync(payout.CorrelationId, store.Machine.PayoutConfirmed, Confirmed);
        }

        lanes.ShouldBe(new[] { "a", "b", "c", "a", "b", "c" }.Select(When_slots_are_leased.Account));
    }

    [Theory(Timeout = 120_000)]
    [InlineData("burned", BuilderStore.Sqlite)]
    [InlineData("burned", BuilderStore.Postgres)]
    [InlineData("consumed elsewhere", BuilderStore.Sqlite)]
    [InlineData("consumed elsewhere", BuilderStore.Postgres)]
    public async Task Should_rest_after_an_outcome_that_nobody_knows_for_sure(string how, string database)
    {
        await using var store = await BuilderStore.CreateAsync(servers, database, Sample.Options() with { ChannelRest = TimeSpan.FromSeconds(6) });
        await store.AddAsync(When_slots_are_leased.Lane("a", 10, 1, store));
        var payout = await LeasedAsync(store, 1);
        await store.SqlAsync("update payouts set current_state = 'AwaitingConfirmation', transaction_hash = 'hash'");
        var ended = store.Clock.GetUtcNow();
        if (how == "burned")
            await store.RaiseAsync(payout.CorrelationId, store.Machine.SlotBurned, saga => new SlotBurned
            {
                PayoutId = saga.Id, Attempt = saga.Attempt, Slot = saga.Slot!, TransactionHash = new string('b', 64), Ledger = 6,
            });
        else
            await store.RaiseAsync(payout.CorrelationId, store.Machine.PayoutUnresolved, saga => new PayoutUnresolved
            {
                PayoutId = saga.Id, Attempt = saga.Attempt, Slot = saga.Slot!, TransactionHash = new string('b', 64), Code = FailureCode.SlotConsumedElsewhere, Detail = "another transaction has the number",
            });
        (await store.ChannelAsync(When_slots_are_leased.Account("a"))).RestsUntil.ShouldBe(ended + TimeSpan.FromSeconds(6));
        await store.SqlAsync("update payouts set current_state = 'OnHold' where current_state = 'Building'");
        var next = store.Waiting(2);
        next.PlannedAt = ended;
        await store.AddAsync(next);

        store.Clock.Advance(TimeSpan.FromSeconds(6) - TimeSpan.FromTicks(10));
        using (var dispatcher = store.Dispatcher())
            await dispatcher.StepOnceAsync(TestContext.Current.CancellationToken);
        (await store.PayoutAsync(next.CorrelationId)).Slot.ShouldBeNull("it rests");

        store.Clock.Advance(TimeSpan.FromTicks(10));
        using (var dispatcher = store.Dispatcher())
            await dispatcher.StepOnceAsync(TestContext.Current.CancellationToken);
        (await store.PayoutAsync(next.CorrelationId)).SequenceNumber.ShouldBe(11);
    }

    [Fact(Timeout = 120_000)]
    public async Task Should_not_rest_after_the_ledgers_own_word()
    {
        await using var store = await BuilderStore.CreateAsync(servers, BuilderStore.Sqlite);
        await store.AddAsync(When_slots_are_leased.Lane("a", 10, 1, store));
        var payout = await LeasedAsync(store, 1);

        await store.RaiseAsync(payout.CorrelationId, store.Machine.PayoutConfirmed, Confirmed);

        (await store.ChannelAsync(When_slots_are_leased.Account("a"))).RestsUntil.ShouldBeNull();
    }

    private static async Task<Payout> LeasedAsync(BuilderStore store, int number)
    {
        var payout = store.Waiting(number);
        payout.PlannedAt = store.Clock.GetUtcNow();
        await store.AddAsync(payout);
        using var dispatcher = store.Dispatcher();
        await dispatcher.StepOnceAsync(TestContext.Current.CancellationToken);
        var leased = await store.PayoutAsync(payout.CorrelationId);
        leased.Slot.ShouldNotBeNull();
        return leased;
    }

    private static PayoutConfirmed Confirmed(Payout saga) => new()
    {
        PayoutId = saga.Id, Attempt = saga.Attempt, Slot = saga.Slot!, TransactionHash = new string('a', 64), Ledger = 5, Paid = saga.Amount,
    };
}
