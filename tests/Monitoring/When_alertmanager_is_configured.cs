namespace Payouts.Tests.Monitoring;

public sealed class When_alertmanager_is_configured
{
    private const string AddressFromFile = "url_file: /etc/alertmanager/webhook-url";

    [Fact(Timeout = 180_000)]
    public async Task Should_tell_nobody_by_default()
    {
        (await Tool.RunAsync("amtool", "check-config", "deploy/alertmanager/alertmanager.yml")).ShouldContain("SUCCESS");
        (await Tool.RunAsync("amtool", "config", "routes", "test", "--config.file=deploy/alertmanager/alertmanager.yml", "severity=critical")).Trim().Split('\n')[^1].ShouldBe("nobody");
    }

    /// <summary>The host's Alertmanager may be older than 0.26 and know no address from a file: there it is written out, and all else is as it is.</summary>
    [Fact(Timeout = 180_000)]
    public async Task Should_tell_the_webhook_where_there_is_one()
    {
        using var folder = new TemporaryFolder();
        var configuration = await File.ReadAllTextAsync(RepositoryRoot.PathOf("deploy", "alertmanager", "alertmanager-webhook.yml"), TestContext.Current.CancellationToken);
        configuration.ShouldContain(AddressFromFile);
        await File.WriteAllTextAsync(folder.PathOf("alertmanager.yml"), configuration.Replace(AddressFromFile, "url: http://127.0.0.1:1/", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        (await Tool.RunAsync("amtool", "check-config", folder.PathOf("alertmanager.yml"))).ShouldContain("SUCCESS");
        foreach (var (severity, receiver) in new[] { ("critical", "webhook"), ("warning", "webhook"), ("none", "nobody") })
            (await Tool.RunAsync("amtool", "config", "routes", "test", $"--config.file={folder.PathOf("alertmanager.yml")}", $"severity={severity}")).Trim().Split('\n')[^1].ShouldBe(receiver);
    }

    [Fact(Timeout = 180_000)]
    public async Task Should_be_checked_by_a_tool_that_refuses()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.PathOf("alertmanager.yml"), "route:\n  receiver: somebody-else\nreceivers:\n  - name: nobody\n", TestContext.Current.CancellationToken);
        (await Should.ThrowAsync<InvalidOperationException>(() => Tool.RunAsync("amtool", "check-config", folder.PathOf("alertmanager.yml")))).Message.ShouldContain("somebody-else");
    }
}
