using Payouts.Contracts;
using Payouts.Devnet.Faults;
using Payouts.Stellar;
using Payouts.Stellar.Rpc;
using Payouts.Stellar.Xdr;
using Payouts.Submitter.Tests.Support;
using Transaction = Payouts.Stellar.Transaction;

namespace Payouts.Submitter.Tests.Confirming;

/// <summary>A slot that is spent on restoring archived entries: for whoever follows it, it is a burn.</summary>
public sealed class When_a_slot_restores
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact(Timeout = 120_000)]
    public async Task Should_be_consumed_and_leave_the_entries_alive()
    {
        await using var network = await SubmittingNetwork.StartAsync();
        await using var store = await SubmitterStore.CreateAsync(network.Rpc, network.Options);
        var payment = await ArchivedAsync(network);
        var restore = await network.RestoreOfAsync("one", payment);

        await SubmitAsync(network, store, restore);

        var burned = (await store.SaidAsync()).ShouldHaveSingleItem().ShouldBeOfType<SlotBurned>();
        (burned.PayoutId, burned.Slot, burned.TransactionHash).ShouldBe((payment.PayoutId, payment.Slot, restore.TransactionHash));
        (await StatusAsync(network, restore.TransactionHash)).ShouldBe(TransactionStatus.SUCCESS);
        await network.SendAsync(await network.SignedAsync("one", 1));
        network.Close();
        network.Ledger.Payouts().ShouldHaveSingleItem();
    }

    /// <summary>Rent became dearer than was declared: FAILED, and the number is gone all the same.</summary>
    [Fact(Timeout = 120_000)]
    public async Task Should_be_consumed_when_the_restoring_failed_too()
    {
        await using var network = await SubmittingNetwork.StartAsync();
        await using var store = await SubmitterStore.CreateAsync(network.Rpc, network.Options);
        var payment = await ArchivedAsync(network);
        // The network's padding of what it refunds is more than this.
        var restore = await network.RestoreOfAsync("one", payment, lessStroops: await PaddingAsync(network, payment));

        await SubmitAsync(network, store, restore);

        (await StatusAsync(network, restore.TransactionHash)).ShouldBe(TransactionStatus.FAILED);
        (await store.SaidAsync()).ShouldHaveSingleItem().ShouldBeOfType<SlotBurned>().Slot.ShouldBe(payment.Slot);
    }

    /// <summary>A channel needs no balance to speak of: the fee account pays what its key alone cannot.</summary>
    [Fact(Timeout = 120_000)]
    public async Task Should_be_paid_by_the_fee_account_when_the_channel_is_poor()
    {
        await using var network = await SubmittingNetwork.StartAsync();
        await using var store = await SubmitterStore.CreateAsync(network.Rpc, network.BumpingOptions());
        network.Ledger.Grant(SubmittingNetwork.Key("poor").AccountId, 10_000_001);
        var restore = await network.RestoreOfAsync("poor", await ArchivedAsync(network, "poor"));
        await store.StoreAsync(restore);
        await store.RunAsync("a fee bump is asked for", async () => (await store.SaidAsync<BumpFee>()).Count == 1, store.Pump());
        (await store.SubmissionAsync(restore)).LastAnswer.ShouldBe(nameof(TransactionResultCode.txINSUFFICIENT_BALANCE));
        var bumped = network.Bumped((await store.SaidAsync<BumpFee>()).Single());

        await store.StoreAsync(bumped);
        await store.RunAsync("it is accepted", async () => (await store.SubmissionAsync(restore)).AcceptedLedger is not null, store.Pump());
        network.Close();
        await store.RunAsync("what became of the slot is known", async () => (await store.SubmissionAsync(restore)).State == SubmissionState.Done, store.Checker());

        (await store.SaidAsync<SlotBurned>()).ShouldHaveSingleItem().TransactionHash.ShouldBe(bumped.BumpHash);
        (await StatusAsync(network, bumped.BumpHash)).ShouldBe(TransactionStatus.SUCCESS);
    }

    private static async Task<SubmitPayout> ArchivedAsync(SubmittingNetwork network, string channel = "one")
    {
        var payment = await network.SignedAsync(channel, 1);
        (network.Ledger.ArchiveInstance(network.Ledger.PayoutContract) && network.Ledger.ArchiveBalance(network.Ledger.PayoutContract)).ShouldBeTrue();
        network.Ledger.Faults.Add(new FaultRule { Kind = FaultKind.RestorePreamble });
        return payment;
    }

    /// <summary>So much less that the rent is not covered, and the declaration itself still is.</summary>
    private static async Task<long> PaddingAsync(SubmittingNetwork network, SubmitPayout payment) =>
        Transaction.FromBase64((await network.RestoreOfAsync("one", payment)).SignedXdr).ResourceFee / 3;

    private static async Task<TransactionStatus> StatusAsync(SubmittingNetwork network, string hash) =>
        (await network.Rpc.GetTransactionAsync(TransactionHash.Parse(hash), Cancelled)).ShouldBeOfType<TransactionLookup.Found>().Transaction.Status;

    private static async Task SubmitAsync(SubmittingNetwork network, SubmitterStore store, SubmitBurn burn)
    {
        await store.StoreAsync(burn);
        await store.RunAsync("the network took it", async () => (await store.SubmissionAsync(burn)).LastAnswer == "PENDING", store.Pump());
        network.Close();
        await store.RunAsync("what became of the slot is known", async () => (await store.SubmissionAsync(burn)).State == SubmissionState.Done, store.Checker());
    }
}
