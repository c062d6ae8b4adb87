using Payouts.Stellar;
using Payouts.Stellar.Rpc;
using Payouts.Stellar.Xdr;
using Shouldly;
using Xunit;

namespace Payouts.Devnet.Tests.Payouts;

public sealed class When_a_payout_is_sent : NetworkTest
{
    [Fact(Timeout = TimeoutMs)]
    public async Task Should_pay_the_winner_and_record_it()
    {
        var channel = Net.Account("channel");
        var winner = Net.Account("winner");

        var record = await Net.ApplyAsync(await Net.PayoutAsync(channel, Net.Order(winner)));

        record.Status.ShouldBe(TransactionStatus.SUCCESS, TestNetwork.Result(record).ToString());
        Net.Ledger.Balance(winner.AccountId.ToString()).ShouldBe(1_050_000_000);
        var paid = Net.Ledger.Payouts().ShouldHaveSingleItem();
        (paid.Context, paid.PoolId, paid.RoundId, paid.Winner, paid.Amount, paid.Currency).ShouldBe(("GAME", 7u, 1u, winner.AccountId.ToString(), 50_000_000, "XLM"));
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task Should_charge_exactly_what_the_result_says()
    {
        var channel = Net.Account("channel");
        var before = Net.Ledger.Balance(channel.AccountId.ToString());

        var transaction = await Net.PayoutAsync(channel, Net.Order(Net.Account("winner")), inclusionFee: 500);
        var record = await Net.ApplyAsync(transaction);

        var charged = TestNetwork.Result(record).FeeCharged;
        (before - Net.Ledger.Balance(channel.AccountId.ToString())).ShouldBe(charged);

        // Bid 500, but nobody competes: 100 is taken. Part of the refundable fee (15 % of margin at least) comes back.
        charged.ShouldBeInRange(100, 100 + transaction.ResourceFee - 1);
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task Should_show_the_payout_event_and_the_token_transfer()
    {
        var channel = Net.Account("channel");
        var winner = Net.Account("winner");

        var record = await Net.ApplyAsync(await Net.PayoutAsync(channel, Net.Order(winner)));

        var events = record.ContractEvents.ShouldHaveSingleItem().Select(one => one.Decode()).ToList();
        events.Select(PayoutEvents.TryReadTransfer).OfType<TransferEvent>().ShouldHaveSingleItem().Amount.ShouldBe(50_000_000);
        events.Select(PayoutEvents.TryReadPayout).OfType<PayoutEvent>().ShouldHaveSingleItem().Amount.ShouldBe(50_000_000);
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task Should_answer_a_second_payout_of_the_same_key_with_AlreadyPaid()
    {
        var channel = Net.Account("channel");
        var winner = Net.Account("winner");
        await Net.ApplyAsync(await Net.PayoutAsync(channel, Net.Order(winner)));

        var again = Net.Build(channel, Net.Contract.Pay(Net.Order(winner, amount: 1)) with { Source = Net.Admin.AccountId }).Build();
        var simulation = await Net.Rpc.SimulateTransactionAsync(again.ToEnvelope(), TestNetwork.Cancellation);

        simulation.ShouldBeOfType<SimulationResult.Failed>().ContractError.ShouldBe(3u);
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task Should_roll_everything_back_but_the_fee_when_the_same_key_was_paid_meanwhile()
    {
        var first = Net.Account("channel 1");
        var second = Net.Account("channel 2");
        var winner = Net.Account("winner");
        var one = await Net.PayoutAsync(first, Net.Order(winner));
        var two = await Net.PayoutAsync(second, Net.Order(winner, amount: 60_000_000));
        var sequence = Net.Ledger.SequenceNumber(second.AccountId);
        await Net.ApplyAsync(one);

        var record = await Net.ApplyAsync(two);

        record.Status.ShouldBe(TransactionStatus.FAILED);
        Code(record).ShouldBeOfType<InvokeHostFunctionResult.Trapped>();
        ContractErrors.Find(record.DiagnosticEvents).ShouldBe(3u);
        Net.Ledger.Balance(winner.AccountId.ToString()).ShouldBe(1_050_000_000);
        Net.Ledger.Payouts().ShouldHaveSingleItem().Amount.ShouldBe(50_000_000);
        Net.Ledger.SequenceNumber(second.AccountId).ShouldBe(sequence + 1);
        Net.Ledger.Balance(second.AccountId.ToString()).ShouldBe(1_000_000_000 - TestNetwork.Result(record).FeeCharged);
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task Should_record_without_transfer_when_the_currency_has_no_token()
    {
        var channel = Net.Account("channel");
        var winner = Net.Account("winner");

        var record = await Net.ApplyAsync(await Net.PayoutAsync(channel, Net.Order(winner, currency: "GOLD")));

        record.Status.ShouldBe(TransactionStatus.SUCCESS);
        Net.Ledger.Balance(winner.AccountId.ToString()).ShouldBe(1_000_000_000);
        Net.Ledger.Payouts().ShouldHaveSingleItem().Currency.ShouldBe("GOLD");
        record.ContractEvents.SelectMany(list => list).Select(one => PayoutEvents.TryReadTransfer(one.Decode())).OfType<TransferEvent>().ShouldBeEmpty();
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task Should_read_back_what_was_paid()
    {
        var channel = Net.Account("channel");
        var order = Net.Order(Net.Account("winner"));
        await Net.ApplyAsync(await Net.PayoutAsync(channel, order));

        var question = Net.Build(channel, Net.Contract.GetPayout(order.Key)).Build();
        var answer = (await Net.Rpc.SimulateTransactionAsync(question.ToEnvelope(), TestNetwork.Cancellation)).ShouldBeOfType<SimulationResult.Success>();

        var read = PayoutContractCall.DecodeRecord(answer.Value.ShouldNotBeNull()).ShouldNotBeNull();
        (read.Amount, read.Paid).ShouldBe((50_000_000, true));
    }

    internal static InvokeHostFunctionResult Code(TransactionRecord record) => TestNetwork.Result(record).Result switch
    {
        TransactionResultResult.TxFailed failed => Code(failed.Value[0]),
        TransactionResultResult.TxSuccess success => Code(success.Value[0]),
        var other => throw new ShouldAssertException($"no operation results in {other}"),
    };

    private static InvokeHostFunctionResult Code(OperationResult result) =>
        ((OperationResultTr.InvokeHostFunction)((OperationResult.OpInner)result).Value).Value;
}
