using Microsoft.EntityFrameworkCore;
using Payouts.Hosting.Tests.Support;
using Payouts.Tests.Support;

namespace Payouts.Hosting.Tests.Sagas;

/// <summary>Two hosts, one queue, one PostgreSQL, five sagas that everybody wants at once, some messages delivered twice.</summary>
public sealed class When_two_hosts_share_sagas(Servers servers)
{
    private const int Events = 1_000;
    private const int Repeats = 100;
    private const int Sagas = 5;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact(Timeout = 240_000)]
    public async Task Should_count_each_event_exactly_once()
    {
        await using var store = await SampleStore.CreateAsync(servers, SampleStore.Postgres);
        var virtualHost = await servers.CreateVirtualHostAsync("sagas", Cancelled);
        await using var one = await SampleHost.StartAsync(store.Url, virtualHost.Url);
        await using var two = await SampleHost.StartAsync(store.Url, virtualHost.Url);
        var random = new Random(20260701);
        var sagas = Enumerable.Range(0, Sagas).Select(_ => Guid.NewGuid()).ToArray();
        var events = Enumerable.Range(0, Events).Select(i => (Id: Guid.NewGuid(), Event: new Counted { TallyId = sagas[i % Sagas] })).ToList();
        var sent = events.Concat(events.Take(Repeats)).ToArray();
        random.Shuffle(sent);

        await Parallel.ForEachAsync(sent, new ParallelOptions { MaxDegreeOfParallelism = 32, CancellationToken = Cancelled }, async (x, _) =>
            await (x.Id.GetHashCode() % 2 == 0 ? one : two).SendAsync(x.Event, x.Id));
        await Probe.Until("every event is handled", async _ => await store.CountAsync("inbox") == Events, TimeSpan.FromSeconds(120));
        await Probe.Until("the queue is empty", async token => await virtualHost.CountAllAsync("sample.tally", token) == 0, TimeSpan.FromSeconds(60));

        var tallies = await store.ReadAsync((db, token) => db.Tallies.AsNoTracking().ToListAsync(token));
        tallies.Select(x => x.CorrelationId).ShouldBe(sagas, ignoreOrder: true);
        tallies.ShouldAllBe(x => x.Count == Events / Sagas && x.CurrentState == "Active");
        (await store.CountAsync("dead_letters")).ShouldBe(0);
    }
}
