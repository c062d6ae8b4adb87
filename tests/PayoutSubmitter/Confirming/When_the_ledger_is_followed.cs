using Microsoft.EntityFrameworkCore;
using Payouts.Contracts;
using Payouts.Submitter.Tests.Judging;
using Payouts.Submitter.Tests.Support;
using Payouts.Tests.Support;

namespace Payouts.Submitter.Tests.Confirming;

public sealed class When_the_ledger_is_followed(Servers servers)
{
    private const int PageSize = 1000;

    /// <summary>An odd event at the front puts every page's end between a transfer and its record.</summary>
    [Fact(Timeout = 120_000)]
    public async Task Should_lose_no_event_at_the_end_of_a_page()
    {
        var rpc = new ScriptedEvents();
        rpc.AddForeign();
        var commands = Enumerable.Range(1, 1_100).Select(rpc.Pay).ToList();
        rpc.Events[PageSize - 1].TransactionHash.ShouldBe(rpc.Events[PageSize].TransactionHash, "the first page ends inside a transaction");
        await using var store = await SubmitterStore.CreateAsync(rpc, Evidence.Options);
        await store.StoreAsync([.. commands]);

        await store.RunAsync("all are judged", async () => await OpenAsync(store) == 0, store.Follower());

        var said = await store.SaidAsync();
        said.ShouldAllBe(x => x is PayoutConfirmed);
        said.Cast<PayoutConfirmed>().Select(x => x.TransactionHash).ShouldBe(commands.Select(x => x.TransactionHash), ignoreOrder: true);
        (await store.CursorAsync())!.Cursor.ShouldBe(rpc.Events[^1].Id);
        rpc.Pages.ShouldBeGreaterThanOrEqualTo(3);
    }

    /// <summary>A page holds a whole transaction as long as none has a thousand events; then there is no place in the ledger to go on from.</summary>
    [Theory(Timeout = 60_000)]
    [InlineData(PageSize - 1)]
    [InlineData(PageSize)]
    public async Task Should_say_so_when_one_transaction_alone_fills_a_page(int events)
    {
        var rpc = new ScriptedEvents();
        for (var i = 0; i < events; i++)
            rpc.AddForeign();
        rpc.Pay(1);
        await using var store = await SubmitterStore.CreateAsync(rpc, Evidence.Options);
        using var follower = store.Follower();

        var step = () => follower.StepOnceAsync(TestContext.Current.CancellationToken);
        if (events < PageSize)
            (await step()).ShouldBeTrue("there may be more behind the page");
        else
            (await Should.ThrowAsync<InvalidOperationException>(step)).Message.ShouldContain("alone fills a page of 1000 events");
    }

    /// <summary>The confirmations cannot be written: the place in the ledger must not move on without them.</summary>
    [Fact(Timeout = 120_000)]
    public async Task Should_move_on_only_together_with_what_it_confirmed()
    {
        await using var network = await SubmittingNetwork.StartAsync();
        await using var store = await SubmitterStore.CreateAsync(network.Rpc, network.Options);
        await store.RunAsync("it has a place", async () => await store.CursorAsync() is not null, store.Follower());
        var (one, two) = (await network.SignedAsync("one", 1), await network.SignedAsync("two", 2));
        await store.StoreAsync(one, two);
        await network.SendAsync(one);
        await network.SendAsync(two);
        await store.ExecuteAsync(FormattableString.Invariant(
            $"create trigger broken before update on submissions when new.transaction_hash = '{two.TransactionHash}' begin select raise(abort, 'cannot be written'); end"));
        var before = await store.CursorAsync();
        network.Close();
        var start = store.Clock.GetUtcNow();

        await store.RunAsync("a while has passed", () => Task.FromResult(store.Clock.GetUtcNow() > start.AddSeconds(30)), store.Follower());
        (await store.CursorAsync())!.Cursor.ShouldBe(before!.Cursor);
        (await store.SaidAsync()).ShouldBeEmpty();
        (await store.SubmissionAsync(one)).State.ShouldNotBe(SubmissionState.Done);

        await store.ExecuteAsync("drop trigger broken");
        await store.RunAsync("both are confirmed", async () => await OpenAsync(store) == 0, store.Follower());
        (await store.CursorAsync())!.Cursor.ShouldNotBe(before.Cursor);
        (await store.SaidAsync<PayoutConfirmed>()).Select(x => x.PayoutId).ShouldBe([one.PayoutId, two.PayoutId], ignoreOrder: true);
    }

    /// <summary>Two replicas read the same pages; whoever commits second finds that the place has moved.</summary>
    [Fact(Timeout = 180_000)]
    public async Task Should_be_taken_in_once_by_two_replicas()
    {
        var database = await servers.CreateDatabaseAsync("submitter", TestContext.Current.CancellationToken);
        var rpc = new ScriptedEvents();
        rpc.AddForeign();
        var commands = Enumerable.Range(1, 1_100).Select(rpc.Pay).ToList();
        await using var one = await SubmitterStore.OpenAsync(database.Url, rpc, Evidence.Options);
        await using var two = await SubmitterStore.OpenAsync(database.Url, rpc, Evidence.Options);
        await one.StoreAsync([.. commands]);

        await Task.WhenAll(
            one.RunAsync("all are judged", async () => await OpenAsync(one) == 0, one.Follower(), one.Follower()),
            two.RunAsync("all are judged", async () => await OpenAsync(two) == 0, two.Follower()));

        (await one.SaidAsync<PayoutConfirmed>()).Select(x => x.TransactionHash).ShouldBe(commands.Select(x => x.TransactionHash), ignoreOrder: true);
        (await one.SaidAsync()).Count.ShouldBe(commands.Count);
        (await one.CursorAsync())!.Cursor.ShouldBe(rpc.Events[^1].Id);
    }

    private static Task<int> OpenAsync(SubmitterStore store) => store.ReadAsync((db, token) => db.Submissions.CountAsync(x => x.State != SubmissionState.Done, token));
}
