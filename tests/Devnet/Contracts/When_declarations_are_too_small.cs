using Payouts.Devnet.Faults;
using Payouts.Devnet.Soroban;
using Payouts.Devnet.Tests.Payouts;
using Payouts.Devnet.Tests.Queue;
using Payouts.Stellar;
using Payouts.Stellar.Rpc;
using Payouts.Stellar.Xdr;
using Shouldly;
using Xunit;

namespace Payouts.Devnet.Tests.Contracts;

/// <summary>What was declared is what a transaction gets: the ledger adds nothing.</summary>
public sealed class When_declarations_are_too_small : NetworkTest
{
    [Fact(Timeout = TimeoutMs)]
    public async Task Should_exceed_limits_of_instructions_and_written_bytes()
    {
        (await CodeAsync("one", resources => resources with { Instructions = resources.Instructions / 2 })).ShouldBeOfType<InvokeHostFunctionResult.ResourceLimitExceeded>();
        (await CodeAsync("two", resources => resources with { WriteBytes = resources.WriteBytes - 1 })).ShouldBeOfType<InvokeHostFunctionResult.ResourceLimitExceeded>();
        (await CodeAsync("three", resources => resources with { DiskReadBytes = resources.DiskReadBytes - 1 })).ShouldBeOfType<InvokeHostFunctionResult.ResourceLimitExceeded>();
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task Should_trap_on_a_key_outside_of_the_footprint()
    {
        (await CodeAsync("one", resources => resources with { Footprint = resources.Footprint with { ReadWrite = resources.Footprint.ReadWrite.Skip(1).ToXdrArray() } }))
            .ShouldBeOfType<InvokeHostFunctionResult.Trapped>();
        (await CodeAsync("two", resources => resources with
        {
            Footprint = new LedgerFootprint(resources.Footprint.ReadOnly.Concat(resources.Footprint.ReadWrite).ToXdrArray(), []),
        })).ShouldBeOfType<InvokeHostFunctionResult.Trapped>();
        Net.Ledger.Payouts().ShouldBeEmpty();
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task Should_not_pay_rent_and_events_from_an_insufficient_refundable_fee()
    {
        var channel = Net.Account("channel");
        var payout = await Net.PayoutAsync(channel, Net.Order(Net.Account("winner")));

        // The fee of the declaration itself and one stroop less: the queue refuses. Exactly that: nothing is left for events and rent.
        var declared = ResourceFees.Compute(payout.SorobanData!.Resources, XdrCodec.ToBytes(payout.ToEnvelope()).Length, eventsBytes: 0).Total;
        TestNetwork.Refusal(await Net.SendAsync(WithResourceFee(channel, payout, declared - 1))).ShouldBe(TransactionResultCode.txSOROBAN_INVALID);
        var record = await Net.ApplyAsync(WithResourceFee(channel, payout, declared));

        When_a_payout_is_sent.Code(record).ShouldBeOfType<InvokeHostFunctionResult.InsufficientRefundableFee>();
        Net.Ledger.Payouts().ShouldBeEmpty();
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task Should_find_an_archived_record_in_the_way_and_restore_it_on_the_fly()
    {
        var channel = Net.Account("channel");
        var order = Net.Order(Net.Account("winner"));
        var unaware = await Net.PayoutAsync(Net.Account("unaware"), order, validSeconds: 3_600);
        await Net.ApplyAsync(await Net.PayoutAsync(channel, order));
        Net.Ledger.ArchivePayout("GAME", 7, 1, order.Key.Winner.ToString()!).ShouldBeTrue();

        // Built before the record existed, so it does not restore it.
        When_a_payout_is_sent.Code(await Net.ApplyAsync(unaware)).ShouldBeOfType<InvokeHostFunctionResult.EntryArchived>();

        // The contract still knows the payment, archived or not.
        var simulation = await Net.Rpc.SimulateTransactionAsync(Net.Build(channel, Net.Contract.Pay(order) with { Source = Net.Admin.AccountId }).Build().ToEnvelope(), TestNetwork.Cancellation);
        simulation.ShouldBeOfType<SimulationResult.Failed>().ContractError.ShouldBe(3u);

        var question = await Net.AssembleAsync(Net.Build(channel, Net.Contract.GetPayout(order.Key)).Build());
        ((SorobanTransactionDataExt.V1)question.SorobanData!.Ext).Value.ArchivedSorobanEntries.Count.ShouldBe(1);
        var restored = await Net.ApplyAsync(question.Sign(Net.Network, channel));
        restored.Status.ShouldBe(TransactionStatus.SUCCESS);
        Restored(restored).ShouldBeTrue();
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task Should_restore_by_a_transaction_of_its_own_when_simulation_asks_for_it()
    {
        var channel = Net.Account("channel");
        var order = Net.Order(Net.Account("winner"));
        await Net.ApplyAsync(await Net.PayoutAsync(channel, order));
        Net.Ledger.ArchivePayout("GAME", 7, 1, order.Key.Winner.ToString()!).ShouldBeTrue();
        Net.Ledger.Faults.Add(new FaultRule { Kind = FaultKind.RestorePreamble, Count = 1 });
        var question = Net.Build(channel, Net.Contract.GetPayout(order.Key)).Build();

        var simulation = (await Net.Rpc.SimulateTransactionAsync(question.ToEnvelope(), TestNetwork.Cancellation)).ShouldBeOfType<SimulationResult.Success>();
        var preamble = simulation.Restore.ShouldNotBeNull();
        var body = Net.Build(channel, new RestoreFootprintOperation()).Build().Body with
        {
            Fee = (uint)preamble.MinResourceFee + 100,
            Ext = new TransactionExt.V1(preamble.TransactionData),
        };
        var record = await Net.ApplyAsync(When_the_queue_is_asked.Unsigned(body).Sign(Net.Network, channel));

        record.Status.ShouldBe(TransactionStatus.SUCCESS, TestNetwork.Result(record).ToString());
        ((await Net.Rpc.SimulateTransactionAsync(question.ToEnvelope(), TestNetwork.Cancellation)) as SimulationResult.Success)!
            .TransactionData.Ext.ShouldBeOfType<SorobanTransactionDataExt.V0>();
    }

    private static bool Restored(TransactionRecord record) => ((TransactionMeta.V4)record.Meta.Decode()).Value.Operations
        .SelectMany(operation => operation.Changes.Value).Any(change => change is LedgerEntryChange.Restored);

    private async Task<InvokeHostFunctionResult> CodeAsync(string name, Func<SorobanResources, SorobanResources> change)
    {
        var channel = Net.Account(name);
        var payout = await Net.PayoutAsync(channel, Net.Order(Net.Account($"winner {name}")));
        var changed = When_the_queue_is_asked.WithResources(payout, change).Sign(Net.Network, channel, Net.Admin);
        return When_a_payout_is_sent.Code(await Net.ApplyAsync(changed));
    }

    private Transaction WithResourceFee(KeyPair channel, Transaction payout, long fee) => When_the_queue_is_asked.Unsigned(payout.Body with
    {
        Fee = (uint)fee + 100,
        Ext = new TransactionExt.V1(payout.SorobanData! with { ResourceFee = fee }),
    }).Sign(Net.Network, channel, Net.Admin);
}
