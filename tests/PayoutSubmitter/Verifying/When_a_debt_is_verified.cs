using Payouts.Contracts;
using Payouts.Devnet.Faults;
using Payouts.Submitter.Tests.Support;
using Payouts.Submitter.Verifying;

namespace Payouts.Submitter.Tests.Verifying;

/// <summary>Contract and ledger of a devnet are asked for a debt; none of our tables is.</summary>
public sealed class When_a_debt_is_verified
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory(Timeout = 60_000)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Should_find_the_transaction_that_paid_it(bool named)
    {
        await using var network = await SubmittingNetwork.StartAsync();
        var payment = await PaidAsync(network, "one", 1);

        var answer = await AskAsync(network, Question(payment) with { TransactionHash = named ? payment.TransactionHash : null });

        (answer.Evidence, answer.TransactionHash, answer.Ledger).ShouldBe((PaymentEvidence.Paid, payment.TransactionHash, network.Ledger.LatestLedger));
        answer.SlotConsumed.ShouldBeTrue("its own transaction took the number");
    }

    /// <summary>Same winner, same amount: only the call's arguments tell the rounds apart.</summary>
    [Theory(Timeout = 60_000)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Should_not_take_another_rounds_payment_for_it(bool named)
    {
        await using var network = await SubmittingNetwork.StartAsync();
        var other = await PaidAsync(network, "one", 1);
        var unpaid = await network.SignedAsync("two", 2);
        (await AskAsync(network, Question(unpaid))).Evidence.ShouldBe(PaymentEvidence.Unpaid);

        var mine = await PaidAsync(network, "two", 2);
        var answer = await AskAsync(network, Question(mine) with { TransactionHash = named ? other.TransactionHash : null });

        if (named)
            answer.Evidence.ShouldBe(PaymentEvidence.NotAsOrdered);
        else
            (answer.Evidence, answer.TransactionHash).ShouldBe((PaymentEvidence.Paid, mine.TransactionHash));
    }

    [Theory(Timeout = 60_000)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Should_tell_whether_the_slot_of_an_unpaid_one_is_consumed(bool consumed)
    {
        await using var network = await SubmittingNetwork.StartAsync();
        var payment = await network.SignedAsync("one", 1);
        if (consumed)
            await network.BurnAsync("one", payment);

        var answer = await AskAsync(network, Question(payment));

        (answer.Evidence, answer.SlotConsumed).ShouldBe((PaymentEvidence.Unpaid, consumed));
    }

    /// <summary>The contract knows no token for the currency: it writes paid into its record and moves nothing.</summary>
    [Fact(Timeout = 60_000)]
    public async Task Should_not_believe_a_record_without_a_transfer()
    {
        await using var network = await SubmittingNetwork.StartAsync();
        var payment = await PaidAsync(network, "one", 1, currency: "GEM");
        var options = network.Options with { Tokens = new Dictionary<string, Stellar.ContractId> { ["GEM"] = network.Options.Tokens["XLM"] } };

        foreach (var hash in new[] { null, payment.TransactionHash })
        {
            var answer = await new PaymentSearch(network.Rpc, options).VerifyAsync(Question(payment) with { TransactionHash = hash }, Cancelled);
            answer.Evidence.ShouldBe(hash is null ? PaymentEvidence.NotFound : PaymentEvidence.NotAsOrdered, answer.Detail);
            answer.TransactionHash.ShouldBeNull();
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task Should_see_that_another_amount_was_paid()
    {
        await using var network = await SubmittingNetwork.StartAsync();
        var payment = await PaidAsync(network, "one", 1, stroops: 30_000_000);
        var owed = Question(payment) with { Order = payment.Order with { Amount = new Stroops(30_000_001) } };

        var answer = await AskAsync(network, owed);

        answer.Evidence.ShouldBe(PaymentEvidence.NotAsOrdered);
        answer.Detail.ShouldContain("30000000");
    }

    [Theory(Timeout = 60_000)]
    [InlineData("simulateTransaction")]
    [InlineData("getLedgerEntries")]
    [InlineData("getEvents")]
    public async Task Should_know_nothing_when_the_network_cannot_be_asked(string method)
    {
        await using var network = await SubmittingNetwork.StartAsync();
        var payment = await PaidAsync(network, "one", 1);
        network.Ledger.Faults.Add(new FaultRule { Kind = FaultKind.ServiceUnavailable, Method = method });
        (await AskAsync(network, Question(payment))).Evidence.ShouldBe(PaymentEvidence.Unknown);
    }

    /// <summary>The slot is consumed, the payment applied, but the contract is asked at a node that has not seen it: "no record" proves nothing.</summary>
    [Fact(Timeout = 60_000)]
    public async Task Should_not_call_it_unpaid_on_the_word_of_a_lagging_node()
    {
        await using var network = await SubmittingNetwork.StartAsync();
        var payment = await PaidAsync(network, "one", 1);
        network.Close(2);
        network.Ledger.Faults.Add(new FaultRule { Kind = FaultKind.LaggingNode, Method = "simulateTransaction", Ledgers = 4 });

        var answer = await AskAsync(network, Question(payment));

        answer.Evidence.ShouldBe(PaymentEvidence.Unknown, answer.Detail);
    }

    private static VerifyPayout Question(SubmitPayout payment) =>
        new() { PayoutId = payment.PayoutId, Attempt = payment.Attempt, Order = payment.Order, Slot = payment.Slot };

    private static async Task<PayoutVerified> AskAsync(SubmittingNetwork network, VerifyPayout question) =>
        await new PaymentSearch(network.Rpc, network.Options).VerifyAsync(question, Cancelled);

    private static async Task<SubmitPayout> PaidAsync(SubmittingNetwork network, string channel, uint round, long stroops = 50_000_000, string currency = "XLM")
    {
        var payment = await network.SignedAsync(channel, round, stroops, currency);
        await network.SendAsync(payment);
        network.Close();
        return payment;
    }
}
