using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Payouts.Hosting.Messaging;
using Payouts.Hosting.Tests.Support;
using Payouts.Tests.Support;

namespace Payouts.Hosting.Tests.Inboxes;

public sealed class When_the_inbox_grows_old(Servers servers)
{
    /// <summary>More than one pass forgets.</summary>
    private const int Old = 12_000;

    [Theory(Timeout = 60_000)]
    [InlineData(SampleStore.Sqlite)]
    [InlineData(SampleStore.Postgres)]
    public async Task Should_forget_what_no_redelivery_can_bring_back(string database)
    {
        await using var store = await SampleStore.CreateAsync(servers, database);
        var week = TimeProvider.System.GetUtcNow() - TimeSpan.FromDays(7);
        await FillAsync(store, database, "old", Old, week.AddMinutes(-1));
        await FillAsync(store, database, "young", 10, week.AddMinutes(10));
        var clock = new FakeTimeProvider();
        using var cleaner = new InboxCleaner<SampleDb>(store.Units, clock, NullLogger<InboxCleaner<SampleDb>>.Instance);

        await cleaner.StartAsync(TestContext.Current.CancellationToken);
        await Probe.Until("the old ones are gone", async _ =>
        {
            clock.Advance(TimeSpan.FromMinutes(5));
            return await store.CountAsync("inbox");
        }, left => left <= 10);
        await cleaner.StopAsync(TestContext.Current.CancellationToken);

        (await store.CountAsync("inbox where consumer = 'young'")).ShouldBe(10);
    }

    private static Task FillAsync(SampleStore store, string database, string consumer, int rows, DateTimeOffset receivedAt)
    {
        var at = receivedAt.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.fffffff", System.Globalization.CultureInfo.InvariantCulture);
        return store.ExecuteAsync(database == SampleStore.Postgres
            ? $"insert into inbox select '{consumer}', gen_random_uuid(), '{at}+00' from generate_series(1, {rows})"
            : $"with recursive n (i) as (select 1 union all select i + 1 from n where i < {rows}) insert into inbox select '{consumer}', hex(randomblob(16)), '{at}' from n");
    }
}
