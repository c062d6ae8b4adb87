using System.Text;

namespace Payouts.Tests.Deployment;

/// <summary>A development cluster is what compose runs by default: the same settings, and secrets that everybody knows.</summary>
public sealed class When_development_is_compared
{
    private static readonly Manifests Development = Manifests.Build("overlays/dev");
    private static readonly ComposeFile Compose = ComposeSuite.Compose;

    /// <summary>A named key takes the place of the one without a name, HTTP_API_KEY.</summary>
    private const string KeyLine = "developer admin sha256:ee831ab51a039dad6cbae97390a6ee4ac07ad117b76bb33096cde1782f2890d6";

    [Theory]
    [MemberData(nameof(Components.ServicesData), MemberType = typeof(Components))]
    public void Should_set_each_service_as_compose_does(Component service)
    {
        var compose = ComposeEnvironment.Of(Compose, service.Name);
        var ours = EnvironmentOf(service.Name);
        ours.Where(pair => compose.ContainsKey(pair.Key)).ShouldNotBeEmpty();
        ours.Where(pair => !pair.Key.EndsWith("_FILE", StringComparison.Ordinal) && compose.TryGetValue(pair.Key, out var value) && value != pair.Value).Select(pair => $"{pair.Key}: {pair.Value}, and {compose[pair.Key]} in compose").ShouldBeEmpty();
    }

    [Fact]
    public void Should_notice_a_setting_that_differs() => EnvironmentOf("payout-submitter")["PAYOUTS_CONFIRM_POLL_MS"].ShouldNotBe(
        Manifests.Load().ConfigMaps.Single(map => map.Metadata.Name == "payout-submitter").Data["PAYOUTS_CONFIRM_POLL_MS"]);

    [Fact]
    public void Should_make_the_devnet_that_compose_makes()
    {
        var devnet = Development.StatefulSets.Single(item => item.Metadata.Name == "devnet").Spec.Template.Spec.Containers[0].Env.ToDictionary(one => one.Name, one => one.Value, StringComparer.Ordinal);
        Payouts.Devnet.Options.DevnetOptionsReader.Read(devnet, []).ToString().ShouldBe(Payouts.Devnet.Options.DevnetOptionsReader.Read(ComposeEnvironment.Of(Compose, "devnet"), []).ToString());
        devnet["DEVNET_ACCOUNTS"].Split(", ").ShouldBe(ComposeEnvironment.Of(Compose, "devnet")["DEVNET_ACCOUNTS"].Split(", "));
    }

    /// <summary>Not one of them is worth anything: each stands in the compose file.</summary>
    [Fact]
    public void Should_hold_no_secret_that_not_everybody_knows()
    {
        Development.Secrets.Select(secret => secret.Metadata.Name).Order().ShouldBe(["local-signer", "payout-builder", "payout-signer", "payout-submitter", "postgres", "rounds"]);
        foreach (var secret in Development.Secrets)
        {
            var compose = ComposeEnvironment.Of(Compose, secret.Metadata.Name);
            foreach (var (name, bytes) in secret.Data)
                Encoding.UTF8.GetString(bytes).ShouldBe(name == "HTTP_API_KEYS" ? KeyLine : compose[name], $"{name} of {secret.Metadata.Name}");
        }
    }

    [Theory]
    [MemberData(nameof(Components.ServicesData), MemberType = typeof(Components))]
    public void Should_bring_every_file_that_a_service_reads(Component service)
    {
        var secret = Development.Secrets.Single(item => item.Metadata.Name == service.Name);
        EnvironmentOf(service.Name).Where(pair => pair.Key.EndsWith("_FILE", StringComparison.Ordinal) && pair.Value.Length > 0).Select(pair => Path.GetFileName(pair.Value)).Order().ShouldBe(secret.Data.Keys.Order());
    }

    [Fact]
    public void Should_mount_the_files_of_the_repository()
    {
        var files = Development.ConfigMaps.Single(map => map.Metadata.Name.StartsWith("rabbitmq-", StringComparison.Ordinal)).Data;
        files["definitions.json"].ShouldBe(File.ReadAllText(RepositoryRoot.PathOf(BrokerDefinitions.Path)));
        Development.ConfigMaps.Single(map => map.Metadata.Name.StartsWith("postgres-init-", StringComparison.Ordinal)).Data["create-databases.sh"].ShouldBe(File.ReadAllText(RepositoryRoot.PathOf("scripts/create-databases.sh")));
    }

    private static Dictionary<string, string> EnvironmentOf(string service)
    {
        var container = Development.Deployments.Single(item => item.Metadata.Name == service).Spec.Template.Spec.Containers[0];
        return container.EnvFrom.SelectMany(source => Development.ConfigMaps.Single(map => map.Metadata.Name == source.ConfigMapRef.Name).Data)
            .Concat(container.Env.Select(one => new KeyValuePair<string, string>(one.Name, one.Value ?? ""))).ToDictionary(StringComparer.Ordinal);
    }
}
