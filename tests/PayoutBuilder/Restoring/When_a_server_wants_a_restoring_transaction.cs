using Payouts.Builder.Building;
using Payouts.Builder.Tests.Building;
using Payouts.Builder.Tests.Support;
using Payouts.Contracts;
using Payouts.Devnet.Faults;
using Payouts.Hosting.Rpc;
using Payouts.Stellar;
using Payouts.Stellar.Rpc;
using Payouts.Stellar.Xdr;
using Transaction = Payouts.Stellar.Transaction;

namespace Payouts.Builder.Tests.Restoring;

/// <summary>A server that answers simulations with a restorePreamble: what is asked for, and what is left to a human.</summary>
public sealed class When_a_server_wants_a_restoring_transaction
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact(Timeout = 60_000)]
    public async Task Should_ask_for_what_the_ledger_then_takes_and_build_on_the_next_slot()
    {
        await using var network = await ArchivedAsync();

        var failed = await network.NotBuiltAsync(network.Command("winner"));

        (failed.Code, failed.Transient, failed.Detail).ShouldBe((FailureCode.EntryArchived, false, "archived entries that the call needs: 2"));
        failed.RestoreValidUntil.ShouldBe(DateTimeOffset.FromUnixTimeSeconds((long)network.Ledger.LatestCloseTime).AddMinutes(5), "counted from the ledger's clock");
        var data = XdrCodec.FromBase64<SorobanTransactionData>(failed.RestoreXdr.ShouldNotBeNull());
        RestorableFootprint.Problem(data).ShouldBeNull();
        var applied = await ApplyAsync(network, new TransactionBuilder(network.Channel.AccountId, failed.Slot.SequenceNumber)
            .Add(new RestoreFootprintOperation()).SorobanData(data).ValidUntil(failed.RestoreValidUntil!.Value).Build().Sign(network.Ledger.Network, network.Channel));
        applied.Status.ShouldBe(TransactionStatus.SUCCESS);
        (await network.ApplyAsync(await network.BuiltAsync(network.Command("winner")))).Status.ShouldBe(TransactionStatus.SUCCESS);
        network.Ledger.Payouts().ShouldHaveSingleItem();
    }

    [Fact(Timeout = 60_000)]
    public async Task Should_declare_the_servers_fee_and_a_margin_and_leave_room_for_inclusion_under_the_cap()
    {
        await using var network = await ArchivedAsync();
        var simulated = ((await network.Rpc.SimulateTransactionAsync(Draft(network).ToEnvelope(), Cancelled)) as SimulationResult.Success).ShouldNotBeNull().Restore.ShouldNotBeNull().MinResourceFee;
        (await DeclaredAsync(network, x => x)).ShouldBe(simulated + (simulated * 15 / 100));

        // Inclusion is bid with 10,000 stroops, and a fee bump counts one operation more.
        (await DeclaredAsync(network, x => x with { FeeMaxStroops = simulated + 20_000 })).ShouldBe(simulated);
        var above = await network.NotBuiltAsync(network.Command("winner"), network.Factory(x => x with { FeeMaxStroops = simulated + 19_999 }));
        (above.Code, above.RestoreXdr).ShouldBe((FailureCode.FeeAboveCap, null));
        above.Detail.ShouldContain($"cost {simulated} stroops");
    }

    /// <summary>The payout source is its own channel and its key is outside: nobody here could sign.</summary>
    [Fact(Timeout = 60_000)]
    public async Task Should_leave_it_to_a_human_without_channel_accounts()
    {
        await using var network = await ArchivedAsync();
        var command = network.Command("winner");

        var failed = await network.NotBuiltAsync(command with { Slot = command.Slot with { Channel = Sample.Admin.AccountId.ToString() } });

        (failed.Code, failed.Transient, failed.RestoreXdr).ShouldBe((FailureCode.EntryArchived, false, null));
        failed.Detail.ShouldContain("PAYOUT_CHANNEL_ACCOUNTS");
    }

    /// <summary>With execution off nothing is restored; what the call needs afterwards is known all the same.</summary>
    [Fact(Timeout = 60_000)]
    public async Task Should_be_built_when_execution_is_off()
    {
        await using var network = await ArchivedAsync();

        var built = await network.BuiltAsync(network.Command("winner"), network.Factory(x => x with { LiveExecution = false }));

        Transaction.FromBase64(built.UnsignedXdr).SorobanData!.Ext.ShouldBeOfType<SorobanTransactionDataExt.V0>();
        network.Ledger.Payouts().ShouldBeEmpty();
    }

    [Fact(Timeout = 60_000)]
    public async Task Should_leave_to_a_human_what_payout_signer_would_refuse()
    {
        await using var network = await ArchivedAsync();
        var rpc = new PreambleRpc(network.Rpc, data => data with { Resources = data.Resources with { Instructions = 1 } });
        var factory = new TransactionFactory(rpc, new LedgerClock(rpc, TimeProvider.System), new InclusionFee(rpc, TimeProvider.System), network.Options);

        var failed = await network.NotBuiltAsync(network.Command("winner"), factory);

        (failed.Code, failed.Transient, failed.RestoreXdr).ShouldBe((FailureCode.EntryArchived, false, null));
        failed.Detail.ShouldContain("it declares 1 instructions");
    }

    private static async Task<BuildingNetwork> ArchivedAsync()
    {
        var network = await BuildingNetwork.StartAsync();
        network.Ledger.Grant(Sample.Key("winner").AccountId, 100_000_000);
        network.Ledger.ArchiveInstance(network.Ledger.PayoutContract).ShouldBeTrue();
        network.Ledger.ArchiveBalance(network.Ledger.PayoutContract).ShouldBeTrue();
        network.Ledger.Faults.Add(new FaultRule { Kind = FaultKind.RestorePreamble });
        return network;
    }

    private static async Task<long> DeclaredAsync(BuildingNetwork network, Func<BuilderOptions, BuilderOptions> change) =>
        XdrCodec.FromBase64<SorobanTransactionData>((await network.NotBuiltAsync(network.Command("winner"), network.Factory(change))).RestoreXdr.ShouldNotBeNull()).ResourceFee;

    /// <summary>The transaction whose simulation the factory reads.</summary>
    private static Transaction Draft(BuildingNetwork network)
    {
        var command = network.Command("winner");
        var order = new Stellar.PayoutOrder(new PayoutKey("GAME", 7, 1, Address.Parse(command.Order.Winner)), command.Order.Amount.Value, Currency.Parse("XLM"));
        return new TransactionBuilder(network.Channel.AccountId, command.Slot.SequenceNumber).Add(network.Options.Contract.Pay(order) with { Source = Sample.Admin.AccountId })
            .ValidUntil(network.Clock.GetUtcNow().AddMinutes(5)).ValidInLedgers(0, 1_000).Build();
    }

    private static async Task<TransactionRecord> ApplyAsync(BuildingNetwork network, Transaction signed)
    {
        var hash = signed.Hash(network.Ledger.Network);
        (await network.Rpc.SendTransactionAsync(signed.ToBase64(), hash, Cancelled)).ShouldBeOfType<SendOutcome.Pending>();
        network.Close();
        return (await network.Rpc.GetTransactionAsync(hash, Cancelled)).ShouldBeOfType<TransactionLookup.Found>().Transaction;
    }
}
