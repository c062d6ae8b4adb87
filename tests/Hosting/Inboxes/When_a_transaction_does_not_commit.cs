using Payouts.Hosting.Messaging;
using Payouts.Hosting.Tests.Support;
using Payouts.Tests.Support;

namespace Payouts.Hosting.Tests.Inboxes;

/// <summary>Inbox row, change and outgoing message: all three or none.</summary>
public sealed class When_a_transaction_does_not_commit(Servers servers)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory(Timeout = 60_000)]
    [InlineData(SampleStore.Sqlite)]
    [InlineData(SampleStore.Postgres)]
    public async Task Should_leave_nothing_behind(string database)
    {
        await using var store = await SampleStore.CreateAsync(servers, database);
        var woken = 0;

        await Should.ThrowAsync<InvalidOperationException>(() => store.Units.RunAsync<bool>(async unit =>
        {
            await WorkAsync(unit, () => woken++);
            throw new InvalidOperationException("the handler's own fault");
        }, Cancelled));
        (await CountsAsync(store)).ShouldBe((0, 0, 0));

        await Should.ThrowAsync<InvalidOperationException>(() => store.Units.RunAsync(async unit =>
        {
            await WorkAsync(unit, () => woken++);
            unit.BeforeCommit(_ => throw new InvalidOperationException("the last statement's fault"));
            return true;
        }, Cancelled));
        (await CountsAsync(store)).ShouldBe((0, 0, 0));

        await using (var forgotten = await store.Units.BeginAsync(Cancelled))
            await WorkAsync(forgotten, () => woken++);
        (await CountsAsync(store)).ShouldBe((0, 0, 0));
        woken.ShouldBe(0, "nobody is woken for what did not happen");

        await store.Units.RunAsync(async unit =>
        {
            await WorkAsync(unit, () => woken++);
            return true;
        }, Cancelled);
        (await CountsAsync(store)).ShouldBe((1, 1, 1));
        woken.ShouldBe(1);
    }

    private static async Task WorkAsync(UnitOfWork<SampleDb> unit, Action wake)
    {
        (await unit.AcceptAsync("consumer", [Guid.NewGuid()], Cancelled)).Count.ShouldBe(1);
        unit.Db.Facts.Add(new Fact { Id = Guid.CreateVersion7(), Text = "a fact" });
        unit.Publish(SampleHost.Command("said"));
        unit.AfterCommit(wake);
    }

    private static async Task<(int Inbox, int Outbox, int Facts)> CountsAsync(SampleStore store) =>
        (await store.CountAsync("inbox"), await store.CountAsync("outbox"), await store.CountAsync("facts"));
}
