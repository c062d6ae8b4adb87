using Payouts.Devnet.Faults;
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

    /// <summary>The faults on demand stand for a filter and for a queue that others have filled.</summary>
    [Fact(Timeout = TimeoutMs)]
    public async Task Should_filter_and_take_nothing()
    {
        var channel = Net.Account("channel");
        Net.Ledger.Faults.Add(new FaultRule { Kind = FaultKind.Filtered, Count = 1 });
        var transaction = Net.NoOp(channel);

        var error = (await Net.CallAsync("sendTransaction", new { transaction = transaction.ToBase64() })).GetProperty("error");
        (error.GetProperty("code").GetInt32(), error.GetProperty("message").GetString()).ShouldBe((-32603, "invalid status from stellar-core"));

        await ShouldLeaveNoTraceAsync(Net, channel, transaction);
    }

    [Theory(Timeout = TimeoutMs)]
    [InlineData(777)]
    [InlineData(0)]
    public async Task Should_ban_who_finds_the_queue_full_whether_it_names_a_fee_or_not(long fee)
    {
        var channel = Net.Account("channel");
        Net.Ledger.Faults.Add(new FaultRule { Kind = FaultKind.QueueFull, Count = 1, FeeStroops = fee });
        var transaction = Net.NoOp(channel);

        var answer = await Net.SendAsync(transaction);
        if (fee > 0)
        {
            (TestNetwork.Refusal(answer), ((SendOutcome.Refused)answer).FeeCharged).ShouldBe((TransactionResultCode.txINSUFFICIENT_FEE, fee));
        }
        else
        {
            answer.ShouldBeOfType<SendOutcome.TryAgainLater>();
        }

        (await Net.SendAsync(transaction)).ShouldBeOfType<SendOutcome.TryAgainLater>();
        await ShouldLeaveNoTraceAsync(Net, channel, transaction);
    }

    /// <summary>Two ledgers on: no hash, no fee, no sequence number, no payout.</summary>
    internal static async Task ShouldLeaveNoTraceAsync(TestNetwork net, KeyPair channel, params Transaction[] transactions)
    {
        var before = (net.Ledger.SequenceNumber(channel.AccountId), net.Ledger.Balance(channel.AccountId.ToString()), net.Ledger.Payouts().Count);
        net.CloseLedger();
        net.CloseLedger();
        foreach (var transaction in transactions)
        {
            (await net.FindAsync(transaction.Hash(net.Network))).ShouldBeNull();
        }

        (net.Ledger.SequenceNumber(channel.AccountId), net.Ledger.Balance(channel.AccountId.ToString()), net.Ledger.Payouts().Count).ShouldBe(before);
    }

    internal static Transaction Unsigned(Stellar.Xdr.Transaction body) => new(new TransactionV1Envelope(body, []));

    internal static Transaction WithResources(Transaction transaction, Func<SorobanResources, SorobanResources> change)
    {
        var data = transaction.SorobanData!;
        return Unsigned(transaction.Body with { Ext = new TransactionExt.V1(data with { Resources = change(data.Resources) }) });
    }
}
