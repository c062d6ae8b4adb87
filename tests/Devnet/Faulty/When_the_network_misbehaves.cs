using Payouts.Devnet.Faults;
using Payouts.Devnet.Options;
using Payouts.Stellar;
using Payouts.Stellar.Rpc;
using Payouts.Tests.Support;
using Shouldly;
using Xunit;

namespace Payouts.Devnet.Tests.Faulty;

/// <summary>States of the network on demand: exactly what is answered meanwhile, and exactly what the ledger does.</summary>
public sealed class When_the_network_misbehaves : NetworkTest
{
    [Fact(Timeout = TimeoutMs)]
    public async Task Should_hold_a_call_back_as_long_as_ordered_and_then_do_it()
    {
        var transaction = Net.NoOp(Net.Account("channel"));
        Net.Ledger.Faults.Add(new FaultRule { Kind = FaultKind.Latency, Method = "sendTransaction", LatencyMs = 4_000, Count = 1 });

        var sending = Net.SendAsync(transaction);

        // The clock stands still: the call waits on it, other methods do not, and nothing is in the queue yet.
        (await Net.Rpc.GetHealthAsync(TestNetwork.Cancellation)).LatestLedger.ShouldBe(1u);
        await UntilAsync("the call has met its fault", () => Net.Ledger.Faults.List().Count == 0);
        Net.Ledger.PendingTransactions.ShouldBe(0);
        var waitedMs = 0;
        await UntilAsync("the call is done", () =>
        {
            Net.Clock.Advance(TimeSpan.FromMilliseconds(sending.IsCompleted ? 0 : 500));
            waitedMs += sending.IsCompleted ? 0 : 500;
            return sending.IsCompleted;
        });
        waitedMs.ShouldBeGreaterThanOrEqualTo(3_500);
        (await sending).ShouldBeOfType<SendOutcome.Pending>();
        Net.Ledger.PendingTransactions.ShouldBe(1);
        (await Net.SendAsync(transaction)).ShouldBeOfType<SendOutcome.Duplicate>();
    }

