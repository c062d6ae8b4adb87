namespace Payouts.Tests.Deployment;

public sealed class When_manifests_are_loaded
{
    private static readonly Manifests Loaded = Manifests.Load();

    public static TheoryData<string> Services => [.. Components.Deployed.Select(service => service == Components.SignerWorker ? "signer-worker" : "base/" + service.Name)];

    [Fact]
    public void Should_find_one_deployment_service_and_account_for_each_service()
    {
        var expected = Components.Deployed.Select(service => service.Name).Order().ToArray();
        Loaded.Deployments.Select(item => item.Metadata.Name).Order().ShouldBe(expected);
        Loaded.Services.Select(item => item.Metadata.Name).Order().ShouldBe(expected);
        Loaded.ServiceAccounts.Select(item => item.Metadata.Name).Order().ShouldBe(expected);
        Loaded.DisruptionBudgets.Select(item => item.Metadata.Name).Order().ShouldBe(expected);
    }

    [Theory]
    [InlineData("a misspelt key", "readOnlyRootFilesystem", "readOnlyRootFileSystem")]
    [InlineData("a doubled key", "  revisionHistoryLimit: 5\n", "  revisionHistoryLimit: 5\n  revisionHistoryLimit: 6\n")]
    [InlineData("an unknown API version", "apiVersion: apps/v1", "apiVersion: apps/v1beta1")]
    [InlineData("an unknown kind", "kind: Deployment", "kind: Deploy")]
    [InlineData("a wrong type", "  revisionHistoryLimit: 5\n", "  revisionHistoryLimit: five\n")]
    public void Should_refuse(string what, string good, string bad) => ShouldRefuse(Kustomize.Build("base/rounds"), what, good, bad);

    /// <summary>Kinds for which no package has a schema: our own, of the members that we use.</summary>
    [Theory]
    [InlineData("a misspelt key", "disableNonTLSListeners", "disableNonTlsListeners")]
    [InlineData("a doubled key", "    secretName: broker-tls\n", "    secretName: broker-tls\n    secretName: another\n")]
    [InlineData("a missing key", "      secretName: broker-tls\n", "")]
    [InlineData("a wrong type", "  replicas: 3\n", "  replicas: three\n")]
    [InlineData("an unknown kind", "kind: RabbitmqCluster", "kind: RabbitMQCluster")]
    [InlineData("a misspelt right", "    configure: ^$", "    configuration: ^$")]
    [InlineData("a misspelt exchange", "  autoDelete: false", "  auto_delete: false")]
    [InlineData("a misspelt store", "    destinationPath:", "    destination:")]
    public void Should_refuse_of_an_operator(string what, string good, string bad) =>
        ShouldRefuse(Kustomize.Build("overlays/prod/servers"), what, good == "      secretName: broker-tls\n" ? "    secretName: broker-tls\n" : good, bad);

    [Fact]
    public void Should_list_every_file_in_a_kustomization()
    {
        foreach (var file in Directory.EnumerateFiles(RepositoryRoot.PathOf("k8s"), "kustomization.yaml", SearchOption.AllDirectories))
        {
            var folder = Path.GetDirectoryName(file)!;
            var text = File.ReadAllText(file);
            foreach (var present in Directory.EnumerateFiles(folder, "*.yaml").Select(path => Path.GetFileName(path)!).Where(name => name != "kustomization.yaml"))
                text.ShouldContain(present, Case.Sensitive, $"{file} leaves {present} out");
        }
    }

    /// <summary>Each can be applied alone: kubectl apply -k k8s/base/rounds.</summary>
    [Theory]
    [MemberData(nameof(Services))]
    public void Should_build_each_service_alone(string folder)
    {
        var alone = Manifests.Build(folder);
        var name = alone.Deployments.ShouldHaveSingleItem().Metadata.Name;
        folder.ShouldEndWith(name);
        alone.Services.ShouldHaveSingleItem().Metadata.Name.ShouldBe(name);
        alone.DisruptionBudgets.ShouldHaveSingleItem().Metadata.Name.ShouldBe(name);
        alone.NetworkPolicies.ShouldContain(policy => policy.Metadata.Name == name);
    }

    /// <summary>In an overlay one service is applied by its label: kubectl apply -k k8s/overlays/prod -l app.kubernetes.io/name=rounds.</summary>
    [Theory]
    [MemberData(nameof(Components.ServicesData), MemberType = typeof(Components))]
    public void Should_select_each_service_in_production_by_its_label(Component service)
    {
        var production = Manifests.Build("overlays/prod");
        var own = Manifests.Build("base/" + service.Name);
        var names = own.Of<k8s.IKubernetesObject<k8s.Models.V1ObjectMeta>>().Select(item => $"{item.Kind} {item.Metadata.Name}").Concat([$"ScaledObject {service.Name}", $"ServiceMonitor {service.Name}"]);
        production.Of<k8s.IKubernetesObject<k8s.Models.V1ObjectMeta>>().Where(item => item.Metadata.Labels?.TryGetValue("app.kubernetes.io/name", out var name) == true && name == service.Name).Select(item => $"{item.Kind} {item.Metadata.Name}")
            .Concat(production.Of<OperatorObject>().Where(item => item.Metadata.Labels.GetValueOrDefault("app.kubernetes.io/name") == service.Name).Select(item => $"{item.Kind} {item.Metadata.Name}"))
            .Order().ShouldBe(names.Order());
    }

    /// <summary>What compose runs by default is what a development cluster runs; and every image of ours is in the one list.</summary>
    [Fact]
    public void Should_name_each_image_once()
    {
        var listed = File.ReadAllLines(RepositoryRoot.PathOf("k8s/images/kustomization.yaml")).Where(line => line.StartsWith("  - {name: ", StringComparison.Ordinal))
            .Select(line => line["  - {name: ".Length..].Split(", newTag: ")).ToDictionary(parts => parts[0], parts => parts[1].TrimEnd('}').Trim('"'), StringComparer.Ordinal);
        listed.Keys.Where(name => name.StartsWith("payouts/", StringComparison.Ordinal)).Order().ShouldBe(Components.Images.Select(image => "payouts/" + image.Name).Order());
        listed.Values.ShouldAllBe(tag => ImageNames.IsPinned("any:" + tag));
        var compose = ComposeSuite.Compose;
        foreach (var (name, service) in new[] { ("postgres", "postgres"), ("rabbitmq", "rabbitmq") })
            ComposeText.WithDefaults(compose.Services[service].Image!).ShouldBe($"{name}:{listed[name]}");
        foreach (var workload in Manifests.Installed.SelectMany(folder => Manifests.Build(folder).Workloads))
            listed.ShouldContain(image => workload.Containers.Single().Image == $"{image.Key}:{image.Value}", workload.ToString());
        foreach (var file in Directory.EnumerateFiles(RepositoryRoot.PathOf("k8s"), "*.yaml", SearchOption.AllDirectories).Where(path => !path.Contains("/images/", StringComparison.Ordinal)))
            File.ReadAllLines(file).Where(line => line.Trim().StartsWith("image: ", StringComparison.Ordinal) && line.Trim()["image: ".Length..].Contains(':', StringComparison.Ordinal)).ShouldBeEmpty(file);
    }

    private static void ShouldRefuse(string text, string what, string good, string bad)
    {
        text.ShouldContain(good);
        Manifests.Parse(text, what).ShouldNotBeEmpty();
        Should.Throw<FormatException>(() => Manifests.Parse(text.Replace(good, bad, StringComparison.Ordinal), what)).Message.ShouldContain(what);
    }
}
