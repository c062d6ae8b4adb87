using Payouts.Contracts;
using Payouts.Devnet.Faults;
using Payouts.Submitter.Tests.Support;

namespace Payouts.Submitter.Tests.Confirming;

public sealed class When_an_outcome_is_not_known
{
    /// <summary>The service's clock is years ahead, and an hour passes on it: neither says anything about the envelope.</summary>
    [Fact(Timeout = 120_000)]
    public async Task Should_expire_by_the_ledgers_close_time_alone()
    {
        await using var network = await SubmittingNetwork.StartAsync();
        await using var store = await SubmitterStore.CreateAsync(network.Rpc, network.Options);
        var command = await Watched(network, store);
        store.Clock.GetUtcNow().ShouldBeGreaterThan(command.ValidUntil);
        var start = store.Clock.GetUtcNow();

        network.Close(SubmittingNetwork.ValidSeconds / 5);
        DateTimeOffset.FromUnixTimeSeconds((long)network.Ledger.LatestCloseTime).ShouldBe(command.ValidUntil, "this very ledger could still have taken it");
        await store.RunAsync("a minute has passed here", () => Task.FromResult(store.Clock.GetUtcNow() > start.AddMinutes(1)), store.Checker());
        (await store.SaidAsync()).ShouldBeEmpty();

        network.Close();
        await store.RunAsync("it is proven dead", async () => (await store.SubmissionAsync(command)).State == SubmissionState.Done, store.Checker());
        var expired = (await store.SaidAsync()).ShouldHaveSingleItem().ShouldBeOfType<PayoutExpired>();
        (expired.TransactionHash, expired.Slot, expired.ProvenAtLedger).ShouldBe((command.TransactionHash, command.Slot, network.Ledger.LatestLedger));
    }

    [Fact(Timeout = 120_000)]
    public async Task Should_expire_by_its_last_ledger_too()
    {
        await using var network = await SubmittingNetwork.StartAsync();
        await using var store = await SubmitterStore.CreateAsync(network.Rpc, network.Options);
        var command = await Watched(network, store, ledgersMax: 10);
        network.CloseAtOnce(8);
        await AskedAsync(store, command);
        (await store.SaidAsync()).ShouldBeEmpty($"ledger {command.MaxLedger - 1} could still take it");

        network.CloseAtOnce(1);
        await store.RunAsync("it is proven dead", async () => (await store.SubmissionAsync(command)).State == SubmissionState.Done, store.Checker());
        (await store.SaidAsync()).ShouldHaveSingleItem().ShouldBeOfType<PayoutExpired>().ProvenAtLedger.ShouldBe(command.MaxLedger - 1);
    }

    /// <summary>The clock comes from a node that is ahead, hash and account from one that lags: its snapshot proves nothing yet.</summary>
    [Fact(Timeout = 120_000)]
    public async Task Should_not_believe_a_lagging_node()
    {
        await using var network = await SubmittingNetwork.StartAsync();
        await using var store = await SubmitterStore.CreateAsync(network.Rpc, network.Options);
        var command = await Watched(network, store);
        network.Close(8);
        await network.SendAsync(command);
        network.Close();
        network.Ledger.Payouts().ShouldHaveSingleItem("the ledger has paid it");
        network.Close(4);
        foreach (var method in new[] { "getTransaction", "getLedgerEntries" })
            network.Ledger.Faults.Add(new FaultRule { Kind = FaultKind.LaggingNode, Method = method, Ledgers = 5 });

        await AskedAsync(store, command);
        (await store.SaidAsync()).ShouldBeEmpty();
        network.Ledger.Faults.Clear();
        await store.RunAsync("it is confirmed", async () => (await store.SubmissionAsync(command)).State == SubmissionState.Done, store.Checker());
        (await store.SaidAsync()).ShouldHaveSingleItem().ShouldBeOfType<PayoutConfirmed>();
    }

