using Microsoft.EntityFrameworkCore;
using Payouts.Builder.Lanes;
using Payouts.Builder.Saga;
using Payouts.Builder.Tests.Support;
using Payouts.Contracts;
using Payouts.Stellar;
using Payouts.Tests.Support;

namespace Payouts.Builder.Tests.Groups;

/// <summary>Several payouts of a round in one transaction: one leads, the others wait for its end, and one that fails holds up nobody.</summary>
public sealed class When_winners_share_a_transaction(Servers servers)
{
    private static readonly string ListLayout = "ctx:symbol, pool_id:u32, round_id:u32, payouts:list, currency:symbol";
    private static readonly string PrizeLayout = "game_id:u32, total_prize:i128, winners:list, currency:symbol";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory(Timeout = 120_000)]
    [InlineData(BuilderStore.Sqlite)]
    [InlineData(BuilderStore.Postgres)]
    public async Task Should_lease_one_slot_for_as_many_of_a_round_as_allowed(string database)
    {
        await using var store = await CreateAsync(database, ListLayout, recipients: 3);
        var round = await PlanAsync(store, "one", 7, lanes: 4);
        var other = await PlanAsync(store, "two", 1, lanes: 0);

        await LeaseAsync(store);

        var builds = await store.OutboxAsync<BuildPayout>();
        builds.ConvertAll(x => 1 + (x.Order.Others?.Count ?? 0)).Order().ShouldBe([1, 1, 3, 3]);
        builds.SelectMany(Winners).ShouldBe(round.Concat(other).Select(x => x.Winner), ignoreOrder: true);
        builds.ShouldAllBe(x => Winners(x).Intersect(other.Select(o => o.Winner)).Count() == 0 || x.Order.Others == null);
        var states = (await store.PayoutsAsync()).GroupBy(x => x.CurrentState).ToDictionary(x => x.Key, x => x.Count());
        states.ShouldBe(new Dictionary<string, int> { ["Building"] = 4, ["Grouped"] = 4 }, ignoreOrder: true);
    }

    [Fact(Timeout = 120_000)]
    public async Task Should_confirm_all_of_them_by_one_success()
    {
        await using var store = await CreateAsync(BuilderStore.Sqlite, ListLayout, recipients: 10);
        var round = await PlanAsync(store, "one", 4, lanes: 1);
        var leader = await LeadAsync(store);

        await store.RaiseAsync(leader, store.Machine.PayoutConfirmed, saga => Confirmed(saga, saga.Order.Total()));

        (await store.PayoutsAsync()).ShouldAllBe(x => x.CurrentState == "Confirmed" && x.TransactionHash == new string('a', 64) && x.Ledger == 5 && x.LeaderId == null);
        var settled = await store.OutboxAsync<PayoutSettled>();
        settled.Select(x => (x.Winner, x.Paid)).ShouldBe(round.Select(x => (x.Winner, x.Amount)), ignoreOrder: true);
        (await store.ReadAsync((db, token) => db.Slots.CountAsync(token))).ShouldBe(0);
    }

    [Fact(Timeout = 120_000)]
    public async Task Should_hold_all_of_them_when_the_success_paid_otherwise()
    {
        await using var store = await CreateAsync(BuilderStore.Sqlite, ListLayout, recipients: 10);
        await PlanAsync(store, "one", 3, lanes: 1);
        var leader = await LeadAsync(store);

        await store.RaiseAsync(leader, store.Machine.PayoutConfirmed, saga => Confirmed(saga, saga.Amount));

        (await store.PayoutsAsync()).ShouldAllBe(x => x.CurrentState == "OnHold" && x.HoldCode == FailureCode.NotTransferred);
        (await store.OutboxAsync<PayoutOnHold>()).Count.ShouldBe(3);
    }

    /// <summary>The third of eight fails whoever is with it; builds and halves go on until it stands alone.</summary>
    [Theory(Timeout = 120_000)]
    [InlineData(BuilderStore.Sqlite)]
    [InlineData(BuilderStore.Postgres)]
    public async Task Should_halve_a_group_that_cannot_be_built_until_who_fails_stands_alone(string database)
    {
        await using var store = await CreateAsync(database, ListLayout, recipients: 8);
        var round = await PlanAsync(store, "one", 8, lanes: 8);
        var bad = round[2].Winner;
        var answered = new HashSet<(PayoutId, int)>();
        var builds = 0;
        for (var passes = 0; passes < 20; passes++)
        {
            await LeaseAsync(store);
            foreach (var build in (await store.OutboxAsync<BuildPayout>()).Where(x => answered.Add((x.PayoutId, x.Attempt))))
            {
                builds++;
                if (Winners(build).Contains(bad))
                    await store.RaiseAsync(build.PayoutId.Value, store.Machine.PayoutFailed, saga => Failed(saga, PayoutStage.Build));
                else
                    await store.RaiseAsync(build.PayoutId.Value, store.Machine.PayoutConfirmed, saga => Confirmed(saga, saga.Order.Total()));
            }
        }

        var payouts = await store.PayoutsAsync();
        payouts.Where(x => x.Winner != bad).ShouldAllBe(x => x.CurrentState == "Confirmed");
        payouts.Single(x => x.Winner == bad).CurrentState.ShouldBe("OnHold");
        builds.ShouldBeLessThanOrEqualTo(8, "8, then halves of 4, 2, 1: each level costs one build of either half");
    }

    [Fact(Timeout = 120_000)]
    public async Task Should_let_them_go_in_halves_when_the_ledger_refused_the_group()
    {
        await using var store = await CreateAsync(BuilderStore.Sqlite, ListLayout, recipients: 8);
        await PlanAsync(store, "one", 5, lanes: 1);
        var leader = await LeadAsync(store);

        await store.RaiseAsync(leader, store.Machine.PayoutFailed, saga => Failed(saga, PayoutStage.Confirm));

        var payouts = await store.PayoutsAsync();
        payouts.ShouldAllBe(x => x.CurrentState == "Building" && x.Slot == null && x.LeaderId == null && x.GroupSizeMax == 3);
        (await store.OutboxAsync<PayoutSettled>()).ShouldBeEmpty("nobody knows who of them was the reason");
    }

    /// <summary>The envelope is out: those in it may still be paid by it, so they wait until the ledger says that its slot is dead.</summary>
    [Fact(Timeout = 120_000)]
    public async Task Should_keep_them_together_until_the_slot_of_a_signed_envelope_is_dead()
    {
        await using var store = await CreateAsync(BuilderStore.Sqlite, ListLayout, recipients: 8);
        await PlanAsync(store, "one", 4, lanes: 1);
        var leader = await LeadAsync(store);
        await store.RaiseAsync(leader, store.Machine.PayoutBuilt, Built);

        await store.RaiseAsync(leader, store.Machine.PayoutFailed, saga => Failed(saga, PayoutStage.Sign));
        (await store.PayoutsAsync()).Count(x => x.CurrentState == "Grouped").ShouldBe(3);
        (await store.OutboxAsync<BurnSlot>()).ShouldHaveSingleItem().Order.Others!.Count.ShouldBe(3, "the burn's rivals are judged by what they would have paid");

        await store.RaiseAsync(leader, store.Machine.SlotBurned, saga => new SlotBurned { PayoutId = saga.Id, Attempt = 1, Slot = saga.Slot!, TransactionHash = new string('b', 64), Ledger = 6 });
        var payouts = await store.PayoutsAsync();
        payouts.Single(x => x.CorrelationId == leader).CurrentState.ShouldBe("OnHold");
        payouts.Where(x => x.CorrelationId != leader).ShouldAllBe(x => x.CurrentState == "Building" && x.GroupSizeMax == 2);
    }

    [Fact(Timeout = 120_000)]
    public async Task Should_set_the_others_free_when_the_leader_is_cancelled()
    {
        await using var store = await CreateAsync(BuilderStore.Sqlite, ListLayout, recipients: 8);
        await PlanAsync(store, "one", 3, lanes: 1);
        var leader = await LeadAsync(store);

        await store.RaiseAsync(leader, store.Machine.CancelPayout, saga => new CancelPayout { PayoutId = saga.Id, By = "an operator", Reason = "not owed" });

        (await store.PayoutsAsync()).Select(x => (x.CurrentState, x.GroupSizeMax)).ShouldBe([("Cancelled", null), ("Building", null), ("Building", null)], ignoreOrder: true);
    }

    /// <summary>The contract takes a prize once, with all its winners.</summary>
    [Fact(Timeout = 120_000)]
    public async Task Should_pay_a_prize_with_all_winners_or_none()
    {
        await using var store = await CreateAsync(BuilderStore.Sqlite, PrizeLayout, recipients: 10);
        var round = await PlanAsync(store, "one", 4, lanes: 1);
        await SetAsync(store, round[3], "OnHold");
        await LeaseAsync(store);
        (await store.OutboxAsync<BuildPayout>()).ShouldBeEmpty("one of them is on hold");

        await SetAsync(store, round[3], "Building");
        store.Clock.Advance(TimeSpan.FromSeconds(5));
        var leader = await LeadAsync(store);
        await store.RaiseAsync(leader, store.Machine.PayoutFailed, saga => Failed(saga, PayoutStage.Build));

        (await store.PayoutsAsync()).Select(x => (x.CurrentState, x.GroupSizeMax)).ShouldBe(
            [("OnHold", null), ("Building", null), ("Building", null), ("Building", null)], ignoreOrder: true);
        store.Clock.Advance(TimeSpan.FromSeconds(5));
        await LeaseAsync(store);
        (await store.OutboxAsync<BuildPayout>()).Count.ShouldBe(1, "the others wait for the one on hold");

        await store.RaiseAsync(leader, store.Machine.RetryPayout, saga => new RetryPayout { PayoutId = saga.Id, By = "an operator", Reason = "the contract was mended" });
        store.Clock.Advance(TimeSpan.FromSeconds(5));
        await LeaseAsync(store);
        var builds = await store.OutboxAsync<BuildPayout>();
        builds.Count.ShouldBe(2);
        builds.ShouldAllBe(x => Winners(x).Count() == 4);
    }

    [Fact(Timeout = 120_000)]
    public async Task Should_pay_a_prize_without_those_that_were_written_off_or_cancelled()
    {
        await using var store = await CreateAsync(BuilderStore.Sqlite, PrizeLayout, recipients: 2);
        var round = await PlanAsync(store, "one", 4, lanes: 1);
        await SetAsync(store, round[0], "WrittenOff");
        await SetAsync(store, round[3], "Cancelled");

        await LeaseAsync(store);

        Winners((await store.OutboxAsync<BuildPayout>()).ShouldHaveSingleItem()).ShouldBe([round[1].Winner, round[2].Winner], ignoreOrder: true);
    }

    /// <summary>The retried one is due at once, the others at the end of their pause: each by its own they would never be due together.</summary>
    [Theory(Timeout = 120_000)]
    [InlineData(BuilderStore.Sqlite)]
    [InlineData(BuilderStore.Postgres)]
    public async Task Should_bring_a_prize_together_again_when_its_timers_differ(string database)
    {
        await using var store = await CreateAsync(database, PrizeLayout, recipients: 10);
        var round = await PlanAsync(store, "one", 3, lanes: 1);
        await SetAsync(store, round[2], "OnHold");
        await LeaseAsync(store);
        store.Clock.Advance(TimeSpan.FromSeconds(2));
        await store.RaiseAsync(round[2].CorrelationId, store.Machine.RetryPayout, saga => new RetryPayout { PayoutId = saga.Id, By = "an operator", Reason = "it is time" });
        await LeaseAsync(store);

        for (var seconds = 0; seconds < 3; seconds++)
        {
            (await store.OutboxAsync<BuildPayout>()).ShouldBeEmpty();
            store.Clock.Advance(TimeSpan.FromSeconds(1));
            await LeaseAsync(store);
        }

        Winners((await store.OutboxAsync<BuildPayout>()).ShouldHaveSingleItem()).Count().ShouldBe(3);
    }

    /// <summary>Those that cannot go are the oldest, and as many as are looked at for the one lane.</summary>
    [Fact(Timeout = 120_000)]
    public async Task Should_not_let_prizes_that_wait_for_a_human_stand_before_others()
    {
        await using var store = await CreateAsync(BuilderStore.Sqlite, PrizeLayout, recipients: 3);
        foreach (var name in new[] { "one", "four" })
            await SetAsync(store, (await PlanAsync(store, name, 3, lanes: name == "one" ? 1 : 0))[0], "OnHold");
        var whole = await PlanAsync(store, "eleven", 3, lanes: 0);

        await LeaseAsync(store);

        Winners((await store.OutboxAsync<BuildPayout>()).ShouldHaveSingleItem()).ShouldBe(whole.Select(x => x.Winner), ignoreOrder: true);
    }

    /// <summary>It would wait for ever, for half a prize is not paid.</summary>
    [Fact(Timeout = 120_000)]
    public async Task Should_hold_a_prize_for_more_winners_than_a_transaction_may_have()
    {
        await using var store = await CreateAsync(BuilderStore.Sqlite, PrizeLayout, recipients: 3);
        await PlanAsync(store, "one", 4, lanes: 1);

        // Three are looked at for the one lane, and then the fourth.
        await LeaseAsync(store);
        store.Clock.Advance(TimeSpan.FromSeconds(5));
        await LeaseAsync(store);

        var held = (await store.PayoutsAsync()).Where(x => x.CurrentState == "OnHold").ShouldHaveSingleItem("one decision about one of them moves the round");
        (held.HoldCode, held.HoldDetail!.Contains("PAYOUTS_RECIPIENTS_MAX is 3")).ShouldBe((FailureCode.TooManyRecipients, true));
        (await store.OutboxAsync<BuildPayout>()).ShouldBeEmpty();

        await using var raised = await store.ReplicaAsync(store.Options with { RecipientsMax = 4 });
        await raised.RaiseAsync(held.CorrelationId, raised.Machine.RetryPayout, saga => new RetryPayout { PayoutId = saga.Id, By = "an operator", Reason = "raised" });
        raised.Clock.Advance(TimeSpan.FromMinutes(1));
        await LeaseAsync(raised);
        Winners((await raised.OutboxAsync<BuildPayout>()).ShouldHaveSingleItem()).Count().ShouldBe(4);
    }

    private static Task SetAsync(BuilderStore store, Payout payout, string state) => store.Units.RunAsync(
        unit => unit.Db.Payouts.Where(x => x.CorrelationId == payout.CorrelationId).ExecuteUpdateAsync(x => x.SetProperty(p => p.CurrentState, state)), Cancelled);

    private static IEnumerable<string> Winners(BuildPayout build) => (build.Order.Others ?? []).Select(x => x.Winner).Prepend(build.Order.Winner);

    private Task<BuilderStore> CreateAsync(string database, string layout, int recipients) => BuilderStore.CreateAsync(servers, database, Sample.Options(channels: [Sample.Key("lane 0").AccountId]) with
    {
        Contract = new PayoutContractCall(Sample.Contract, "distribute", PayoutArgumentLayout.Parse(layout)),
        RecipientsMax = recipients,
    });

    private static async Task<List<Payout>> PlanAsync(BuilderStore store, string round, int winners, int lanes)
    {
        var payouts = Enumerable.Range(1, winners).Select(number =>
        {
            var payout = store.Waiting(number);
            (payout.RoundId, payout.RoundNumber, payout.Winner) = (round, (uint)round.Length, Sample.Account($"{round} {number}"));
            return payout;
        }).ToList();
        await store.AddAsync([.. payouts, .. Enumerable.Range(0, lanes).Select(i => new Channel { Account = Sample.Account($"lane {i}"), NextSequence = 10, LastUsedAt = store.Clock.GetUtcNow() })]);
        return payouts;
    }

    private static async Task LeaseAsync(BuilderStore store)
    {
        using var dispatcher = store.Dispatcher();
        while (await dispatcher.StepOnceAsync(Cancelled))
        {
        }
    }

    private static async Task<Guid> LeadAsync(BuilderStore store)
    {
        await LeaseAsync(store);
        return (await store.OutboxAsync<BuildPayout>()).ShouldHaveSingleItem().PayoutId.Value;
    }

    private static PayoutBuilt Built(Payout saga) => new()
    {
        PayoutId = saga.Id, Attempt = saga.Attempt, Slot = saga.Slot!, TransactionHash = new string('a', 64), UnsignedXdr = "AAAA", FeeStroops = 200,
        ValidUntil = new DateTimeOffset(2026, 7, 1, 13, 0, 0, TimeSpan.Zero), MaxLedger = 99,
    };

    private static PayoutConfirmed Confirmed(Payout saga, Stroops paid) =>
        new() { PayoutId = saga.Id, Attempt = saga.Attempt, Slot = saga.Slot!, TransactionHash = new string('a', 64), Ledger = 5, Paid = paid };

    private static PayoutFailed Failed(Payout saga, PayoutStage stage) => new()
    {
        PayoutId = saga.Id, Attempt = saga.Attempt, Stage = stage, Code = FailureCode.ContractRefused, Detail = "as the test says", Transient = false,
        Slot = saga.Slot!, TransactionHash = saga.TransactionHash,
    };
}