    /// <summary>Three ledgers' time without a ledger: sends are taken and wait, the latest ledger stays, and at last the node calls itself unhealthy.</summary>
    [Fact(Timeout = TimeoutMs)]
    public async Task Should_close_no_ledger_while_stalled_and_take_everything_afterwards()
    {
        await using var net = await TestNetwork.StartAsync(options => options with { CloseTime = TimeSpan.FromSeconds(5) });
        net.Ledger.Faults.Add(new FaultRule { Kind = FaultKind.LedgerStall, Count = 7 });
        var transaction = net.NoOp(net.Account("channel"));
        for (var tick = 1; tick <= 6; tick++)
        {
            await TickAsync(net, strikes: tick);
        }

        net.Ledger.LatestLedger.ShouldBe(1u);
        (await net.Rpc.GetHealthAsync(TestNetwork.Cancellation)).LatestLedger.ShouldBe(1u);
        (await net.SendAsync(transaction)).ShouldBeOfType<SendOutcome.Pending>();
        (await net.FindAsync(transaction.Hash(net.Network))).ShouldBeNull();
        net.Clock.Advance(TimeSpan.FromSeconds(5));
        await UntilAsync("the stall is over", () => net.Ledger.Faults.List().Count == 0);
        var error = (await net.CallAsync("getHealth")).GetProperty("error");
        (error.GetProperty("code").GetInt32(), error.GetProperty("message").GetString()).ShouldBe((-32603, "latency (35s) since last known ledger closed is too high (>30s)"));

        net.Clock.Advance(TimeSpan.FromSeconds(5));
        await UntilAsync("a ledger has closed", () => net.Ledger.LatestLedger == 2);
        (await net.FindAsync(transaction.Hash(net.Network))).ShouldNotBeNull().Ledger.ShouldBe(2u);
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task Should_leave_who_bids_below_a_surge_waiting_until_it_is_too_old()
    {
        var rule = Net.Ledger.Faults.Add(new FaultRule { Kind = FaultKind.FeeSurge, FeeStroops = 5_000 });
        var below = Net.NoOp(Net.Account("below"), inclusionFee: 4_999);
        var at = Net.NoOp(Net.Account("at"), inclusionFee: 5_000);
        var above = Net.NoOp(Net.Account("above"), inclusionFee: 9_000);
        foreach (var transaction in new[] { below, at, above })
        {
            (await Net.SendAsync(transaction)).ShouldBeOfType<SendOutcome.Pending>();
        }

        Net.CloseLedger();

        foreach (var taken in new[] { at, above })
        {
            TestNetwork.Result((await Net.FindAsync(taken.Hash(Net.Network))).ShouldNotBeNull()).FeeCharged.ShouldBe(5_000);
        }

        var stats = await Net.Rpc.GetFeeStatsAsync(TestNetwork.Cancellation);
        (stats.InclusionFee.Min, stats.InclusionFee.Max).ShouldBe((5_000, 5_000));
        (await Net.SendAsync(below)).ShouldBeOfType<SendOutcome.Duplicate>();
        Net.Ledger.Faults.Remove(rule).ShouldBeTrue();
        Net.CloseLedger();
        TestNetwork.Result((await Net.FindAsync(below.Hash(Net.Network))).ShouldNotBeNull()).FeeCharged.ShouldBe(100);
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task Should_forget_exactly_what_is_older_than_the_retention()
    {
        var transactions = new List<Transaction>();
        for (var i = 0; i < 3; i++)
        {
            transactions.Add(Net.NoOp(Net.Account($"channel {i}")));
            await Net.ApplyAsync(transactions[i]);
        }

        Net.Ledger.Faults.Add(new FaultRule { Kind = FaultKind.ExpiredRetention, Ledgers = 1 });

        // Ledgers 2, 3, 4 hold one each; of them 3 and 4 are still readable.
        var looks = await Task.WhenAll(transactions.Select(one => Net.Rpc.GetTransactionAsync(one.Hash(Net.Network), TestNetwork.Cancellation)));
        looks[0].ShouldBeOfType<TransactionLookup.NotFound>();
        looks[1].ShouldBeOfType<TransactionLookup.Found>();
        looks[2].ShouldBeOfType<TransactionLookup.Found>();
        var health = await Net.Rpc.GetHealthAsync(TestNetwork.Cancellation);
        (health.OldestLedger, health.LatestLedger).ShouldBe((3u, 4u));
        var error = (await Net.CallAsync("getTransactions", new { startLedger = 2 })).GetProperty("error");
        error.GetProperty("message").GetString().ShouldBe("startLedger must be within the ledger range: 3 - 4");

        // Forgotten is not undone: the sequence number is used, and the hash, once its ban has passed, is refused by it.
        Net.Ledger.SequenceNumber(TestNetwork.Key("channel 0").AccountId).ShouldBe(transactions[0].SequenceNumber);
    }

    /// <summary>The same node denies an applied hash and shows the account before it: neither is a proof, both together still are none.</summary>
    [Theory(Timeout = TimeoutMs)]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Should_answer_from_a_state_so_many_ledgers_old(int lag)
    {
        var channel = Net.Account("channel");
        var winner = Net.Account("winner");
        for (var i = 0; i < 4; i++)
        {
            Net.CloseLedger();
        }

        var head = Net.Ledger.LatestLedger;
        var payout = await Net.PayoutAsync(channel, Net.Order(winner));
        await Net.ApplyAsync(payout);
        for (var i = 1; i < lag; i++)
        {
            Net.CloseLedger();
        }

        Net.Ledger.Faults.Add(new FaultRule { Kind = FaultKind.LaggingNode, Ledgers = lag });
        var lookup = (await Net.Rpc.GetTransactionAsync(payout.Hash(Net.Network), TestNetwork.Cancellation)).ShouldBeOfType<TransactionLookup.NotFound>();
        lookup.Window.LatestLedger.ShouldBe(head);
        var account = await Net.Rpc.GetAccountAsync(channel.AccountId, TestNetwork.Cancellation);
        (account.SequenceNumber, account.LatestLedger).ShouldBe((payout.SequenceNumber - 1, head));
        (await Net.Rpc.GetHealthAsync(TestNetwork.Cancellation)).LatestLedger.ShouldBe(head);
        (await Net.SendAsync(payout)).ShouldBeOfType<SendOutcome.Pending>();

        Net.Ledger.Faults.Clear();
        Net.CloseLedger();
        Net.Ledger.Balance(winner.AccountId.ToString()).ShouldBe(1_050_000_000);
        (await Net.FindAsync(payout.Hash(Net.Network))).ShouldNotBeNull().Ledger.ShouldBe(head + 1);
    }

    /// <summary>Two networks, one script, one seed: call by call the same answers, and the same ledger in the end.</summary>
    [Fact(Timeout = 60_000)]
    public async Task Should_replay_a_seeded_script_call_by_call()
    {
        var one = await PlayAsync(41);
        var again = await PlayAsync(41);
        var other = await PlayAsync(42);

        again.ShouldBe(one);
        other.Answers.ShouldNotBe(one.Answers);
        one.Answers.Distinct().Count().ShouldBeGreaterThan(3);
    }

    private static async Task<Played> PlayAsync(long seed)
    {
        await using var net = await TestNetwork.StartAsync(options => options with { Seed = seed });
        net.Ledger.Faults.Add(new FaultRule { Kind = FaultKind.LostReply, Method = "sendTransaction", Probability = 0.3 });
        net.Ledger.Faults.Add(new FaultRule { Kind = FaultKind.TooManyRequests, Method = "sendTransaction", Probability = 0.2 });
        net.Ledger.Faults.Add(new FaultRule { Kind = FaultKind.QueueFull, Probability = 0.2 });
        net.Ledger.Faults.Add(new FaultRule { Kind = FaultKind.Filtered, Probability = 0.1 });
        var answers = new List<string>();
        for (var i = 0; i < 40; i++)
        {
            answers.Add((await net.SendAsync(net.NoOp(net.Account($"channel {i}")))).GetType().Name);
        }

        net.CloseLedger();
        var applied = Enumerable.Range(0, 40).Where(i => net.Ledger.SequenceNumber(TestNetwork.Key($"channel {i}").AccountId) != 1L << 32);
        return new Played(string.Join(' ', answers), string.Join(' ', applied));
    }

    private static async Task TickAsync(TestNetwork net, int strikes)
    {
        net.Clock.Advance(TimeSpan.FromSeconds(5));
        await UntilAsync("the tick was swallowed", () => net.Ledger.Faults.List()[0].Strikes == strikes);
    }

    private static Task UntilAsync(string what, Func<bool> holds) =>
        Probe.Until(what, _ => Task.FromResult(holds()), held => held, every: TimeSpan.FromMilliseconds(5));

    private sealed record Played(string Answers, string Applied);
}
