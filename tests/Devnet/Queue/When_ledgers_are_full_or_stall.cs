using Payouts.Devnet.Faults;
using Payouts.Devnet.Options;
using Payouts.Stellar;
using Payouts.Stellar.Rpc;
using Payouts.Stellar.Xdr;
using Shouldly;
using Xunit;

namespace Payouts.Devnet.Tests.Queue;

public sealed class When_ledgers_are_full_or_stall : NetworkTest
{
    /// <summary>Two operations a ledger, so four in the queue.</summary>
    protected override Func<DevnetOptions, DevnetOptions> Change => options => options with { CapacityClassic = 2 };

    [Fact(Timeout = TimeoutMs)]
    public async Task Should_take_the_dearest_first_and_charge_them_the_lowest_bid_taken()
    {
        var transactions = await SendAllAsync([("low", 100), ("high", 900), ("middle", 400)]);

        Net.CloseLedger();

        (await Net.FindAsync(transactions["low"].Hash(Net.Network))).ShouldBeNull();
        var high = (await Net.FindAsync(transactions["high"].Hash(Net.Network))).ShouldNotBeNull();
        TestNetwork.Result(high).FeeCharged.ShouldBe(400);
        Net.CloseLedger();
        TestNetwork.Result((await Net.FindAsync(transactions["low"].Hash(Net.Network))).ShouldNotBeNull()).FeeCharged.ShouldBe(100);
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task Should_name_the_fee_that_beats_a_full_queue_and_ban_who_does_not_pay_it()
    {
        await SendAllAsync([("a", 500), ("b", 500), ("c", 300), ("d", 500)]);
        var cheap = Net.NoOp(Net.Account("cheap"), inclusionFee: 300);

        var refused = (await Net.SendAsync(cheap)).ShouldBeOfType<SendOutcome.Refused>();

        (refused.Code, refused.FeeCharged).ShouldBe((TransactionResultCode.txINSUFFICIENT_FEE, 301));
        (await Net.SendAsync(cheap)).ShouldBeOfType<SendOutcome.TryAgainLater>();
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task Should_evict_and_ban_the_cheapest_for_a_dearer_one()
    {
        var transactions = await SendAllAsync([("a", 500), ("b", 500), ("c", 300), ("d", 500)]);

        (await Net.SendAsync(Net.NoOp(Net.Account("dear"), inclusionFee: 301))).ShouldBeOfType<SendOutcome.Pending>();

        (await Net.SendAsync(transactions["c"])).ShouldBeOfType<SendOutcome.TryAgainLater>();
        Net.CloseLedger();
        Net.CloseLedger();
        (await Net.FindAsync(transactions["c"].Hash(Net.Network))).ShouldBeNull();
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task Should_forget_and_ban_what_waited_four_ledgers()
    {
        Net.Ledger.Faults.Add(new FaultRule { Kind = FaultKind.FeeSurge, FeeStroops = 5_000 });
        var transaction = (await SendAllAsync([("patient", 100)]))["patient"];

        for (var ledger = 0; ledger < 3; ledger++)
        {
            Net.CloseLedger();
            (await Net.SendAsync(transaction)).ShouldBeOfType<SendOutcome.Duplicate>();
        }

        Net.CloseLedger();
        (await Net.SendAsync(transaction)).ShouldBeOfType<SendOutcome.TryAgainLater>();
        Net.Ledger.PendingTransactions.ShouldBe(0);
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task Should_take_nothing_beyond_its_ledger_bounds()
    {
        Net.Ledger.Faults.Add(new FaultRule { Kind = FaultKind.FeeSurge, FeeStroops = 5_000 });
        var channel = Net.Account("channel");
        var head = Net.Ledger.LatestLedger;
        var transaction = Net.Build(channel, new BumpSequenceOperation(0)).ValidInLedgers(0, head + 2).Build().Sign(Net.Network, channel);
        (await Net.SendAsync(transaction)).ShouldBeOfType<SendOutcome.Pending>();

        // Ledger head + 1 could have taken it; head + 2 may not any more.
        Net.CloseLedger();
        Net.Ledger.Faults.Clear();
        Net.CloseLedger();

        (await Net.FindAsync(transaction.Hash(Net.Network))).ShouldBeNull();
        Net.Ledger.SequenceNumber(channel.AccountId).ShouldBe(transaction.SequenceNumber - 1);
        (await Net.SendAsync(transaction)).ShouldBeOfType<SendOutcome.TryAgainLater>();
    }

    private async Task<Dictionary<string, Transaction>> SendAllAsync((string Account, uint Fee)[] bids)
    {
        var sent = new Dictionary<string, Transaction>(StringComparer.Ordinal);
        foreach (var (account, fee) in bids)
        {
            sent[account] = Net.NoOp(Net.Account(account), inclusionFee: fee);
            (await Net.SendAsync(sent[account])).ShouldBeOfType<SendOutcome.Pending>();
        }

        return sent;
    }
}
