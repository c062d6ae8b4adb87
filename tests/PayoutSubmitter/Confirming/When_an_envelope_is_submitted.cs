using Microsoft.EntityFrameworkCore;
using Payouts.Contracts;
using Payouts.Devnet.Faults;
using Payouts.Submitter.Tests.Support;

namespace Payouts.Submitter.Tests.Confirming;

public sealed class When_an_envelope_is_submitted
{
    [Fact(Timeout = 120_000)]
    public async Task Should_be_announced_and_confirmed_exactly_once()
    {
        await using var network = await SubmittingNetwork.StartAsync();
        await using var store = await SubmitterStore.CreateAsync(network.Rpc, network.Options);
        var commands = new[] { await network.SignedAsync("one", 1), await network.SignedAsync("two", 2), await network.SignedAsync("three", 3) };
        await store.StoreAsync(commands);
        await store.StoreAsync(commands[0], commands[0] with { PayoutId = new PayoutId(Guid.NewGuid()) });

        await store.RunAsync("all are announced", async () => (await store.SaidAsync<PayoutSubmitted>()).Count == 3, store.Pump(), store.Follower(), store.Checker());
        network.Close();
        await store.RunAsync("all are confirmed", async () => (await store.SaidAsync<PayoutConfirmed>()).Count >= 3, store.Pump(), store.Follower(), store.Checker());
        // The backstop asks once more: nothing is said a second time.
        await store.ChangeAsync((db, token) => db.Submissions.ExecuteUpdateAsync(x => x.SetProperty(p => p.CheckAt, store.Clock.GetUtcNow()), token));
        await store.RunAsync("the backstop has asked", async () => await store.ReadAsync((db, token) => db.Submissions.AllAsync(x => x.CheckAt > store.Clock.GetUtcNow(), token)), store.Checker(), store.Follower());

        (await store.SaidAsync()).Count.ShouldBe(6);
        foreach (var command in commands)
        {
            var confirmed = (await store.SaidAsync<PayoutConfirmed>()).Single(x => x.PayoutId == command.PayoutId);
            (confirmed.Slot, confirmed.TransactionHash, confirmed.Paid, confirmed.Ledger).ShouldBe((command.Slot, command.TransactionHash, command.Order.Amount, network.Ledger.LatestLedger));
            var row = await store.SubmissionAsync(command);
            (row.State, row.SignedXdr, row.SendAt, row.Ledger).ShouldBe((SubmissionState.Done, "", null, network.Ledger.LatestLedger));
        }

        network.Ledger.Payouts().Count.ShouldBe(3);
    }

    /// <summary>Whatever becomes of the answer, the envelope is sent again and the ledger decides.</summary>
    [Theory(Timeout = 120_000)]
    [InlineData(FaultKind.LostReply)]
    [InlineData(FaultKind.LostRequest)]
    [InlineData(FaultKind.GatewayTimeout)]
    [InlineData(FaultKind.ServiceUnavailable)]
    [InlineData(FaultKind.TooManyRequests)]
    public async Task Should_be_confirmed_once_whatever_the_answer_was(FaultKind kind)
    {
        await using var network = await SubmittingNetwork.StartAsync();
        await using var store = await SubmitterStore.CreateAsync(network.Rpc, network.Options);
        var command = await network.SignedAsync("one", 1);
        network.Ledger.Faults.Add(new FaultRule { Kind = kind, Method = "sendTransaction" });
        await store.StoreAsync(command);

        await store.RunAsync("three sends had no answer", async () => (await store.SubmissionAsync(command)).Tries >= 3, store.Pump());
        (await store.SubmissionAsync(command)).LastAnswer.ShouldBe("UNKNOWN");
        (await store.SaidAsync()).ShouldBeEmpty("nothing is known, so nothing is said");
        network.Ledger.Faults.Clear();
        await store.RunAsync("it is accepted", async () => (await store.SaidAsync<PayoutSubmitted>()).Count == 1, store.Pump());
        network.Close();
        await store.RunAsync("it is confirmed", async () => (await store.SubmissionAsync(command)).State == SubmissionState.Done, store.Pump(), store.Checker(), store.Follower());

        (await store.SaidAsync()).Select(x => x.GetType()).ShouldBe([typeof(PayoutSubmitted), typeof(PayoutConfirmed)]);
        network.Ledger.Payouts().ShouldHaveSingleItem();
    }

