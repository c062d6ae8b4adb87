using System.Security.Cryptography;
using System.Text.Json;
using Payouts.Stellar;
using Payouts.Stellar.Rpc;
using Payouts.Stellar.Xdr;
using Shouldly;
using Xunit;

namespace Payouts.Devnet.Tests.History;

/// <summary>getLedgers carries the whole ledger: what was in it, what became of it, and hashes that bind both to the header.</summary>
public sealed class When_a_ledger_is_read_back : NetworkTest
{
    [Fact(Timeout = TimeoutMs)]
    public async Task Should_hold_both_kinds_of_transactions_with_results_and_meta()
    {
        var (payout, noOp) = await ApplyBothAsync();

        var meta = await CloseMetaAsync(Net.Ledger.LatestLedger);

        var phases = ((GeneralizedTransactionSet.V1)meta.TxSet).Value.Phases;
        var classic = ((TxSetComponent.TxsetCompTxsMaybeDiscountedFee)((TransactionPhase.V0)phases[0]).Value.ShouldHaveSingleItem()).Value;
        classic.Txs.ShouldBe([noOp.ToEnvelope()]);
        var soroban = ((TransactionPhase.V1)phases[1]).Value;
        soroban.ExecutionStages.ShouldHaveSingleItem().Value.ShouldHaveSingleItem().Value.ShouldBe([payout.ToEnvelope()]);
        (classic.BaseFee, soroban.BaseFee).ShouldBe((100L, 100L));

        var found = (await Net.FindAsync(payout.Hash(Net.Network))).ShouldNotBeNull();
        var processed = meta.TxProcessing.Single(one => one.Result.TransactionHash == payout.Hash(Net.Network).ToXdr());
        processed.Result.Result.ShouldBe(TestNetwork.Result(found));
        processed.TxApplyProcessing.ShouldBe(found.Meta.Decode());
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task Should_show_the_fee_taken_and_the_refund_given()
    {
        var (payout, _) = await ApplyBothAsync();
        var charged = TestNetwork.Result((await Net.FindAsync(payout.Hash(Net.Network))).ShouldNotBeNull()).FeeCharged;

        var processed = (await CloseMetaAsync(Net.Ledger.LatestLedger)).TxProcessing.Single(one => one.Result.TransactionHash == payout.Hash(Net.Network).ToXdr());

        var taken = Difference(processed.FeeProcessing);
        var refunded = Difference(processed.PostTxApplyFeeProcessing);
        taken.ShouldBe(-payout.ResourceFee - 100);
        refunded.ShouldBeGreaterThan(0);
        (-taken - refunded).ShouldBe(charged);
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task Should_be_bound_to_its_header_and_to_the_ledger_before()
    {
        await ApplyBothAsync();
        var latest = Net.Ledger.LatestLedger;
        var (before, meta) = (await CloseMetaAsync(latest - 1), await CloseMetaAsync(latest));

        var header = meta.LedgerHeader.Header;
        header.ScpValue.TxSetHash.ShouldBe(Sha256(XdrCodec.ToBytes(meta.TxSet)));
        header.TxSetResultHash.ShouldBe(Sha256(ResultSet(meta)));
        header.PreviousLedgerHash.ShouldBe(before.LedgerHeader.Hash);
        meta.LedgerHeader.Hash.ShouldBe(Sha256(XdrCodec.ToBytes(header)));
        ((GeneralizedTransactionSet.V1)meta.TxSet).Value.PreviousLedgerHash.ShouldBe(before.LedgerHeader.Hash);
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task Should_trace_the_calls_of_a_payout_that_went_well()
    {
        var (payout, _) = await ApplyBothAsync();
        var found = (await Net.FindAsync(payout.Hash(Net.Network))).ShouldNotBeNull();

        var diagnostics = found.DiagnosticEvents.Select(one => one.Decode()).ToList();

        diagnostics.ShouldAllBe(one => one.InSuccessfulContractCall);
        diagnostics.Select(one => Topics(one)[0].AsSymbol()).ShouldBe(["fn_call", "fn_call", "transfer", "fn_return", "PAYOUT", "fn_return"]);
        diagnostics.Select(one => one.Event.Type).ShouldBe([
            ContractEventType.DIAGNOSTIC, ContractEventType.DIAGNOSTIC, ContractEventType.CONTRACT,
            ContractEventType.DIAGNOSTIC, ContractEventType.CONTRACT, ContractEventType.DIAGNOSTIC]);

        // The root is called by nobody; its callee is in the topics, its arguments in the data. The nested call belongs to its caller.
        diagnostics[0].Event.ContractID.ShouldBeNull();
        Topics(diagnostics[0])[1].AsBytes().ShouldBe(((SCAddress.Contract)Net.Ledger.PayoutContract.ToScAddress()).Value.Value.Value);
        Topics(diagnostics[0])[2].AsSymbol().ShouldBe("distribute_winnings");
        ((ContractEventBody.V0)diagnostics[0].Event.Body).Value.Data.AsVec().Count.ShouldBe(6);
        ContractId.FromXdr(diagnostics[1].Event.ContractID.ShouldNotBeNull()).ShouldBe(Net.Ledger.PayoutContract);
        Topics(diagnostics[1])[2].AsSymbol().ShouldBe("transfer");
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task Should_keep_no_trace_when_diagnostics_are_off()
    {
        await using var silent = await TestNetwork.StartAsync(options => options with { Diagnostics = false });
        var record = await silent.ApplyAsync(await silent.PayoutAsync(silent.Account("channel"), silent.Order(silent.Account("winner"))));

        record.DiagnosticEvents.ShouldBeEmpty();
        record.ContractEvents.ShouldHaveSingleItem().Count.ShouldBe(2);
    }

    private static XdrArray<SCVal> Topics(DiagnosticEvent diagnostic) => ((ContractEventBody.V0)diagnostic.Event.Body).Value.Topics;

    private static Hash Sha256(byte[] bytes) => new(new XdrBytes(SHA256.HashData(bytes)));

    /// <summary>TransactionResultSet: a count and the pairs.</summary>
    private static byte[] ResultSet(LedgerCloseMetaV2 meta) =>
        [0, 0, 0, (byte)meta.TxProcessing.Count, .. meta.TxProcessing.SelectMany(one => XdrCodec.ToBytes(one.Result))];

    private static long Difference(LedgerEntryChanges changes)
    {
        var (before, after) = ((LedgerEntryChange.State)changes.Value[0], (LedgerEntryChange.Updated)changes.Value[1]);
        return Balance(after.Value) - Balance(before.Value);
    }

    private static long Balance(LedgerEntry entry) => ((LedgerEntryData.Account)entry.Data).Value.Balance;

    private async Task<(Transaction Payout, Transaction NoOp)> ApplyBothAsync()
    {
        var payout = await Net.PayoutAsync(Net.Account("channel"), Net.Order(Net.Account("winner")));
        var noOp = Net.NoOp(Net.Account("other"));
        (await Net.SendAsync(payout)).ShouldBeOfType<SendOutcome.Pending>();
        (await Net.SendAsync(noOp)).ShouldBeOfType<SendOutcome.Pending>();
        Net.CloseLedger();
        return (payout, noOp);
    }

    private async Task<LedgerCloseMetaV2> CloseMetaAsync(uint ledger)
    {
        var answer = (await Net.CallAsync("getLedgers", new { startLedger = ledger, pagination = new { limit = 1 } })).GetProperty("result");
        var one = answer.GetProperty("ledgers").EnumerateArray().ShouldHaveSingleItem();
        one.GetProperty("sequence").GetUInt32().ShouldBe(ledger);
        return ((LedgerCloseMeta.V2)XdrCodec.FromBase64<LedgerCloseMeta>(one.GetProperty("metadataXdr").GetString()!)).Value;
    }
}
