using Payouts.Devnet.Contracts;
using Payouts.Devnet.Tests.Payouts;
using Payouts.Stellar;
using Payouts.Stellar.Rpc;
using Payouts.Stellar.Xdr;
using Shouldly;
using Xunit;

namespace Payouts.Devnet.Tests.Contracts;

/// <summary>distribute_batch: every winner as by a call of its own, or nobody.</summary>
public sealed class When_a_batch_is_paid : NetworkTest
{
    private const int EventBytesMax = 16_384;

    [Fact(Timeout = TimeoutMs)]
    public async Task Should_record_transfer_and_announce_each_winner()
    {
        var winners = Winners(3);

        var record = await Net.ApplyAsync(await AssembleAsync(winners.Select((winner, i) => (winner, 10_000_000L * (i + 1)))));

        record.Status.ShouldBe(TransactionStatus.SUCCESS, TestNetwork.Result(record).ToString());
        winners.Select(winner => Net.Ledger.Balance(winner.AccountId.ToString())).ShouldBe([1_010_000_000, 1_020_000_000, 1_030_000_000]);
        Net.Ledger.Payouts().Select(payout => (payout.Context, payout.PoolId, payout.RoundId, payout.Winner, payout.Amount, payout.Currency)).ShouldBe(
            winners.Select((winner, i) => ("GAME", 7u, 1u, winner.AccountId.ToString(), (Int128)10_000_000 * (i + 1), "XLM")), ignoreOrder: true);
        var events = record.ContractEvents.ShouldHaveSingleItem().Select(one => one.Decode()).ToList();
        events.Count.ShouldBe(6);
        events.Select(PayoutEvents.TryReadTransfer).OfType<TransferEvent>().Select(one => one.Amount).ShouldBe([10_000_000, 20_000_000, 30_000_000]);
        events.Select(PayoutEvents.TryReadPayout).OfType<PayoutEvent>().Select(one => (one.Winner, one.Amount)).ShouldBe(
            winners.Select((winner, i) => ((Address)winner.AccountId, (Int128)10_000_000 * (i + 1))));
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task Should_share_its_keys_with_single_payouts_in_both_directions()
    {
        var winners = Winners(2);
        await Net.ApplyAsync(await AssembleAsync([(winners[0], 10_000_000)]));
        (await FailAsync(Net.Contract.Pay(Net.Order(winners[0])))).ShouldBe(PayoutContract.AlreadyPaid);

        await Net.ApplyAsync(await Net.PayoutAsync(Net.Account("channel"), Net.Order(winners[1], round: 2)));
        (await FailAsync(Batch(Pairs(winners), round: 2))).ShouldBe(PayoutContract.AlreadyPaid);
        (await FailAsync(Batch(Pairs(winners), round: 1))).ShouldBe(PayoutContract.AlreadyPaid);
        Net.Ledger.Payouts().Count.ShouldBe(2);
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task Should_refuse_what_it_cannot_pay()
    {
        var winner = Winners(1)[0];

        (await FailAsync(Batch([]))).ShouldBe(PayoutContract.NoWinners);
        (await FailAsync(Batch(Pairs([winner], 0)))).ShouldBe(PayoutContract.InvalidAmount);
        (await FailAsync(Batch(Pairs([winner, Net.Admin], -1)))).ShouldBe(PayoutContract.InvalidAmount);
        (await FailAsync(Batch(Pairs([winner, winner])))).ShouldBe(PayoutContract.AlreadyPaid);
        (await ErrorAsync(Batch([ScVal.Address(winner.AccountId)]))).ShouldContain("Error(WasmVm, InvalidAction)");
        (await ErrorAsync(Batch([ScVal.Vec(ScVal.I128(1), ScVal.Address(winner.AccountId))]))).ShouldContain("Error(WasmVm, InvalidAction)");
    }

    /// <summary>What happens between simulation and ledger undoes the whole call.</summary>
    [Theory(Timeout = TimeoutMs)]
    [InlineData("paid meanwhile", 3)]
    [InlineData("trustline gone", 13)]
    [InlineData("deauthorized", 11)]
    public async Task Should_pay_nobody_when_one_winner_turned_bad(string situation, int error)
    {
        var winners = Winners(3);
        foreach (var winner in winners)
        {
            await Token.TrustAsync(Net, winner);
        }

        var batch = await AssembleAsync(winners.Select(winner => (winner, 10_000_000L)), currency: TestNetwork.Usdc);
        var paid = 0;
        switch (situation)
        {
            case "paid meanwhile":
                await Net.ApplyAsync(await Net.PayoutAsync(Net.Account("other channel"), Net.Order(winners[1], currency: TestNetwork.Usdc)));
                paid = 1;
                break;
            case "trustline gone":
                await Token.TrustAsync(Net, winners[1], limit: 0);
                break;
            default:
                await Token.DeauthorizeAsync(Net, winners[1]);
                break;
        }

        var record = await Net.ApplyAsync(batch);

        When_a_payout_is_sent.Code(record).ShouldBeOfType<InvokeHostFunctionResult.Trapped>();
        ContractErrors.Find(record.DiagnosticEvents).ShouldBe((uint)error);
        record.ContractEvents.SelectMany(list => list).ShouldBeEmpty();
        Net.Ledger.Payouts().Count.ShouldBe(paid);
        Net.Ledger.Balance(winners[0].AccountId.ToString(), Net.UsdcAsset).ShouldBe(0);
        Net.Ledger.Balance(winners[2].AccountId.ToString(), Net.UsdcAsset).ShouldBe(0);
    }

    /// <summary>16,384 bytes of events and return value: one winner more, and the ledger pays nobody.</summary>
    [Theory(Timeout = TimeoutMs)]
    [InlineData("XLM", 47)]
    [InlineData(TestNetwork.Usdc, 40)]
    public async Task Should_pay_as_many_as_the_limit_of_events_and_fail_with_one_more(string currency, int most)
    {
        var winners = Winners(most + 1);
        if (currency == TestNetwork.Usdc)
        {
            await Task.WhenAll(winners.Select(winner => Net.SendAsync(Token.Trust(Net, winner))));
            Net.CloseLedger();
        }

        var two = EventBytes(await Net.ApplyAsync(await AssembleAsync(winners.Take(2).Select(winner => (winner, 1L)), currency, round: 1)));
        var three = EventBytes(await Net.ApplyAsync(await AssembleAsync(winners.Take(3).Select(winner => (winner, 1L)), currency, round: 2)));
        var full = await Net.ApplyAsync(await AssembleAsync(winners.Take(most).Select(winner => (winner, 1L)), currency, round: 3));
        full.Status.ShouldBe(TransactionStatus.SUCCESS);
        EventBytes(full).ShouldBeInRange(EventBytesMax - (three - two) + 1, EventBytesMax);

        var over = await Net.ApplyAsync(await AssembleAsync(winners.Take(most + 1).Select(winner => (winner, 1L)), currency, round: 4));
        When_a_payout_is_sent.Code(over).ShouldBeOfType<InvokeHostFunctionResult.ResourceLimitExceeded>();
        Net.Ledger.Payouts().Count(payout => payout.RoundId == 4).ShouldBe(0);
    }

    private static int EventBytes(TransactionRecord record) =>
        record.ContractEvents.SelectMany(list => list).Sum(one => XdrCodec.ToBytes(one.Decode()).Length) + XdrCodec.ToBytes(ScVal.Void).Length;

    private List<KeyPair> Winners(int count) => [.. Enumerable.Range(0, count).Select(i => Net.Account($"winner {i}"))];

    private static IEnumerable<SCVal> Pairs(IEnumerable<KeyPair> winners, long amount = 10_000_000) =>
        winners.Select(winner => ScVal.Vec(ScVal.Address(winner.AccountId), ScVal.I128(amount)));

    private InvokeHostFunctionOperation Batch(IEnumerable<SCVal> payouts, uint round = 1, string currency = "XLM") => InvokeHostFunctionOperation.ContractCall(
        Net.Ledger.PayoutContract, "distribute_batch", ScVal.Symbol("GAME"), ScVal.U32(7), ScVal.U32(round), ScVal.Vec(payouts), ScVal.Symbol(currency));

    private async Task<Transaction> AssembleAsync(IEnumerable<(KeyPair Winner, long Amount)> payouts, string currency = "XLM", uint round = 1)
    {
        var pairs = payouts.Select(one => ScVal.Vec(ScVal.Address(one.Winner.AccountId), ScVal.I128(one.Amount)));
        return (await Net.AssembleAsync(Net.Build(Net.Admin, Batch(pairs, round, currency), validSeconds: 3_600).Build())).Sign(Net.Network, Net.Admin);
    }

    private async Task<uint?> FailAsync(InvokeHostFunctionOperation call) => (await FailedAsync(call)).ContractError;

    private async Task<string> ErrorAsync(InvokeHostFunctionOperation call) => (await FailedAsync(call)).Error;

    private async Task<SimulationResult.Failed> FailedAsync(InvokeHostFunctionOperation call) =>
        (await Net.Rpc.SimulateTransactionAsync(Net.Build(Net.Admin, call).Build().ToEnvelope(), TestNetwork.Cancellation)).ShouldBeOfType<SimulationResult.Failed>();
}
