using Payouts.Contracts;
using Payouts.Devnet.Faults;
using Payouts.Submitter.Tests.Support;
using Payouts.Tests.Support;

namespace Payouts.Submitter.Tests.Confirming;

/// <summary>Several payouts in one lane: the ledger takes their numbers in order, whichever envelope comes first.</summary>
public sealed class When_a_slot_waits_its_turn(Servers servers)
{
    [Fact(Timeout = 120_000)]
    public async Task Should_be_paid_in_order_although_it_was_signed_in_reverse()
    {
        await using var network = await SubmittingNetwork.StartAsync();
        await using var store = await SubmitterStore.CreateAsync(network.Rpc, network.Options);
        var lane = new List<SubmitPayout>();
        for (var behind = 0; behind < 3; behind++)
            lane.Add(await network.SignedAsync("one", (uint)behind + 1, behind: behind));
        await store.StoreAsync(lane[2]);
        await store.RunAsync("it is refused", async () => (await store.SubmissionAsync(lane[2])).LastAnswer == "txBAD_SEQ", store.Pump());
        await store.StoreAsync(lane[1]);
        await store.StoreAsync(lane[0]);

        await store.RunAsync("all are confirmed", async () =>
        {
            network.Close();
            return (await store.SaidAsync<PayoutConfirmed>()).Count == 3;
        }, store.Pump(), store.Follower(), store.Checker());

        (await store.SaidAsync<PayoutConfirmed>()).Select(x => x.PayoutId).ShouldBe(lane.Select(x => x.PayoutId), "the ledger takes the numbers in order");
        (await store.SaidAsync()).Count.ShouldBe(6, "accepted and confirmed, and nothing else");
    }

    [Fact(Timeout = 120_000)]
    public async Task Should_be_no_try_and_no_failure_while_others_come_first()
    {
        await using var network = await SubmittingNetwork.StartAsync();
        await using var store = await SubmitterStore.CreateAsync(network.Rpc, network.Options);
        var second = await network.SignedAsync("one", 2, behind: 1);
        await store.StoreAsync(second);
        var start = store.Clock.GetUtcNow();

        await store.RunAsync("a minute has passed", () => Task.FromResult(store.Clock.GetUtcNow() > start.AddMinutes(1)), store.Pump(), store.Checker());

        // A send may be under way when the loops stop.
        var row = await store.SubmissionAsync(second);
        row.Tries.ShouldBeLessThanOrEqualTo(1);
        (row.State, row.LastAnswer).ShouldBe((SubmissionState.Sending, "txBAD_SEQ"));
        (await store.SaidAsync()).ShouldBeEmpty();
    }

    /// <summary>Woken by what ends the number before it, long before its own pause is over: here a burn, and then an outcome nobody waits for.</summary>
    [Theory(Timeout = 120_000)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Should_be_sent_as_soon_as_the_burn_before_it_is_done(bool postgres)
    {
        await using var network = await SubmittingNetwork.StartAsync();
        await using var store = postgres
            ? await SubmitterStore.OpenAsync((await servers.CreateDatabaseAsync(cancellationToken: TestContext.Current.CancellationToken)).Url, network.Rpc, network.Options)
            : await SubmitterStore.CreateAsync(network.Rpc, network.Options);
        var burn = network.BurnOf("one", await network.SignedAsync("one", 1));
        var second = await network.SignedAsync("one", 2, behind: 1);
        await store.StoreAsync(burn);
        await store.RunAsync("the burn is accepted", async () => (await store.SubmissionAsync(burn)).LastAnswer == "PENDING", store.Pump());
        network.Close();
        await store.StoreAsync(second);
        (await store.SubmissionAsync(second)).SendAt!.Value.ShouldBeGreaterThan(store.Clock.GetUtcNow(), "the number before it is open, so it is not even sent");
        var far = store.Clock.GetUtcNow().AddDays(1);
        await store.ChangeAsync(async (db, token) => (await db.Submissions.FindAsync([second.TransactionHash], token))!.SendAt = far);

        await store.RunAsync("the slot is burned", async () => (await store.SaidAsync<SlotBurned>()).Count == 1, store.Checker());
        (await store.SubmissionAsync(second)).SendAt!.Value.ShouldBeLessThanOrEqualTo(store.Clock.GetUtcNow(), "woken");
        await store.RunAsync("it is accepted", async () => (await store.SaidAsync<PayoutSubmitted>()).Count == 1, store.Pump());
        network.Close();
        await store.RunAsync("it is confirmed", async () => (await store.SaidAsync<PayoutConfirmed>()).Count == 1, store.Follower());
    }

    /// <summary>Nobody here sent what came before: the poll finds out that the number is free.</summary>
    [Fact(Timeout = 120_000)]
    public async Task Should_find_its_turn_by_itself_when_somebody_else_used_the_number_before_it()
    {
        await using var network = await SubmittingNetwork.StartAsync();
        await using var store = await SubmitterStore.CreateAsync(network.Rpc, network.Options);
        var (first, second) = (await network.SignedAsync("one", 1), await network.SignedAsync("one", 2, behind: 1));
        await store.StoreAsync(second);
        await store.RunAsync("it waits", async () => (await store.SubmissionAsync(second)).LastAnswer == "txBAD_SEQ", store.Pump());
        await network.BurnAsync("one", first);

        await store.RunAsync("it is accepted", async () => (await store.SaidAsync<PayoutSubmitted>()).Count == 1, store.Pump());
    }

    /// <summary>The account cannot be asked: the envelope is sent again, and the refusal alone ends nothing.</summary>
    [Fact(Timeout = 120_000)]
    public async Task Should_go_on_when_the_account_cannot_be_asked()
    {
        await using var network = await SubmittingNetwork.StartAsync();
        await using var store = await SubmitterStore.CreateAsync(network.Rpc, network.Options);
        var (first, second) = (await network.SignedAsync("one", 1), await network.SignedAsync("one", 2, behind: 1));
        network.Ledger.Faults.Add(new FaultRule { Kind = FaultKind.ServiceUnavailable, Method = "getLedgerEntries" });
        await store.StoreAsync(second);
        await store.RunAsync("it was refused more than once", async () => (await store.SubmissionAsync(second)).Tries >= 3, store.Pump());
        network.Ledger.Faults.Clear();
        await network.SendAsync(first);
        network.Close();

        await store.RunAsync("it is accepted", async () => (await store.SaidAsync<PayoutSubmitted>()).Count == 1, store.Pump());
    }

    [Fact(Timeout = 120_000)]
    public async Task Should_expire_while_it_waits()
    {
        await using var network = await SubmittingNetwork.StartAsync();
        await using var store = await SubmitterStore.CreateAsync(network.Rpc, network.Options);
        var second = await network.SignedAsync("one", 2, behind: 1);
        await store.StoreAsync(second);
        await store.RunAsync("it waits", async () => (await store.SubmissionAsync(second)).LastAnswer == "txBAD_SEQ", store.Pump());
        network.Close((SubmittingNetwork.ValidSeconds / 5) + 2);

        await store.RunAsync("it is proven dead", async () => (await store.SubmissionAsync(second)).State == SubmissionState.Done, store.Pump(), store.Checker());

        (await store.SaidAsync()).ShouldHaveSingleItem().ShouldBeOfType<PayoutExpired>().Slot.ShouldBe(second.Slot);
    }
}