    /// <summary>
    /// The reply was lost, ledgers closed, and only then the network answers again. First it says that it will not take it now, for it bans what
    /// it has applied; later that the number is used, or that it is too late. None of them is a reason to build it anew.
    /// </summary>
    [Theory(Timeout = 120_000)]
    [InlineData(1, 0, "TRY_AGAIN_LATER")]
    [InlineData(1, 12, "txBAD_SEQ")]
    [InlineData(15, 0, "txTOO_LATE")]
    public async Task Should_be_confirmed_when_it_was_applied_before_anybody_said_so(int ledgers, int ledgersAtOnce, string answer)
    {
        await using var network = await SubmittingNetwork.StartAsync();
        await using var store = await SubmitterStore.CreateAsync(network.Rpc, network.Options);
        var command = await network.SignedAsync("one", 1);
        // Every reply is lost until the ledgers have closed: a second send in between must not be told that it is a duplicate.
        network.Ledger.Faults.Add(new FaultRule { Kind = FaultKind.LostReply, Method = "sendTransaction" });
        await store.StoreAsync(command);
        await store.RunAsync("the answer was lost", async () => (await store.SubmissionAsync(command)).LastAnswer == "UNKNOWN", store.Pump());
        network.Close(ledgers);
        network.CloseAtOnce(ledgersAtOnce);
        network.Ledger.Faults.Clear();

        await store.RunAsync($"the network says {answer}", async () => (await store.SubmissionAsync(command)).LastAnswer == answer, store.Pump());
        (await store.SaidAsync()).ShouldBeEmpty("nobody knows yet");
        await store.RunAsync("it is confirmed", async () => (await store.SubmissionAsync(command)).State == SubmissionState.Done, store.Pump(), store.Checker(), store.Follower());

        (await store.SaidAsync()).Where(x => x is not PayoutSubmitted).ShouldHaveSingleItem().ShouldBeOfType<PayoutConfirmed>().TransactionHash.ShouldBe(command.TransactionHash);
    }

    /// <summary>A killed process leaves a claim; when it runs out, another sends the same bytes.</summary>
    [Theory(Timeout = 120_000)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Should_be_sent_again_when_its_sender_was_killed(bool afterItWasSent)
    {
        await using var network = await SubmittingNetwork.StartAsync();
        await using var store = await SubmitterStore.CreateAsync(network.Rpc, network.Options);
        var command = await network.SignedAsync("one", 1);
        await store.StoreAsync(command);
        var claimedUntil = store.Clock.GetUtcNow().AddSeconds(60);
        await store.ChangeAsync((db, token) => db.Submissions.ExecuteUpdateAsync(x => x.SetProperty(p => p.SendAt, claimedUntil).SetProperty(p => p.Tries, 1), token));
        if (afterItWasSent)
            await network.SendAsync(command);

        await store.RunAsync("the claim ran out and it is accepted", async () => (await store.SaidAsync<PayoutSubmitted>()).Count == 1, store.Pump());
        store.Clock.GetUtcNow().ShouldBeGreaterThanOrEqualTo(claimedUntil, "nobody sends what somebody else has claimed");
        var row = await store.SubmissionAsync(command);
        (row.Tries, row.LastAnswer).ShouldBe((2, afterItWasSent ? "DUPLICATE" : "PENDING"));
        network.Close();
        await store.RunAsync("it is confirmed", async () => (await store.SaidAsync<PayoutConfirmed>()).Count == 1, store.Follower());
        network.Ledger.Payouts().ShouldHaveSingleItem();
    }

    [Fact(Timeout = 120_000)]
    public async Task Should_say_that_the_contract_had_paid_that_debt_before()
    {
        await using var network = await SubmittingNetwork.StartAsync();
        await using var store = await SubmitterStore.CreateAsync(network.Rpc, network.Options);
        var (first, second) = (await network.SignedAsync("one", 1), await network.SignedAsync("two", 1, stroops: 60_000_000));
        await network.SendAsync(first);
        network.Close();
        await store.StoreAsync(second);
        await store.RunAsync("it is accepted", async () => (await store.SaidAsync<PayoutSubmitted>()).Count == 1, store.Pump());
        network.Close();

        await store.RunAsync("it is judged", async () => (await store.SubmissionAsync(second)).State == SubmissionState.Done, store.Checker(), store.Follower());

        var failed = (await store.SaidAsync<PayoutFailed>()).ShouldHaveSingleItem();
        (failed.Stage, failed.Code, failed.Transient, failed.Slot).ShouldBe((PayoutStage.Confirm, FailureCode.AlreadyPaid, false, second.Slot));
        (await store.SaidAsync<PayoutConfirmed>()).ShouldBeEmpty();
    }

    [Fact(Timeout = 120_000)]
    public async Task Should_not_confirm_a_record_without_a_transfer()
    {
        await using var network = await SubmittingNetwork.StartAsync();
        await using var store = await SubmitterStore.CreateAsync(network.Rpc, network.Options);
        var command = await network.SignedAsync("one", 1, currency: "GOLD");
        await network.SendAsync(command);
        await store.StoreAsync(command);
        network.Close();

        await store.RunAsync("it is judged", async () => (await store.SubmissionAsync(command)).State == SubmissionState.Done, store.Pump(), store.Checker());

        (await store.SaidAsync()).ShouldHaveSingleItem().ShouldBeOfType<PayoutUnresolved>().Code.ShouldBe(FailureCode.NotTransferred);
    }
}
