using Payouts.Devnet.Contracts;
using Payouts.Devnet.Ledger;
using Payouts.Devnet.Options;
using Payouts.Devnet.Tests.Payouts;
using Payouts.Devnet.Tests.Queue;
using Payouts.Stellar;
using Payouts.Stellar.Rpc;
using Payouts.Stellar.Xdr;
using Shouldly;
using Xunit;

namespace Payouts.Devnet.Tests.Archived;

/// <summary>A payout meets an entry whose life has ended: the four ways it can go, for each entry that can stand in its way.</summary>
public sealed class When_an_entry_is_archived : NetworkTest
{
    private const int TtlLedgers = 1_000;
    private static readonly ContractId Winner = new(Enumerable.Repeat((byte)7, 32).ToArray());

    public static TheoryData<string> Entries => ["contract instance", "token instance", "balance of the contract", "balance of the winner"];

    protected override Func<DevnetOptions, DevnetOptions> Change => options => options with { PersistentTtlLedgers = TtlLedgers };

    /// <summary>Neither restored before nor named as to be restored.</summary>
    [Theory(Timeout = TimeoutMs)]
    [MemberData(nameof(Entries))]
    public async Task Should_end_in_ENTRY_ARCHIVED_when_nothing_restores_it(string entry)
    {
        var payout = await PreparedAsync();
        Archive(entry);

        var record = await Net.ApplyAsync(payout);

        record.Status.ShouldBe(TransactionStatus.FAILED);
        When_a_payout_is_sent.Code(record).ShouldBeOfType<InvokeHostFunctionResult.EntryArchived>();
        Net.Ledger.Payouts().Count.ShouldBe(1);
    }

    [Theory(Timeout = TimeoutMs)]
    [MemberData(nameof(Entries))]
    public async Task Should_be_restored_by_the_payout_that_names_it(string entry)
    {
        await PreparedAsync();
        var key = Archive(entry);

        var simulation = await SimulateAsync();
        simulation.Restore.ShouldBeNull();
        var payout = Signed(simulation);
        var data = payout.SorobanData!;
        var indexes = ((SorobanTransactionDataExt.V1)data.Ext).Value.ArchivedSorobanEntries;
        data.Resources.Footprint.ReadWrite[(int)indexes.ShouldHaveSingleItem()].ShouldBe(key);
        var record = await Net.ApplyAsync(payout);

        record.Status.ShouldBe(TransactionStatus.SUCCESS, TestNetwork.Result(record).ToString());
        ((TransactionMeta.V4)record.Meta.Decode()).Value.Operations.SelectMany(operation => operation.Changes.Value)
            .OfType<LedgerEntryChange.Restored>().Count().ShouldBe(2, "the entry and its TTL");
        Net.Ledger.Payouts().Count.ShouldBe(2);
        (await LiveUntilAsync(key)).ShouldBe(record.Ledger + TtlLedgers - 1);
    }

