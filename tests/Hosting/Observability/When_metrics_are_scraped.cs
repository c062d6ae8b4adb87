using System.Net;
using Payouts.Hosting.Tests.Support;
using Payouts.Tests.Support;

namespace Payouts.Hosting.Tests.Observability;

public sealed class When_metrics_are_scraped(Servers servers)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>Whoever may call may write any method: each would be a series.</summary>
    [Fact(Timeout = 120_000)]
    public async Task Should_refuse_a_method_that_nobody_knows_and_not_show_it()
    {
        await using var host = await SampleHost.StartAsync((await servers.CreateDatabaseAsync(cancellationToken: Cancelled)).Url, "inmemory");
        using var client = Client(host);
        using var invented = new HttpRequestMessage(new HttpMethod("INVENTED"), "health/live");
        (await client.SendAsync(invented, Cancelled)).StatusCode.ShouldBe(HttpStatusCode.NotImplemented);
        (await client.GetAsync("health/live", Cancelled)).StatusCode.ShouldBe(HttpStatusCode.OK);
        var metrics = await client.GetStringAsync("metrics", Cancelled);
        metrics.ShouldContain("http_requests_total{code=\"2xx\",method=\"GET\",endpoint=\"/health/live\"}");
        metrics.ShouldNotContain("INVENTED");
    }

    /// <summary>A series that begins at 1 has not risen: nobody would be told of the first letter.</summary>
    [Fact(Timeout = 120_000)]
    public async Task Should_show_dead_letters_before_there_is_one()
    {
        await using var host = await SampleHost.StartAsync((await servers.CreateDatabaseAsync(cancellationToken: Cancelled)).Url, "inmemory");
        using var client = Client(host);
        (await client.GetStringAsync("metrics", Cancelled)).ShouldContain("dead_letters_total{service=\"sample\"} ");
    }

    [Fact(Timeout = 120_000)]
    public async Task Should_show_the_drivers_metrics_without_its_connection_string()
    {
        var database = await servers.CreateDatabaseAsync(cancellationToken: Cancelled);
        await using var host = await SampleHost.StartAsync(database.Url, "inmemory");
        await host.FactsAsync();
        using var client = Client(host);
        var metrics = await client.GetStringAsync("metrics", Cancelled);
        metrics.ShouldContain("npgsql_command_duration_seconds_count{database=\"sample\"}");
        metrics.ShouldContain("npgsql_connections{database=\"sample\",state=\"idle\"}");
        metrics.ShouldNotContain("Host=");
        metrics.ShouldNotContain("Username", Case.Insensitive);
    }

    [Fact(Timeout = 120_000)]
    public async Task Should_show_the_build_and_what_is_ready()
    {
        await using var host = await SampleHost.StartAsync((await servers.CreateDatabaseAsync(cancellationToken: Cancelled)).Url, "inmemory");
        using var client = Client(host);
        await Probe.Until("the readiness of database and bus is shown", async token => await client.GetStringAsync("metrics", token),
            metrics => metrics.Contains("dependency_ready{dependency=\"database-sample\"} 1\n", StringComparison.Ordinal) && metrics.Contains("dependency_ready{dependency=\"masstransit-bus\"} 1\n", StringComparison.Ordinal), cancellationToken: Cancelled);
        (await client.GetStringAsync("metrics", Cancelled)).ShouldContain("payouts_build_info{service=\"sample\",version=\"");
    }

    private static HttpClient Client(SampleHost host) => new() { BaseAddress = new Uri(host.App.Urls.First()) };
}
