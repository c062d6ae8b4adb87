using System.Globalization;
using Payouts.Contracts;
using Payouts.Stellar;
using Payouts.Stellar.Rpc;
using Payouts.Submitter.Tests.Support;
using Payouts.Submitter.Verifying;

namespace Payouts.Submitter.Tests.Verifying;

/// <summary>The contract says paid, and the transaction is looked for: pages, candidates and a stranger's words have an end.</summary>
public sealed class When_a_search_is_at_its_bound
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact(Timeout = 120_000)]
    public async Task Should_follow_a_scan_that_never_ends_for_1000_pages()
    {
        await using var network = await SubmittingNetwork.StartAsync();
        var payment = await PaidAsync(network);
        var pages = 0;
        var rpc = new WatchedRpc(network.Rpc) { Events = _ => new EventsPage([], $"page {++pages}", 7, 1) };

        var answer = await AskAsync(network, rpc, payment);

        (answer.Evidence, rpc.Calls("GetEventsAsync")).ShouldBe((PaymentEvidence.NotFound, 1000));
        answer.Detail.ShouldBe("1000 pages of transfers do not hold it; name the transaction");
    }

    [Theory(Timeout = 120_000)]
    [InlineData(199, true)]
    [InlineData(200, false)]
    public async Task Should_look_at_200_transfers_of_that_amount(int strangers, bool found)
    {
        await using var network = await SubmittingNetwork.StartAsync();
        var payment = await PaidAsync(network);
        var real = (await network.Rpc.GetEventsAsync(new EventsRequest(new ScanStart.AtLedger(1), [new EventFilter([network.Options.Tokens["XLM"]], [])], Limit: 1000), Cancelled)).Events
            .Single(x => PayoutEvents.TryReadTransfer(x.ToContractEvent())?.Amount == payment.Order.Amount.Value);
        var others = Enumerable.Range(1, strangers).Select(number => real with { TransactionHash = TransactionHash.Parse(number.ToString("x64", CultureInfo.InvariantCulture)) });
        var asked = 0;
        var rpc = new WatchedRpc(network.Rpc) { Events = _ => new EventsPage(asked++ == 0 ? [.. others, real] : [], "end", 7, 1) };

        var answer = await AskAsync(network, rpc, payment);

        answer.Evidence.ShouldBe(found ? PaymentEvidence.Paid : PaymentEvidence.NotFound, answer.Detail);
        rpc.Calls("GetTransactionAsync").ShouldBe(200);
        if (!found)
            answer.Detail.ShouldStartWith("200 transfers of this amount to this winner are other payouts");
    }

    [Theory(Timeout = 60_000)]
    [InlineData(300)]
    [InlineData(301)]
    public async Task Should_repeat_300_characters_of_a_servers_words(int said)
    {
        await using var network = await SubmittingNetwork.StartAsync();
        var payment = await PaidAsync(network);
        var rpc = new WatchedRpc(network.Rpc) { Simulated = new SimulationResult.Failed(new string('x', said), [], 7) };

        (await AskAsync(network, rpc, payment)).Detail.ShouldBe($"the contract cannot be asked for its record: {new string('x', 300)}");
    }

    private static Task<PayoutVerified> AskAsync(SubmittingNetwork network, ISorobanRpcClient rpc, SubmitPayout payment) => new PaymentSearch(rpc, network.Options)
        .VerifyAsync(new VerifyPayout { PayoutId = payment.PayoutId, Attempt = payment.Attempt, Order = payment.Order, Slot = payment.Slot }, Cancelled);

    private static async Task<SubmitPayout> PaidAsync(SubmittingNetwork network)
    {
        var payment = await network.SignedAsync("one", 1);
        await network.SendAsync(payment);
        network.Close();
        return payment;
    }
}
