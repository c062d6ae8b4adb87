using Payouts.Channels.Ledger;
using Payouts.Devnet.Faults;
using Payouts.Stellar;
using Payouts.Stellar.Rpc;
using Payouts.Tests.Support;

namespace Payouts.Channels.Tests;

public sealed class When_accounts_are_created
{
    private const long FeePerOperation = 100;
    private const long Balance = 50_000_000;

    /// <summary>The whole life of the largest pool: made, listed, verified, merged; the funder has everything back but the fees.</summary>
    [Fact(Timeout = 300_000)]
    public async Task Should_make_verify_and_merge_a_thousand()
    {
        await using var network = await PoolNetwork.StartAsync();

        var created = await network.RunAsync("create", "--count", "1000", "--fee-account", "--balance", "12.5");

        created.Code.ShouldBe(ExitCodes.Done, created.Error);
        created.Output.ShouldContain("1001 accounts exist: 1001 were created now with 12.5000000 XLM each, in 11 transactions for 0.0100100 XLM of fees");
        created.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries)[0].ShouldBe("creating accounts: 0/1001");
        created.Error.ShouldMatch(@"creating accounts: 1001/1001, \d+\.\d/s");
        var setting = created.Output.Split('\n').Single(x => x.StartsWith("PAYOUT_CHANNEL_ACCOUNTS=", StringComparison.Ordinal)).Split('=')[1];
        setting.Split(',').ShouldBe(PoolNetwork.Accounts.Take(1000).Select(x => x.ToString()), "in the order of payout-signer's derivation");
        network.Existing(0, 1001).ShouldBe(1001);
        network.Spent.ShouldBe(1001 * (125_000_000 + FeePerOperation));

        var listed = await network.RunAsync("list", "--setting");
        listed.Output.Trim().ShouldBe(setting);
        network.Settings["PAYOUT_CHANNEL_ACCOUNTS_FILE"] = network.FileOf(listed.Output);
        network.Settings["PAYOUT_FEE_ACCOUNT"] = PoolNetwork.Accounts[1000].ToString();
        var verified = await network.RunAsync("verify");
        verified.Code.ShouldBe(ExitCodes.Done, verified.Output);
        verified.Output.ShouldContain("1001 accounts at ledger");
        verified.Output.ShouldContain("1001 in order, 0 with problems; 1000 are listed");

