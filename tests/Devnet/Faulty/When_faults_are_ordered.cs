using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Payouts.Devnet.Faults;
using Payouts.Stellar.Rpc;
using Payouts.Stellar.Xdr;
using Shouldly;
using Xunit;

namespace Payouts.Devnet.Tests.Faulty;

/// <summary>Faults on demand: what the client sees, and what is true on the ledger.</summary>
public sealed class When_faults_are_ordered : NetworkTest
{
    [Theory(Timeout = TimeoutMs)]
    [InlineData(FaultKind.LostReply, true)]
    [InlineData(FaultKind.GatewayTimeout, true)]
    [InlineData(FaultKind.LostRequest, false)]
    [InlineData(FaultKind.ServiceUnavailable, false)]
    [InlineData(FaultKind.TooManyRequests, false)]
    public async Task Should_lose_the_answer_and_only_sometimes_the_transaction(FaultKind kind, bool arrived)
    {
        var transaction = Net.NoOp(Net.Account("channel"));
        Net.Ledger.Faults.Add(new FaultRule { Kind = kind, Method = "sendTransaction", Count = 1 });

        var outcome = await Net.SendAsync(transaction);

        outcome.ShouldNotBeOfType<SendOutcome.Pending>();
        Net.CloseLedger();
        (await Net.FindAsync(transaction.Hash(Net.Network)) is not null).ShouldBe(arrived);
        Net.Ledger.Faults.List().ShouldBeEmpty();
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task Should_see_a_lagging_node_deny_what_is_applied()
    {
        var channel = Net.Account("channel");
        var transaction = Net.NoOp(channel);
        await Net.ApplyAsync(transaction);
        Net.Ledger.Faults.Add(new FaultRule { Kind = FaultKind.LaggingNode, Ledgers = 1 });

        (await Net.FindAsync(transaction.Hash(Net.Network))).ShouldBeNull();
        (await Net.Rpc.GetAccountAsync(channel.AccountId, TestNetwork.Cancellation)).SequenceNumber.ShouldBe(transaction.SequenceNumber - 1);
        TestNetwork.Refusal(await Net.SendAsync(Net.NoOp(channel, transaction.SequenceNumber + 1))).ShouldBe(TransactionResultCode.txBAD_SEQ);
        (await Net.SendAsync(transaction)).ShouldBeOfType<SendOutcome.Pending>();

        Net.Ledger.Faults.Clear();
        Net.CloseLedger();
        Net.Ledger.SequenceNumber(channel.AccountId).ShouldBe(transaction.SequenceNumber);
        (await Net.FindAsync(transaction.Hash(Net.Network))).ShouldNotBeNull();
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task Should_filter_and_refuse_for_a_full_queue()
    {
        var transaction = Net.NoOp(Net.Account("channel"));
        Net.Ledger.Faults.Add(new FaultRule { Kind = FaultKind.Filtered, Count = 1 });
        var answer = await Net.CallAsync("sendTransaction", new { transaction = transaction.ToBase64() });
        answer.GetProperty("error").GetProperty("message").GetString().ShouldBe("invalid status from stellar-core");
        answer.GetProperty("error").GetProperty("code").GetInt32().ShouldBe(-32603);

        Net.Ledger.Faults.Add(new FaultRule { Kind = FaultKind.QueueFull, Count = 1, FeeStroops = 777 });
        var full = (await Net.SendAsync(transaction)).ShouldBeOfType<SendOutcome.Refused>();
        (full.Code, full.FeeCharged).ShouldBe((TransactionResultCode.txINSUFFICIENT_FEE, 777));
        (await Net.SendAsync(transaction)).ShouldBeOfType<SendOutcome.TryAgainLater>();
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task Should_forget_old_transactions_when_retention_has_expired()
    {
        var transaction = Net.NoOp(Net.Account("channel"));
        await Net.ApplyAsync(transaction);
        Net.CloseLedger();
        Net.Ledger.Faults.Add(new FaultRule { Kind = FaultKind.ExpiredRetention, Ledgers = 0 });

        (await Net.FindAsync(transaction.Hash(Net.Network))).ShouldBeNull();

        Net.Ledger.Faults.Clear();
        (await Net.FindAsync(transaction.Hash(Net.Network))).ShouldNotBeNull();
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task Should_raise_the_price_of_inclusion()
    {
        Net.Ledger.Faults.Add(new FaultRule { Kind = FaultKind.FeeSurge, FeeStroops = 5_000 });
        var cheap = Net.NoOp(Net.Account("cheap"));
        var dear = Net.NoOp(Net.Account("dear"), inclusionFee: 6_000);
        await Net.SendAsync(cheap);
        await Net.SendAsync(dear);
        Net.CloseLedger();

        (await Net.FindAsync(cheap.Hash(Net.Network))).ShouldBeNull();
        TestNetwork.Result((await Net.FindAsync(dear.Hash(Net.Network))).ShouldNotBeNull()).FeeCharged.ShouldBe(6_000);
        (await Net.Rpc.GetFeeStatsAsync(TestNetwork.Cancellation)).InclusionFee.Min.ShouldBe(5_000);
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task Should_be_ordered_listed_and_deleted_over_http()
    {
        using var http = new HttpClient { BaseAddress = Net.Address };
        using var bad = await http.PostAsJsonAsync("admin/faults", new { kind = "Latency" }, TestNetwork.Cancellation);
        bad.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        using var good = await http.PostAsJsonAsync("admin/faults", new { kind = "LostReply", method = "sendTransaction", probability = 0.5 }, TestNetwork.Cancellation);
        var id = (await good.Content.ReadFromJsonAsync<JsonElement>(TestNetwork.Cancellation)).GetProperty("id").GetInt32();

        var listed = await http.GetFromJsonAsync<JsonElement>("admin/faults", TestNetwork.Cancellation);
        listed[0].GetProperty("rule").GetProperty("kind").GetString().ShouldBe("LostReply");
        using var deleted = await http.DeleteAsync(new Uri(Net.Address, $"admin/faults/{id}"), TestNetwork.Cancellation);

        deleted.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        Net.Ledger.Faults.List().ShouldBeEmpty();
    }

    [Fact]
    public void Should_strike_the_same_calls_again_from_the_same_seed()
    {
        static bool[] Draw(long seed)
        {
            var script = new FaultScript(seed);
            script.Add(new FaultRule { Kind = FaultKind.LostReply, Probability = 0.5, Skip = 3 });
            return [.. Enumerable.Range(0, 64).Select(_ => script.OnCall("sendTransaction").AfterExecution is not null)];
        }

        Draw(7).ShouldBe(Draw(7));
        Draw(7).ShouldNotBe(Draw(8));
        Draw(7).Take(3).ShouldAllBe(struck => !struck);

        // Written down, because the seed must mean the same in every process and not only within one.
        string.Concat(Draw(7).Select(struck => struck ? 'x' : '.')).ShouldBe("...x...xx.x...xx....x...xx..xx..x.xx..xx.xxx....xx..xx..xx.xx.x.");
    }
}
