using Payouts.Contracts;
using Payouts.Devnet.Faults;
using Payouts.Stellar;
using Payouts.Stellar.Rpc;
using Payouts.Submitter.Tests.Support;

namespace Payouts.Submitter.Tests.Confirming;

/// <summary>A payment whose envelope somebody holds, and the transaction that takes its place on the ledger.</summary>
public sealed class When_a_slot_is_burned
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact(Timeout = 120_000)]
    public async Task Should_leave_nothing_that_the_payment_could_use()
    {
        await using var network = await SubmittingNetwork.StartAsync();
        await using var store = await SubmitterStore.CreateAsync(network.Rpc, network.Options);
        var payment = await network.SignedAsync("one", 1);
        var burn = network.BurnOf("one", payment);

        await BurnAsync(network, store, burn);

        var burned = (await store.SaidAsync()).ShouldHaveSingleItem().ShouldBeOfType<SlotBurned>();
        (burned.PayoutId, burned.Slot, burned.TransactionHash).ShouldBe((payment.PayoutId, payment.Slot, burn.TransactionHash));
        burned.Ledger.ShouldBe(network.Ledger.LatestLedger);
        var late = await network.Rpc.SendTransactionAsync(payment.SignedXdr, TransactionHash.Parse(payment.TransactionHash), Cancelled);
        late.ShouldBeOfType<SendOutcome.Refused>().Code.ShouldBe(Payouts.Stellar.Xdr.TransactionResultCode.txBAD_SEQ);
        network.Close(2);
        network.Ledger.Payouts().ShouldBeEmpty();
    }

    /// <summary>The signer had the envelope, and somebody sent it without us: the ledger paid, and the burn finds that out.</summary>
    [Fact(Timeout = 120_000)]
    public async Task Should_confirm_the_payment_that_came_first()
    {
        await using var network = await SubmittingNetwork.StartAsync();
        await using var store = await SubmitterStore.CreateAsync(network.Rpc, network.Options);
        var payment = await network.SignedAsync("one", 1);
        var burn = network.BurnOf("one", payment);
        await network.SendAsync(payment);
        network.Close();

        await BurnAsync(network, store, burn);

        var confirmed = (await store.SaidAsync()).ShouldHaveSingleItem().ShouldBeOfType<PayoutConfirmed>();
        (confirmed.TransactionHash, confirmed.Slot, confirmed.Paid).ShouldBe((payment.TransactionHash, payment.Slot, payment.Order.Amount));
    }

    [Fact(Timeout = 120_000)]
    public async Task Should_tell_that_the_payment_failed_when_it_came_first()
    {
        await using var network = await SubmittingNetwork.StartAsync();
        await using var store = await SubmitterStore.CreateAsync(network.Rpc, network.Options);
        var paid = await network.SignedAsync("one", 1);
        var twin = (await network.SignedAsync("two", 1)) with { PayoutId = paid.PayoutId };
        await network.SendAsync(paid);
        network.Close();
        await network.SendAsync(twin);
        network.Close();

        await BurnAsync(network, store, network.BurnOf("two", twin));

        var failed = (await store.SaidAsync()).ShouldHaveSingleItem().ShouldBeOfType<PayoutFailed>();
        (failed.Code, failed.Stage, failed.TransactionHash).ShouldBe((FailureCode.AlreadyPaid, PayoutStage.Confirm, twin.TransactionHash));
    }

    /// <summary>payout-builder asks again when the burn's time is over: there is nothing to tell it.</summary>
    [Fact(Timeout = 120_000)]
    public async Task Should_end_quietly_when_the_burn_itself_expires()
    {
        await using var network = await SubmittingNetwork.StartAsync();
        await using var store = await SubmitterStore.CreateAsync(network.Rpc, network.Options);
        var burn = network.BurnOf("one", await network.SignedAsync("one", 1));
        network.Ledger.Faults.Add(new FaultRule { Kind = FaultKind.ServiceUnavailable, Method = "sendTransaction" });
        await store.StoreAsync(burn);
        await store.RunAsync("it was tried", async () => (await store.SubmissionAsync(burn)).LastAnswer is not null, store.Pump());
        network.Close(SubmittingNetwork.ValidSeconds / 5 + 2);

        await store.RunAsync("it is proven dead", async () => (await store.SubmissionAsync(burn)).State == SubmissionState.Done, store.Checker());

        (await store.SaidAsync()).ShouldBeEmpty();
    }

    /// <summary>The first was asked for, believed dead, and followed by another: whichever the ledger took, the slot is burned.</summary>
    [Fact(Timeout = 120_000)]
    public async Task Should_take_another_burn_of_the_slot_for_its_own()
    {
        await using var network = await SubmittingNetwork.StartAsync();
        await using var store = await SubmitterStore.CreateAsync(network.Rpc, network.Options);
        var payment = await network.SignedAsync("one", 1);
        var (first, second) = (network.BurnOf("one", payment), network.BurnOf("one", payment, feeStroops: 20_000));
        await BurnAsync(network, store, second);
        await store.StoreAsync(first);
        await store.RunAsync("the network refuses it", async () => (await store.SubmissionAsync(first)).LastAnswer == "txBAD_SEQ", store.Pump());
        network.Close(SubmittingNetwork.ValidSeconds / 5 + 2);

        await store.RunAsync("what became of it is known", async () => (await store.SubmissionAsync(first)).State == SubmissionState.Done, store.Checker());

        (await store.SaidAsync()).Cast<SlotBurned>().Select(x => x.TransactionHash).ShouldBe([second.TransactionHash, second.TransactionHash]);
    }

    [Fact(Timeout = 120_000)]
    public async Task Should_ask_a_human_when_a_stranger_came_first()
    {
        await using var network = await SubmittingNetwork.StartAsync();
        await using var store = await SubmitterStore.CreateAsync(network.Rpc, network.Options);
        var payment = await network.SignedAsync("one", 1);
        await network.BurnAsync("one", payment);
        var burn = network.BurnOf("one", payment);
        await store.StoreAsync(burn);
        await store.RunAsync("the network refuses it", async () => (await store.SubmissionAsync(burn)).LastAnswer == "txBAD_SEQ", store.Pump());
        network.Close(SubmittingNetwork.ValidSeconds / 5 + 2);

        await store.RunAsync("the allowed polls are used up", async () => (await store.SubmissionAsync(burn)).State == SubmissionState.Done, store.Checker());

        (await store.SaidAsync()).ShouldHaveSingleItem().ShouldBeOfType<PayoutUnresolved>().Code.ShouldBe(FailureCode.SlotConsumedElsewhere);
    }

    private static async Task BurnAsync(SubmittingNetwork network, SubmitterStore store, SubmitBurn burn)
    {
        await store.StoreAsync(burn);
        await store.RunAsync("the network answered", async () => (await store.SubmissionAsync(burn)).LastAnswer is not null, store.Pump());
        network.Close();
        await store.RunAsync("what became of the slot is known", async () => (await store.SubmissionAsync(burn)).State == SubmissionState.Done, store.Checker());
    }
}
