namespace Payouts.Tests.Deployment;

/// <summary>The production overlay leaves empty what only an installation knows: no service of it starts on another network's account or contract by mistake.</summary>
public sealed class When_production_is_not_filled_in
{
    private const int ExitConfiguration = 78;

    private static readonly Manifests Production = Manifests.Build("overlays/prod");

    [Theory(Timeout = 120_000)]
    [InlineData("payout-builder", "PAYOUT_CONTRACT_ID", "PAYOUT_SOURCE_ACCOUNT", "PAYOUT_TOKEN_CONTRACTS", "SOROBAN_RPC_URL")]
    [InlineData("payout-signer", "PAYOUT_CONTRACT_ID", "PAYOUT_SOURCE_ACCOUNT")]
    [InlineData("payout-submitter", "PAYOUT_CONTRACT_ID", "PAYOUT_TOKEN_CONTRACTS", "SOROBAN_RPC_URL")]
    public async Task Should_stop_the_start_and_name_it(string name, params string[] settings)
    {
        using var folder = new TemporaryFolder();
        var container = Production.Deployments.Single(item => item.Metadata.Name == name).Spec.Template.Spec.Containers[0];
        var environment = container.EnvFrom.SelectMany(source => Production.ConfigMaps.Single(map => map.Metadata.Name == source.ConfigMapRef.Name).Data).ToDictionary(StringComparer.Ordinal);
        environment["DATABASE_URL"] = "sqlite:" + Path.Combine(folder.Path, "state.db");
        environment["RABBITMQ_URL"] = "inmemory";
        await using var program = new ServiceProcess(new ServiceProcessOptions
        {
            Assembly = RepositoryRoot.AssemblyOf("services/" + name, "payouts-" + name),
            Environment = environment,
        });
        await program.LaunchAsync();
        (await program.WaitForExitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken)).ShouldBe(ExitConfiguration, program.Output);
        foreach (var setting in settings)
            program.Output.ShouldContain(setting);
    }

    /// <summary>Every name is one that the service reads: Kubernetes would pass a misspelt one on without a word.</summary>
    [Theory]
    [MemberData(nameof(Components.ServicesData), MemberType = typeof(Components))]
    public void Should_set_only_what_a_service_reads(Component service)
    {
        foreach (var folder in new[] { "overlays/prod", "overlays/dev" })
            SettingNamesInUse.OfKubernetes(Manifests.Build(folder), service.Name).Except(SettingNamesRead.By(service)).ShouldBeEmpty(folder);
        SettingNamesInUse.OfKubernetes(Production, service.Name).ShouldContain("RABBITMQ_TLS_CA");
        SettingNamesInUse.OfKubernetes(Production, service.Name).Contains("PAYOUT_CHANNEL_SECRET").ShouldBe(service.Name == "payout-signer");
    }

    /// <summary>Whoever installs it finds every secret that he has to make in docs/operations.md.</summary>
    [Fact]
    public void Should_find_every_secret_in_the_handbook()
    {
        var text = File.ReadAllText(RepositoryRoot.PathOf("docs/operations.md"));
        var made = new[] { "broker-ca", "broker-tls", "payouts-db-ca" };
        var needed = new[] { "overlays/prod", "overlays/prod/servers", "overlays/prod/migrations" }.SelectMany(folder => SecretsIn(Kustomize.Build(folder))).Distinct().Except(made).ToList();
        needed.Count.ShouldBeGreaterThan(20);
        needed.Select(Pattern).Distinct().Where(name => !text.Contains($"`{name}`", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    private static string Pattern(string secret)
    {
        if (secret.StartsWith("broker-user-", StringComparison.Ordinal))
            return "broker-user-USER";
        var service = Components.Services.FirstOrDefault(one => secret.Contains(one.Name, StringComparison.Ordinal));
        return service is null ? secret : secret.Replace(service.Name, "SERVICE", StringComparison.Ordinal);
    }

    private static IEnumerable<string> SecretsIn(string text)
    {
        var stream = new YamlDotNet.RepresentationModel.YamlStream();
        stream.Load(new StringReader(text));
        return stream.Documents.SelectMany(document => document.AllNodes).OfType<YamlDotNet.RepresentationModel.YamlMappingNode>().SelectMany(map => map.Children).SelectMany(pair => pair.Key.ToString() switch
        {
            "secretName" => [pair.Value.ToString()],
            "passwordSecret" or "importCredentialsSecret" or "accessKeyId" or "secretAccessKey" => [OperatorFacts.Text(pair.Value, "name")!],
            "secretTargetRef" => OperatorFacts.List(pair.Value).Select(item => OperatorFacts.Text(item, "name")!),
            _ => Array.Empty<string>(),
        });
    }
}
