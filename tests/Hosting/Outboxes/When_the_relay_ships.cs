using Payouts.Hosting.Tests.Support;
using Payouts.Tests.Support;

namespace Payouts.Hosting.Tests.Outboxes;

/// <summary>The outbox on real PostgreSQL and RabbitMQ.</summary>
public sealed class When_the_relay_ships(Servers servers)
{
    private const string Contract = "CancelPayout";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact(Timeout = 180_000)]
    public async Task Should_keep_a_command_until_somebody_would_get_it()
    {
        await using var store = await SampleStore.CreateAsync(servers, SampleStore.Postgres);
        var virtualHost = await servers.CreateVirtualHostAsync("hosting", Cancelled);
        await using var host = await SampleHost.StartAsync(store.Url, virtualHost.Url, consumes: false);
        await host.DecideAsync(SampleHost.Command("early"));

        await Probe.Until("it was tried and put off", async _ => await store.CountAsync("outbox where due_at > created_at") == 1);
        (await host.OutboxAsync()).ShouldBe(1);
        await Mailbox.DeclareAsync(virtualHost, Contract);
        await using var mailbox = await Mailbox.ListenAsync(virtualHost, Contract);

        await Probe.Until("the command arrives", () => mailbox.Delivered.Count > 0);
        await Probe.Until("the outbox is empty", async _ => await host.OutboxAsync() == 0);
        mailbox.Delivered.ShouldHaveSingleItem();
    }

    /// <summary>Each row is locked by one relay while it is sent: without a crash nothing is sent twice.</summary>
    [Fact(Timeout = 180_000)]
    public async Task Should_share_the_work_between_two_relays()
    {
        const int Messages = 600;
        await using var store = await SampleStore.CreateAsync(servers, SampleStore.Postgres);
        var virtualHost = await servers.CreateVirtualHostAsync("hosting", Cancelled);
        await using var mailbox = await Mailbox.OpenAsync(virtualHost, Contract);
        await using var one = await SampleHost.StartAsync(store.Url, virtualHost.Url, consumes: false);
        await using var two = await SampleHost.StartAsync(store.Url, virtualHost.Url, consumes: false);

        await Task.WhenAll(Enumerable.Range(0, 12).Select(i =>
            (i % 2 == 0 ? one : two).DecideAsync(Enumerable.Range(0, Messages / 12).Select(n => SampleHost.Command($"{i}-{n}")))));
        await Probe.Until("the outbox is empty", async _ => await one.OutboxAsync() == 0, TimeSpan.FromSeconds(60));
        await Probe.Until("all have arrived", () => mailbox.Delivered.Distinct().Count() == Messages);

        mailbox.Delivered.Count.ShouldBe(Messages);
    }

    /// <summary>The deletion fails as it would for a relay that was killed after the broker confirmed.</summary>
    [Fact(Timeout = 180_000)]
    public async Task Should_send_again_under_the_same_id_what_it_could_not_delete()
    {
        await using var store = await SampleStore.CreateAsync(servers, SampleStore.Postgres);
        var virtualHost = await servers.CreateVirtualHostAsync("hosting", Cancelled);
        await using var mailbox = await Mailbox.OpenAsync(virtualHost, Contract);
        await store.ExecuteAsync(
            """
            create function sample.killed() returns trigger language plpgsql as $$ begin raise exception 'killed before the deletion'; end $$;
            create trigger killed before delete on sample.outbox for each row execute function sample.killed()
            """);
        await using var host = await SampleHost.StartAsync(store.Url, virtualHost.Url, consumes: false);
        await host.DecideAsync(SampleHost.Command("twice"));

        await Probe.Until("it was sent twice", () => mailbox.Delivered.Count >= 2);
        mailbox.Delivered.Distinct().ShouldHaveSingleItem();
        (await host.OutboxAsync()).ShouldBe(1);
        await store.ExecuteAsync("drop trigger killed on sample.outbox");
        await Probe.Until("the outbox is empty", async _ => await host.OutboxAsync() == 0);
    }
}