        network.Settings.Remove("PAYOUT_CHANNEL_ACCOUNTS_FILE");
        var merged = await network.DoneAsync("retire", "--last", "1000", "--offline", "--confirm-unused");
        (merged.GetProperty("merged").GetInt32(), merged.GetProperty("transactions").GetInt32()).ShouldBe((1000, 53), "19 merges a transaction");
        network.Existing().ShouldBe(0);
        network.Spent.ShouldBe((2001 * FeePerOperation) + 125_000_000, "fees, and what the fee account keeps");
    }

    [Theory(Timeout = 120_000)]
    [InlineData(100, 1)]
    [InlineData(101, 2)]
    public async Task Should_put_a_hundred_into_a_transaction(int count, int transactions)
    {
        await using var network = await PoolNetwork.StartAsync();

        (await network.DoneAsync("create", "--count", $"{count}")).GetProperty("transactions").GetInt32().ShouldBe(transactions);

        network.Existing().ShouldBe(count);
    }

    [Fact(Timeout = 120_000)]
    public async Task Should_make_only_what_is_missing()
    {
        await using var network = await PoolNetwork.StartAsync();
        await network.DoneAsync("create", "--count", "2", "--from", "4");

        var second = await network.DoneAsync("create", "--count", "9", "--from", "991");
        var third = await network.DoneAsync("create", "--count", "8");
        var fourth = await network.DoneAsync("create", "--count", "8");

        (second.GetProperty("created").GetInt32(), third.GetProperty("created").GetInt32(), fourth.GetProperty("created").GetInt32()).ShouldBe((9, 6, 0));
        fourth.GetProperty("transactions").GetInt32().ShouldBe(0);
        network.Spent.ShouldBe(17 * (Balance + FeePerOperation));
        network.Existing(991, 9).ShouldBe(9, "up to the last number");
    }

    /// <summary>A reply that is lost says nothing: the same envelope is followed until the ledger shows it, and no other is made meanwhile.</summary>
    [Theory(Timeout = 180_000)]
    [InlineData(FaultKind.LostReply)]
    [InlineData(FaultKind.GatewayTimeout)]
    [InlineData(FaultKind.LostRequest)]
    [InlineData(FaultKind.Filtered)]
    public async Task Should_make_each_once_although_half_of_all_answers_are_lost(FaultKind kind)
    {
        await using var network = await PoolNetwork.StartAsync();
        network.Ledger.Faults.Reseed(20_260_701);
        network.Ledger.Faults.Add(new FaultRule { Kind = kind, Method = "sendTransaction", Probability = 0.5 });
        network.Ledger.Faults.Add(new FaultRule { Kind = FaultKind.LostReply, Method = "getTransaction", Probability = 0.3 });
        network.Ledger.Faults.Add(new FaultRule { Kind = FaultKind.LaggingNode, Probability = 0.2, Ledgers = 3 });

        await network.DoneAsync("create", "--count", "500");

        network.Existing().ShouldBe(500);
        network.Spent.ShouldBe(500 * (Balance + FeePerOperation), "one CreateAccount for each, applied once");
    }

    /// <summary>Nobody hears of the first envelope until its time is over by the ledger's clock; the second has its number, so only one of them can ever count.</summary>
    [Fact(Timeout = 180_000)]
    public async Task Should_make_another_envelope_only_when_the_first_is_proven_dead()
    {
        await using var network = await PoolNetwork.StartAsync(closeTimeMs: 30);
        var number = network.Ledger.SequenceNumber(PoolNetwork.Funder.AccountId);
        var lost = network.Ledger.Faults.Add(new FaultRule { Kind = FaultKind.LostRequest, Method = "sendTransaction" });
        var began = network.Ledger.LatestCloseTime;

        var running = network.DoneAsync("create", "--count", "3");
        await Probe.Until("its time is over", () => network.Ledger.LatestCloseTime > began + 90);
        network.Ledger.Faults.Remove(lost);
        (await running).GetProperty("transactions").GetInt32().ShouldBe(1);

        network.Ledger.SequenceNumber(PoolNetwork.Funder.AccountId).ShouldBe(number + 1);
        network.Existing().ShouldBe(3);
        (await FeesAsync(network)).ShouldHaveSingleItem().ShouldBeGreaterThanOrEqualTo(3u * 2u * (uint)FeePerOperation, "it bids twice what was in vain");
    }

    /// <summary>As many envelopes as it may make, each dead after two seconds of the ledger's time.</summary>
    [Fact(Timeout = 120_000)]
    public async Task Should_end_when_nothing_that_it_sends_arrives()
    {
        await using var network = await PoolNetwork.StartAsync(closeTimeMs: 20);
        network.Ledger.Faults.Add(new FaultRule { Kind = FaultKind.LostRequest, Method = "sendTransaction" });
        var options = new FunderOptions { BidMaxStroops = 10_000, PollInterval = TimeSpan.FromMilliseconds(10), Validity = TimeSpan.FromSeconds(2) };
        var funder = new Funder(network.Rpc, network.Ledger.Network, PoolNetwork.Funder, options, TimeProvider.System);
        var member = new PoolMember(0, PoolNetwork.Accounts[0]);

        var stopped = await Should.ThrowAsync<CommandException>(() => funder.SettleAsync(
            new Batch([member], (_, entry) => entry is null ? new CreateAccountOperation(member.Account, Balance) : null, _ => Balance), TestContext.Current.CancellationToken));

        stopped.Message.ShouldContain($"{Funder.TriesMax} transactions did not do it");
        network.Existing().ShouldBe(0);
    }

    [Fact(Timeout = 120_000)]
    public async Task Should_give_up_on_a_network_that_is_silent_and_say_that_the_end_is_unknown()
    {
        await using var network = await PoolNetwork.StartAsync(closeTimeMs: 20);
        network.Ledger.Faults.Add(new FaultRule { Kind = FaultKind.LostReply });
        var follower = new EnvelopeFollower(network.Rpc, TimeSpan.FromMilliseconds(10), TimeSpan.FromMilliseconds(300), TimeProvider.System);
        var envelope = new TransactionBuilder(PoolNetwork.Funder.AccountId, network.Ledger.SequenceNumber(PoolNetwork.Funder.AccountId)!.Value + 1)
            .Add(new CreateAccountOperation(PoolNetwork.Accounts[0], Balance)).ValidUntil(DateTimeOffset.FromUnixTimeSeconds((long)network.Ledger.LatestCloseTime).AddMinutes(1))
            .Build().Sign(network.Ledger.Network, PoolNetwork.Funder);

        (await follower.FollowAsync(envelope, envelope.Hash(network.Ledger.Network), TestContext.Current.CancellationToken)).ShouldBeOfType<EnvelopeEnd.Unknown>();

        await Probe.Until("the ledger took it all the same", () => network.Existing() == 1);
    }

    /// <summary>Two runs with one funder: the ledger takes one envelope a number, and the other run sees what came of it.</summary>
    [Fact(Timeout = 180_000)]
    public async Task Should_make_each_once_when_two_run_at_once()
    {
        await using var network = await PoolNetwork.StartAsync();

        await Task.WhenAll(network.DoneAsync("create", "--count", "300"), network.DoneAsync("create", "--count", "300"));

        network.Existing().ShouldBe(300);
        network.Spent.ShouldBe(300 * (Balance + FeePerOperation));
    }

    [Theory(Timeout = 120_000)]
    [InlineData(10_000, 700)]
    [InlineData(500, 500)]
    public async Task Should_follow_the_market_up_to_its_cap(int cap, uint bid)
    {
        await using var network = await PoolNetwork.StartAsync();
        var surge = network.Ledger.Faults.Add(new FaultRule { Kind = FaultKind.FeeSurge, FeeStroops = 700 });

        var running = network.DoneAsync("create", "--count", "2", "--max-fee", $"{cap}");
        await Probe.Until("it is made, or in the queue", () => running.IsCompleted || network.Ledger.PendingTransactions == 1);
        network.Ledger.Faults.Remove(surge);
        await running;

        (await FeesAsync(network)).ShouldBe([2 * bid]);
    }

    [Fact(Timeout = 120_000)]
    public async Task Should_make_nothing_that_the_funder_cannot_pay()
    {
        await using var network = await PoolNetwork.StartAsync();

        var refused = await network.RunAsync("create", "--count", "12", "--balance", "9999");

        refused.Code.ShouldBe(ExitCodes.Wrong);
        refused.Error.ShouldContain($"{PoolNetwork.Funder.AccountId} can spend 99999.0000000 XLM, but the next 12 operations need 119988.0001200; fund it");
        (network.Existing(), network.Spent).ShouldBe((0, 0));
    }

    /// <summary>What each applied transaction bid in all, in stroops.</summary>
    private static async Task<IReadOnlyList<uint>> FeesAsync(PoolNetwork network) =>
        [.. (await network.Rpc.GetTransactionsAsync(new ScanStart.AtLedger(1), 200, TestContext.Current.CancellationToken)).Transactions
            .Select(x => Transaction.FromEnvelope(x.Envelope.Decode()).Fee)];
}
