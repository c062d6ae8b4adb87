using Payouts.Stellar;
using Payouts.Stellar.Rpc;
using Payouts.Stellar.Xdr;
using Shouldly;
using Xunit;

namespace Payouts.Devnet.Tests.Queue;

/// <summary>Each row of the queue's order of checks: what it answers, and what the ledger then does.</summary>
public sealed class When_the_queue_is_asked : NetworkTest
{
    [Fact(Timeout = TimeoutMs)]
    public async Task Should_say_TRY_AGAIN_LATER_while_the_other_kind_is_pending_and_apply_only_the_first()
    {
        var channel = Net.Account("channel");
        var soroban = await Net.PayoutAsync(channel, Net.Order(Net.Account("winner")));
        var classic = Net.NoOp(channel);
        (await Net.SendAsync(classic)).ShouldBeOfType<SendOutcome.Pending>();

        (await Net.SendAsync(soroban)).ShouldBeOfType<SendOutcome.TryAgainLater>();

        Net.CloseLedger();
        (await Net.FindAsync(classic.Hash(Net.Network))).ShouldNotBeNull();
        (await Net.FindAsync(soroban.Hash(Net.Network))).ShouldBeNull();
        Net.Ledger.Payouts().ShouldBeEmpty();
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task Should_say_TRY_AGAIN_LATER_for_an_applied_transaction_while_it_is_banned_then_txBAD_SEQ()
    {
        var channel = Net.Account("channel");
        var winner = Net.Account("winner");
        var payout = await Net.PayoutAsync(channel, Net.Order(winner), validSeconds: 3600);
        await Net.ApplyAsync(payout);

        var answers = new List<SendOutcome>();
        for (var ledger = 0; ledger < 12; ledger++)
        {
            answers.Add(await Net.SendAsync(payout));
            Net.CloseLedger();
        }

        answers.Take(9).ShouldAllBe(answer => answer is SendOutcome.TryAgainLater);
        TestNetwork.Refusal(answers[^1]).ShouldBe(TransactionResultCode.txBAD_SEQ);
        Net.Ledger.Balance(winner.AccountId.ToString()).ShouldBe(1_050_000_000);
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task Should_say_DUPLICATE_for_the_same_hash_and_apply_it_once()
    {
        var channel = Net.Account("channel");
        var transaction = Net.NoOp(channel);
        await Net.SendAsync(transaction);

        (await Net.SendAsync(transaction)).ShouldBeOfType<SendOutcome.Duplicate>();

        Net.CloseLedger();
        Net.Ledger.SequenceNumber(channel.AccountId).ShouldBe(transaction.SequenceNumber);
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task Should_say_DUPLICATE_for_the_inner_transaction_of_a_pending_fee_bump()
    {
        var channel = Net.Account("channel");
        var payer = Net.Account("payer");
        var inner = Net.NoOp(channel);
        var bump = FeeBumpTransaction.Wrap(inner, payer.AccountId, 1_000).Sign(Net.Network, payer);
        await Net.SendAsync(bump);

        (await Net.SendAsync(inner)).ShouldBeOfType<SendOutcome.Duplicate>();

        Net.CloseLedger();
        (await Net.FindAsync(inner.Hash(Net.Network))).ShouldNotBeNull().IsFeeBump.ShouldBeTrue();
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task Should_say_txBAD_SEQ_for_a_sequence_number_below_the_pending_one()
    {
        var channel = Net.Account("channel");
        var pending = Net.NoOp(channel);
        await Net.SendAsync(pending);

        TestNetwork.Refusal(await Net.SendAsync(Net.NoOp(channel, pending.SequenceNumber - 1, inclusionFee: 200))).ShouldBe(TransactionResultCode.txBAD_SEQ);

        Net.CloseLedger();
        (await Net.FindAsync(pending.Hash(Net.Network))).ShouldNotBeNull();
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task Should_say_txSOROBAN_INVALID_for_bad_resources_before_it_complains_about_the_pending_one()
    {
        var channel = Net.Account("channel");
        var pending = await Net.PayoutAsync(channel, Net.Order(Net.Account("winner")));
        await Net.SendAsync(pending);
        var greedy = WithResources(pending, resources => resources with { Instructions = 400_000_001 }).Sign(Net.Network, channel, Net.Admin);

        TestNetwork.Refusal(await Net.SendAsync(greedy)).ShouldBe(TransactionResultCode.txSOROBAN_INVALID);

        Net.CloseLedger();
        (await Net.FindAsync(pending.Hash(Net.Network))).ShouldNotBeNull().Status.ShouldBe(TransactionStatus.SUCCESS);
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task Should_say_TRY_AGAIN_LATER_for_a_second_transaction_of_one_account_and_take_it_a_ledger_later()
    {
        var channel = Net.Account("channel");
        var first = Net.NoOp(channel);
        var second = Net.NoOp(channel, first.SequenceNumber + 1);
        await Net.SendAsync(first);

        (await Net.SendAsync(second)).ShouldBeOfType<SendOutcome.TryAgainLater>();

        Net.CloseLedger();
        (await Net.ApplyAsync(second)).Status.ShouldBe(TransactionStatus.SUCCESS);
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task Should_ask_a_replacing_fee_bump_for_ten_times_the_rate_and_name_the_minimum()
    {
        var channel = Net.Account("channel");
        var payer = Net.Account("payer");
        var inner = Net.NoOp(channel);
        await Net.SendAsync(inner);

        var cheap = (await Net.SendAsync(FeeBumpTransaction.Wrap(inner, payer.AccountId, 1_999).Sign(Net.Network, payer))).ShouldBeOfType<SendOutcome.Refused>();
        cheap.Code.ShouldBe(TransactionResultCode.txINSUFFICIENT_FEE);

        // Inclusion 100 over 1 operation; the bump counts 2 operations: 10 x 100 x 2.
        cheap.FeeCharged.ShouldBe(2_000);
        var enough = FeeBumpTransaction.Wrap(inner, payer.AccountId, 2_000).Sign(Net.Network, payer);
        (await Net.SendAsync(enough)).ShouldBeOfType<SendOutcome.Pending>();

        Net.CloseLedger();
        (await Net.FindAsync(inner.Hash(Net.Network))).ShouldNotBeNull().IsFeeBump.ShouldBeTrue();
        (await Net.FindAsync(enough.Hash(Net.Network))).ShouldNotBeNull();
        Net.Ledger.Balance(channel.AccountId.ToString()).ShouldBe(1_000_000_000);
        Net.Ledger.Balance(payer.AccountId.ToString()).ShouldBe(1_000_000_000 - 200);
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task Should_say_txINSUFFICIENT_BALANCE_when_the_fee_source_cannot_pay_all_that_is_pending()
    {
        // Two base reserves and 250 stroops: room for two fees of 100, not for three.
        var payer = Net.Account("payer", 10_000_250 + 200);
        var one = Net.NoOp(Net.Account("one"));
        var two = Net.NoOp(Net.Account("two"));
        var three = Net.NoOp(Net.Account("three"));
        (await Net.SendAsync(FeeBumpTransaction.Wrap(one, payer.AccountId, 200).Sign(Net.Network, payer))).ShouldBeOfType<SendOutcome.Pending>();
        (await Net.SendAsync(FeeBumpTransaction.Wrap(two, payer.AccountId, 200).Sign(Net.Network, payer))).ShouldBeOfType<SendOutcome.Pending>();

        TestNetwork.Refusal(await Net.SendAsync(FeeBumpTransaction.Wrap(three, payer.AccountId, 200).Sign(Net.Network, payer)))
            .ShouldBe(TransactionResultCode.txINSUFFICIENT_BALANCE);

        Net.CloseLedger();
        Net.Ledger.Balance(payer.AccountId.ToString()).ShouldBe(10_000_450 - 400);
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task Should_refuse_what_would_expire_within_ten_seconds_though_the_ledger_could_still_take_it()
    {
        var channel = Net.Account("channel");
        Net.CloseLedger();

        TestNetwork.Refusal(await Net.SendAsync(Net.NoOp(channel, validSeconds: 9))).ShouldBe(TransactionResultCode.txTOO_LATE);

        (await Net.SendAsync(Net.NoOp(channel, validSeconds: 10))).ShouldBeOfType<SendOutcome.Pending>();
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task Should_count_the_drift_of_the_clock_since_the_last_close()
    {
        var channel = Net.Account("channel");
        Net.CloseLedger();
        var transaction = Net.NoOp(channel, validSeconds: 20);
        Net.Clock.Advance(TimeSpan.FromSeconds(11));

        TestNetwork.Refusal(await Net.SendAsync(transaction)).ShouldBe(TransactionResultCode.txTOO_LATE);
    }

    [Theory(Timeout = TimeoutMs)]
    [InlineData(2, TransactionResultCode.txBAD_SEQ)]
    [InlineData(0, TransactionResultCode.txBAD_SEQ)]
    public async Task Should_refuse_any_sequence_number_but_the_next(int ahead, TransactionResultCode code)
    {
        var channel = Net.Account("channel");

        TestNetwork.Refusal(await Net.SendAsync(Net.NoOp(channel, Net.NextSequence(channel) - 1 + ahead))).ShouldBe(code);

        Net.CloseLedger();
        Net.Ledger.Balance(channel.AccountId.ToString()).ShouldBe(1_000_000_000);
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task Should_refuse_wrong_and_surplus_signatures()
    {
        var channel = Net.Account("channel");
        var stranger = TestNetwork.Key("stranger");
        var unsigned = Net.Build(channel, new BumpSequenceOperation(0)).Build();

        TestNetwork.Refusal(await Net.SendAsync(unsigned)).ShouldBe(TransactionResultCode.txBAD_AUTH);
        TestNetwork.Refusal(await Net.SendAsync(unsigned.Sign(Net.Network, stranger))).ShouldBe(TransactionResultCode.txBAD_AUTH);
        TestNetwork.Refusal(await Net.SendAsync(unsigned.Sign(Net.Network, channel, stranger))).ShouldBe(TransactionResultCode.txBAD_AUTH_EXTRA);
        TestNetwork.Refusal(await Net.SendAsync(unsigned.Sign(new Network("another network"), channel))).ShouldBe(TransactionResultCode.txBAD_AUTH);
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task Should_refuse_a_payout_that_the_admin_has_not_signed()
    {
        var channel = Net.Account("channel");
        var unsigned = await Net.AssembleAsync(channel, Net.Order(Net.Account("winner")));

        TestNetwork.Refusal(await Net.SendAsync(unsigned.Sign(Net.Network, channel))).ShouldBe(TransactionResultCode.txFAILED);
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task Should_refuse_an_unknown_account_and_a_fee_below_the_minimum()
    {
        var nobody = TestNetwork.Key("nobody");
        var channel = Net.Account("channel");
        var cheap = Unsigned(Net.NoOp(channel).Body with { Fee = 99 });

        TestNetwork.Refusal(await Net.SendAsync(Net.NoOp(nobody, sequence: 1))).ShouldBe(TransactionResultCode.txNO_ACCOUNT);
        var refused = (await Net.SendAsync(cheap.Sign(Net.Network, channel))).ShouldBeOfType<SendOutcome.Refused>();
        (refused.Code, refused.FeeCharged).ShouldBe((TransactionResultCode.txINSUFFICIENT_FEE, 100));
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task Should_refuse_a_resource_fee_that_does_not_cover_what_is_declared()
    {
        var channel = Net.Account("channel");
        var payout = await Net.PayoutAsync(channel, Net.Order(Net.Account("winner")));
        var data = payout.SorobanData! with { ResourceFee = 1_000 };
        var poor = Unsigned(payout.Body with { Ext = new TransactionExt.V1(data) }).Sign(Net.Network, channel, Net.Admin);

        TestNetwork.Refusal(await Net.SendAsync(poor)).ShouldBe(TransactionResultCode.txSOROBAN_INVALID);
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task Should_refuse_operations_that_the_devnet_does_not_model()
    {
        var channel = Net.Account("channel");
        var merge = new Stellar.Xdr.Operation(null, new OperationBody.AccountMerge(Net.Admin.AccountId.ToMuxedAccount()));
        var transaction = Unsigned(Net.NoOp(channel).Body with { Operations = [merge] }).Sign(Net.Network, channel);

        var refused = (await Net.SendAsync(transaction)).ShouldBeOfType<SendOutcome.Refused>();

        refused.Result.Decode().Result.ShouldBeOfType<TransactionResultResult.TxFailed>().Value[0].ShouldBeOfType<OperationResult.OpNotSupported>();
    }

    internal static Transaction Unsigned(Stellar.Xdr.Transaction body) => new(new TransactionV1Envelope(body, []));

    internal static Transaction WithResources(Transaction transaction, Func<SorobanResources, SorobanResources> change)
    {
        var data = transaction.SorobanData!;
        return Unsigned(transaction.Body with { Ext = new TransactionExt.V1(data with { Resources = change(data.Resources) }) });
    }
}