    [Theory(Timeout = TimeoutMs)]
    [MemberData(nameof(Entries))]
    public async Task Should_be_restored_by_a_transaction_of_its_own_before_the_payout(string entry)
    {
        await Net.DisposeAsync();
        Net = await TestNetwork.StartAsync(options => Change(options) with { RestorePreambles = true });
        await PreparedAsync();
        var key = Archive(entry);

        var simulation = await SimulateAsync();
        var preamble = simulation.Restore.ShouldNotBeNull();
        preamble.TransactionData.Resources.Footprint.ReadWrite.ShouldBe([key]);
        preamble.TransactionData.Resources.Footprint.ReadOnly.ShouldBeEmpty();
        var payout = Signed(simulation with { Restore = null });
        payout.SorobanData!.Ext.ShouldBeOfType<SorobanTransactionDataExt.V0>();

        var restored = await Net.ApplyAsync(Restore(preamble));
        restored.Status.ShouldBe(TransactionStatus.SUCCESS, TestNetwork.Result(restored).ToString());
        (await LiveUntilAsync(key)).ShouldBe(restored.Ledger + TtlLedgers - 1);
        var record = await Net.ApplyAsync(payout);
        record.Status.ShouldBe(TransactionStatus.SUCCESS, TestNetwork.Result(record).ToString());
        Net.Ledger.Payouts().Count.ShouldBe(2);
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task Should_still_be_shown_with_the_ledger_its_life_ended_in()
    {
        await PreparedAsync();
        var key = Archive("balance of the contract");

        (await LiveUntilAsync(key)).ShouldBe(Net.Ledger.LatestLedger - 1);
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task Should_not_be_named_for_restoring_when_it_is_no_entry_that_can_be()
    {
        var payout = await PreparedAsync();
        var data = payout.SorobanData!;
        var bad = data with { Ext = new SorobanTransactionDataExt.V1(new SorobanResourcesExtV0([(uint)data.Resources.Footprint.ReadWrite.Count])) };

        TestNetwork.Refusal(await Net.SendAsync(When_the_queue_is_asked.Unsigned(payout.Body with { Ext = new TransactionExt.V1(bad) }).Sign(Net.Network, Net.Admin)))
            .ShouldBe(TransactionResultCode.txSOROBAN_INVALID);
    }

    /// <summary>One payout is on the ledger, so that every entry exists; the next one is ready.</summary>
    private async Task<Transaction> PreparedAsync()
    {
        (await Net.ApplyAsync(Signed(await SimulateAsync(round: 1)))).Status.ShouldBe(TransactionStatus.SUCCESS);
        return Signed(await SimulateAsync());
    }

    private Transaction Call(uint round) => Net.Build(Net.Admin, Net.Contract.Pay(new PayoutOrder(new PayoutKey("GAME", 7, round, Winner), 5, new Currency.Symbol("XLM"))), validSeconds: 3_600).Build();

    private async Task<SimulationResult.Success> SimulateAsync(uint round = 2) =>
        (await Net.Rpc.SimulateTransactionAsync(Call(round).ToEnvelope(), TestNetwork.Cancellation)).ShouldBeOfType<SimulationResult.Success>();

    private Transaction Signed(SimulationResult.Success simulation)
    {
        var limits = new FeeLimits { InclusionFeeMax = 1_000, ResourceFeeMax = 100_000_000, TotalFeeMax = 100_000_000, ResourceFeeMarginPercent = 0 };
        var round = (uint)Net.Ledger.Payouts().Count + 1;
        return TransactionAssembler.Assemble(Call(round), simulation, 100, limits).ShouldBeOfType<AssemblyResult.Assembled>().Transaction.Sign(Net.Network, Net.Admin);
    }

    private Transaction Restore(RestorePreamble preamble)
    {
        var channel = Net.Account("restorer");
        return When_the_queue_is_asked.Unsigned(Net.Build(channel, new RestoreFootprintOperation()).Build().Body with
        {
            Fee = (uint)preamble.MinResourceFee + 100,
            Ext = new TransactionExt.V1(preamble.TransactionData),
        }).Sign(Net.Network, channel);
    }

    private LedgerKey Archive(string entry)
    {
        var token = new TokenContractIds(Net.Network).Of(new Stellar.Xdr.Asset.Native());
        var (key, done) = entry switch
        {
            "contract instance" => (EntryKey.Instance(Net.Ledger.PayoutContract.ToScAddress()), Net.Ledger.ArchiveInstance(Net.Ledger.PayoutContract)),
            "token instance" => (EntryKey.Instance(token.Address()), Net.Ledger.ArchiveInstance(ContractId.FromXdr(token))),
            "balance of the contract" => (Balance(token, Net.Ledger.PayoutContract), Net.Ledger.ArchiveBalance(Net.Ledger.PayoutContract)),
            _ => (Balance(token, Winner), Net.Ledger.ArchiveBalance(Winner)),
        };
        done.ShouldBeTrue(entry);
        return key.Decode();
    }

    private static EntryKey Balance(ContractID token, ContractId holder) =>
        EntryKey.ContractData(token.Address(), TokenBalances.ContractKey(holder.ToScAddress()), ContractDataDurability.PERSISTENT);

    private async Task<uint?> LiveUntilAsync(LedgerKey key) =>
        (await Net.Rpc.GetLedgerEntriesAsync([key], TestNetwork.Cancellation)).Entries.ShouldHaveSingleItem().LiveUntilLedger;
}
