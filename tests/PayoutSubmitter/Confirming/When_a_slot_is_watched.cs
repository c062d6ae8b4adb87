using Payouts.Contracts;
using Payouts.Devnet.Faults;
using Payouts.Hosting.Steps;
using Payouts.Submitter.Confirming;
using Payouts.Submitter.Tests.Support;

namespace Payouts.Submitter.Tests.Confirming;

/// <summary>A slot whose envelopes may be signed anywhere, here never seen: what becomes of it is asked of the ledger alone.</summary>
public sealed class When_a_slot_is_watched
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>The service's clock is years ahead: it says nothing about the envelope.</summary>
    [Fact(Timeout = 120_000)]
    public async Task Should_be_proven_unused_by_the_ledgers_close_time_alone()
    {
        await using var network = await SubmittingNetwork.StartAsync();
        await using var store = await SubmitterStore.CreateAsync(network.Rpc, network.Options);
        var watch = WatchOf(await network.SignedAsync("one", 1));
        await store.StoreAsync(watch);
        network.Close(SubmittingNetwork.ValidSeconds / 5);
        await AskedAsync(store);
        (await store.SaidAsync()).ShouldBeEmpty("this very ledger could still have taken it");

        network.Close();
        await DoneAsync(store, watch);

        var proof = (await store.SaidAsync()).ShouldHaveSingleItem().ShouldBeOfType<SlotProvenUnused>();
        (proof.PayoutId, proof.Slot, proof.ValidUntil, proof.MaxLedger, proof.ProvenAtLedger).ShouldBe(
            (watch.PayoutId, watch.Slot, watch.ValidUntil, watch.MaxLedger, network.Ledger.LatestLedger));
    }

    [Fact(Timeout = 120_000)]
    public async Task Should_be_proven_unused_by_the_last_ledger_too()
    {
        await using var network = await SubmittingNetwork.StartAsync();
        await using var store = await SubmitterStore.CreateAsync(network.Rpc, network.Options);
        var watch = WatchOf(await network.SignedAsync("one", 1, ledgersMax: 10));
        await store.StoreAsync(watch);
        network.CloseAtOnce(8);
        await AskedAsync(store);
        (await store.SaidAsync()).ShouldBeEmpty();

        network.CloseAtOnce(1);
        await DoneAsync(store, watch);

        (await store.SaidAsync()).ShouldHaveSingleItem().ShouldBeOfType<SlotProvenUnused>().ProvenAtLedger.ShouldBe(watch.MaxLedger - 1);
    }

    /// <summary>The account comes from a node that lags: it has not seen the payment.</summary>
    [Fact(Timeout = 120_000)]
    public async Task Should_confirm_what_a_stranger_sent_and_believe_no_lagging_node()
    {
        await using var network = await SubmittingNetwork.StartAsync();
        await using var store = await SubmitterStore.CreateAsync(network.Rpc, network.Options);
        var payment = await network.SignedAsync("one", 1);
        await store.StoreAsync(WatchOf(payment));
        network.Close(8);
        await network.SendAsync(payment);
        network.Close(6);
        foreach (var method in new[] { "getTransaction", "getLedgerEntries" })
            network.Ledger.Faults.Add(new FaultRule { Kind = FaultKind.LaggingNode, Method = method, Ledgers = 6 });
        await AskedAsync(store);
        (await store.SaidAsync()).ShouldBeEmpty();
        network.Ledger.Faults.Clear();

        await DoneAsync(store, WatchOf(payment));

        var confirmed = (await store.SaidAsync()).ShouldHaveSingleItem().ShouldBeOfType<PayoutConfirmed>();
        (confirmed.TransactionHash, confirmed.Slot, confirmed.Paid).ShouldBe((payment.TransactionHash, payment.Slot, payment.Order.Amount));
    }

    [Fact(Timeout = 120_000)]
    public async Task Should_ask_a_human_when_a_stranger_used_the_number()
    {
        await using var network = await SubmittingNetwork.StartAsync();
        await using var store = await SubmitterStore.CreateAsync(network.Rpc, network.Options);
        var payment = await network.SignedAsync("one", 1);
        await network.BurnAsync("one", payment);
        await store.StoreAsync(WatchOf(payment));
        network.Close(SubmittingNetwork.ValidSeconds / 5 + 1);

        await DoneAsync(store, WatchOf(payment));

        var unresolved = (await store.SaidAsync()).ShouldHaveSingleItem().ShouldBeOfType<PayoutUnresolved>();
        (unresolved.Code, unresolved.Slot, unresolved.TransactionHash).ShouldBe((FailureCode.SlotConsumedElsewhere, payment.Slot, payment.TransactionHash));
    }

    /// <summary>An RPC that tells no close times leaves this host's clock, which is years ahead.</summary>
    [Fact(Timeout = 120_000)]
    public async Task Should_prove_nothing_by_this_hosts_clock()
    {
        await using var network = await SubmittingNetwork.StartAsync();
        await using var store = await SubmitterStore.CreateAsync(TimelessRpc.Around(network.Rpc), network.Options);
        await store.StoreAsync(WatchOf(await network.SignedAsync("one", 1)));

        await AskedAsync(store);

        (await store.SaidAsync()).ShouldBeEmpty();
    }

    /// <summary>What is found while the question changes is no answer to the new one.</summary>
    [Fact(Timeout = 120_000)]
    public async Task Should_not_answer_for_longer_than_it_was_asked()
    {
        await using var network = await SubmittingNetwork.StartAsync();
        await using var store = await SubmitterStore.CreateAsync(network.Rpc, network.Options);
        var watch = WatchOf(await network.SignedAsync("one", 1));
        var longer = watch with { ValidUntil = watch.ValidUntil.AddHours(1), Attempt = 2 };
        await store.StoreAsync(watch);
        network.Close(SubmittingNetwork.ValidSeconds / 5 + 1);

        using (var checker = store.Checker(new AtPoint("payout-submitter/OutcomeChecker/asked", () => store.StoreAsync(longer))))
            await checker.StepOnceAsync(Cancelled);
        (await store.SaidAsync()).ShouldBeEmpty("the longer one may still be applied");
        await AskedAsync(store);
        (await store.SaidAsync()).ShouldBeEmpty();

        network.Close(3600 / 5);
        await DoneAsync(store, watch);
        (await store.SaidAsync()).ShouldHaveSingleItem().ShouldBeOfType<SlotProvenUnused>().ValidUntil.ShouldBe(longer.ValidUntil);
    }

    [Fact(Timeout = 120_000)]
    public async Task Should_answer_each_question_and_keep_the_longest()
    {
        await using var network = await SubmittingNetwork.StartAsync();
        await using var store = await SubmitterStore.CreateAsync(network.Rpc, network.Options);
        var watch = WatchOf(await network.SignedAsync("one", 1));
        var later = watch with { ValidUntil = watch.ValidUntil.AddMinutes(1), Attempt = 2, Envelopes = [new string('b', 64), .. watch.Envelopes] };
        network.Close(SubmittingNetwork.ValidSeconds / 5 * 2 + 1);
        await store.StoreAsync(later);
        await store.StoreAsync(watch);
        await DoneAsync(store, watch);
        await store.StoreAsync(watch);
        await DoneAsync(store, watch);

        var said = (await store.SaidAsync()).ConvertAll(x => x.ShouldBeOfType<SlotProvenUnused>());
        said.Count.ShouldBe(2);
        said.ShouldAllBe(x => x.ValidUntil == later.ValidUntil && x.Attempt == 2);
    }

    private static WatchSlot WatchOf(SubmitPayout payment) => new()
    {
        PayoutId = payment.PayoutId, Attempt = payment.Attempt, Order = payment.Order, Slot = payment.Slot, Envelopes = [payment.TransactionHash],
        ValidUntil = payment.ValidUntil, MaxLedger = payment.MaxLedger,
    };

    private static async Task AskedAsync(SubmitterStore store)
    {
        store.Clock.Advance(TimeSpan.FromMinutes(1));
        using var checker = store.Checker();
        await checker.StepOnceAsync(Cancelled);
    }

    private static Task DoneAsync(SubmitterStore store, WatchSlot watch) =>
        store.RunAsync("the slot's end is told", async () => (await store.SubmissionAsync(SlotWatches.NameOf(watch))).State == SubmissionState.Done, store.Checker());

    private sealed class AtPoint(string wanted, Func<Task> act) : IStepPoints
    {
        private bool _done;

        public bool AreWatched => true;

        public void Pass(string point)
        {
            if (point != wanted || _done)
                return;
            _done = true;
            act().GetAwaiter().GetResult();
        }
    }
}