    [Fact(Timeout = 120_000)]
    public async Task Should_ask_a_human_when_somebody_else_used_the_number()
    {
        await using var network = await SubmittingNetwork.StartAsync();
        await using var store = await SubmitterStore.CreateAsync(network.Rpc, network.Options);
        var command = await network.SignedAsync("one", 1);
        await network.BurnAsync("one", command);
        await store.StoreAsync(command);

        await store.RunAsync("the network refuses it", async () => (await store.SubmissionAsync(command)).LastAnswer == "txBAD_SEQ", store.Pump());
        await AskedAsync(store, command);
        (await store.SaidAsync()).ShouldBeEmpty("the envelope's time is not over: the RPC may only lag");
        network.Close(SubmittingNetwork.ValidSeconds / 5);
        await store.RunAsync("the allowed polls are used up", async () => (await store.SubmissionAsync(command)).State == SubmissionState.Done, store.Checker(), store.Follower());

        (await store.SubmissionAsync(command)).PollsAfterEnd.ShouldBe(network.Options.PollsAfterEndMax);
        (await store.SaidAsync()).ShouldHaveSingleItem().ShouldBeOfType<PayoutUnresolved>().Code.ShouldBe(FailureCode.SlotConsumedElsewhere);
    }

    /// <summary>An account that does not exist has not shown that it did not consume the number.</summary>
    [Fact(Timeout = 120_000)]
    public async Task Should_ask_a_human_when_the_account_is_gone()
    {
        await using var network = await SubmittingNetwork.StartAsync();
        await using var store = await SubmitterStore.CreateAsync(network.Rpc, network.Options);
        var command = await network.SignedAsync("one", 1);
        command = command with { Slot = command.Slot with { Channel = SubmittingNetwork.Key("merged away").AccountId.ToString() } };
        await store.StoreAsync(command);
        await WatchAsync(store);
        network.Close(SubmittingNetwork.ValidSeconds / 5 + 2);

        await store.RunAsync("the allowed polls are used up", async () => (await store.SubmissionAsync(command)).State == SubmissionState.Done, store.Checker());

        (await store.SaidAsync()).ShouldHaveSingleItem().ShouldBeOfType<PayoutUnresolved>().Code.ShouldBe(FailureCode.OutcomeUnknown);
    }

    [Fact(Timeout = 120_000)]
    public async Task Should_wait_while_the_network_cannot_be_asked()
    {
        await using var network = await SubmittingNetwork.StartAsync();
        await using var store = await SubmitterStore.CreateAsync(network.Rpc, network.Options);
        var command = await Watched(network, store);
        network.Close(SubmittingNetwork.ValidSeconds / 5 + 2);
        network.Ledger.Faults.Add(new FaultRule { Kind = FaultKind.ServiceUnavailable, Method = "getLedgerEntries" });
        var start = store.Clock.GetUtcNow();

        await store.RunAsync("a minute has passed", () => Task.FromResult(store.Clock.GetUtcNow() > start.AddMinutes(1)), store.Checker());
        (await store.SaidAsync()).ShouldBeEmpty();
        (await store.SubmissionAsync(command)).PollsAfterEnd.ShouldBe(0, "a question without an answer is no poll");
        network.Ledger.Faults.Clear();
        await store.RunAsync("it is proven dead", async () => (await store.SubmissionAsync(command)).State == SubmissionState.Done, store.Checker());
        (await store.SaidAsync()).ShouldHaveSingleItem().ShouldBeOfType<PayoutExpired>();
    }

    /// <summary>Stored and watched, never sent by the service.</summary>
    private static async Task<SubmitPayout> Watched(SubmittingNetwork network, SubmitterStore store, int ledgersMax = 1000)
    {
        var command = await network.SignedAsync("one", 1, ledgersMax: ledgersMax);
        await store.StoreAsync(command);
        await WatchAsync(store);
        return command;
    }

    private static Task WatchAsync(SubmitterStore store) => store.ChangeAsync((db, _) =>
    {
        foreach (var row in Microsoft.EntityFrameworkCore.EntityFrameworkQueryableExtensions.AsTracking(db.Submissions))
            (row.State, row.SendAt, row.CheckAt) = (SubmissionState.Watching, null, store.Clock.GetUtcNow());
        return Task.CompletedTask;
    });

    /// <summary>Lets the checker ask at least once, and write down that it learned nothing.</summary>
    private static async Task AskedAsync(SubmitterStore store, SubmitPayout command)
    {
        var before = (await store.SubmissionAsync(command)).CheckAt;
        var asked = 0;
        await store.RunAsync("the checker has asked twice", async () =>
        {
            var now = (await store.SubmissionAsync(command)).CheckAt;
            if (now != before)
                (before, asked) = (now, asked + 1);
            return asked >= 3;
        }, store.Checker());
    }
}
