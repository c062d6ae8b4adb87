using System.Globalization;

namespace Payouts.Tests.Compose;

/// <summary>
/// docker-compose.yml as a newcomer runs it, on a real Docker engine, from nothing: images are built, containers start, a round is paid, each container is
/// made anew in the middle of a round, somebody is paged, and the whole comes back on its volumes. Takes its time, so it runs on demand: PAYOUTS_TEST_COMPOSE=1 ./test.sh Compose.
/// </summary>
public sealed class When_compose_is_run
{
    private const string Window = "2m";
    private const int All = 50;
    private const int Few = 10;

    /// <summary>Of an idle service's container, files that it maps and reads included.</summary>
    private const long IdleMemoryMax = 150 * 1024 * 1024;

    [Fact(Timeout = 5_400_000)]
    public async Task Should_pay_everybody_once_whatever_is_stopped()
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("PAYOUTS_TEST_COMPOSE") == "1", "the nightly test of docker-compose.yml: run PAYOUTS_TEST_COMPOSE=1 ./test.sh Compose");
        await using var night = await Night.PrepareAsync();
        try
        {
            await Figures.TimeAsync("docker compose build", () => night.Project.ComposeAsync("build", "--quiet"));
            await Figures.TimeAsync("docker compose up -d --build --wait, from nothing", () => night.Project.ComposeAsync("up", "--detach", "--build", "--wait"));
            await night.TellContainersAsync();
            await ShouldNeedLittleMemoryAsync(night);
            await Figures.TimeAsync("what each container may and may not", () => ShouldBeContainedAsync(night));
            await night.FundPlayersAsync();
            await night.PlayAsync("first", All);
            await Figures.TimeAsync($"a round of {All} until SETTLED", () => night.ShouldSettleAsync("first", All));
            await Figures.TimeAsync("every query of every dashboard", () => ShouldShowEveryPanelAsync(night));
            await Figures.TimeAsync("each container made anew in the middle of a round", () => ShouldSurviveEachContainerAsync(night));
            await ShouldPageWhileTheSignerIsAwayAsync(night);
            await night.ShouldHaveLostNothingAsync();
            await Figures.TimeAsync("docker compose down and up, volumes kept", () => ShouldComeBackAsync(night));
        }
        catch (Exception)
        {
            Figures.Tell(await night.Project.LastLogsAsync());
            throw;
        }
    }

    private static async Task ShouldNeedLittleMemoryAsync(Night night)
    {
        foreach (var service in new[] { "rounds", "payout-builder", "payout-signer", "payout-submitter", "local-signer" })
            (await night.Project.ContainerOfAsync(service)).Memory().All.ShouldBeLessThan(IdleMemoryMax, $"bytes that the kernel charges to {service}");
    }

    private static async Task ShouldBeContainedAsync(Night night)
    {
        foreach (var service in night.Project.Services)
        {
            Containment.ShouldHold(await night.Project.ContainerOfAsync(service), night.Project.ReadOnly.Contains(service));
            (await night.Project.MissedLibrariesOfAsync(service)).ShouldBeEmpty(service);
        }
    }

    private static async Task ShouldShowEveryPanelAsync(Night night)
    {
        var queries = Dashboards.Queries();
        queries.Count.ShouldBeGreaterThan(All);
        foreach (var query in queries)
            await night.ShouldShowAsync(query.ToString(), query.For(Window));
        Figures.Tell($"            {queries.Count} queries of {Dashboards.Load().Count} dashboards found something");
        (await night.Monitoring.ActiveAsync(TestContext.Current.CancellationToken)).ShouldBeEmpty("no alert fires while all is well");
    }

    /// <summary>By the committed rules: 120 seconds of waiting, for a minute.</summary>
    private static async Task ShouldPageWhileTheSignerIsAwayAsync(Night night)
    {
        await night.Project.ComposeAsync("stop", "local-signer");
        await night.PlayAsync("waiting", Few);
        await Figures.TimeAsync("local-signer stopped until SignerSilent is active", () => night.ShouldFireAsync("SignerSilent", fires: true));
        await night.ShouldSayAsync("waiting", "RESOLVED");
        await night.Project.ComposeAsync("start", "local-signer");
        await Figures.TimeAsync("local-signer started until the round that waited is SETTLED", () => night.ShouldSettleAsync("waiting", Few));
        await Figures.TimeAsync("and until SignerSilent is taken back", () => night.ShouldFireAsync("SignerSilent", fires: false));
    }

    private static async Task ShouldSurviveEachContainerAsync(Night night)
    {
        var before = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        var unfinished = 0;
        foreach (var service in night.Project.Services)
        {
            var round = $"without-{service}";
            await night.PlayAsync(round, All);
            var paid = await Figures.TimeAsync($"  {service} made anew", () => night.MakeAnewAsync(service, round));
            await Figures.TimeAsync($"    its round is SETTLED; when it was told to stop, {paid?.ToString(CultureInfo.InvariantCulture) ?? "nobody knows how many"} of {All} were paid", () => night.ShouldSettleAsync(round, All));
            unfinished += paid < All ? 1 : 0;
        }

        unfinished.ShouldBeGreaterThan(night.Project.Services.Count / 2, "containers that went in the middle of their round");
        (await night.Monitoring.CountAsync("up == 1", before, TestContext.Current.CancellationToken)).ShouldBeGreaterThan(0, "Prometheus remembers the time before its container was made anew");
        foreach (var service in night.Project.Services)
        {
            var container = await night.Project.ContainerOfAsync(service);
            (container.Health, container.Restarts, container.OutOfMemory).ShouldBe(("healthy", 0, false), service);
        }
    }

    private static async Task ShouldComeBackAsync(Night night)
    {
        await Figures.TimeAsync("  down", () => night.Project.ComposeAsync("down"));
        await Figures.TimeAsync("  up", () => night.Project.ComposeAsync("up", "--detach", "--wait"));
        await night.ShouldHaveLostNothingAsync();
        // A round of the second life: whatever the first one left in queues and outboxes would be paid before it.
        await night.PlayAsync("afterwards", Few);
        await night.ShouldSettleAsync("afterwards", Few);
        await night.ShouldHaveLostNothingAsync();
    }
}
