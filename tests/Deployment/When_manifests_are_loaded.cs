using k8s.Models;

namespace Payouts.Tests.Deployment;

public sealed class When_manifests_are_loaded
{
    private static readonly Manifests Loaded = Manifests.Load();

    [Fact]
    public void Should_find_one_deployment_service_and_account_for_each_service()
    {
        var expected = Components.Deployed.Select(service => service.Name).Order().ToArray();
        Loaded.Deployments.Select(item => item.Metadata.Name).Order().ShouldBe(expected);
        Loaded.Services.Select(item => item.Metadata.Name).Order().ShouldBe(expected);
        Loaded.ServiceAccounts.Select(item => item.Metadata.Name).Order().ShouldBe(expected);
    }

    [Theory]
    [InlineData("a misspelt key", "readOnlyRootFilesystem", "readOnlyRootFileSystem")]
    [InlineData("a doubled key", "  replicas: 1\n", "  replicas: 1\n  replicas: 2\n")]
    [InlineData("an unknown API version", "apiVersion: apps/v1", "apiVersion: apps/v1beta1")]
    [InlineData("a wrong type", "  replicas: 1\n", "  replicas: one\n")]
    public void Should_refuse(string what, string good, string bad)
    {
        var text = File.ReadAllText(RepositoryRoot.PathOf("k8s/base/rounds/deployment.yaml"));
        text.ShouldContain(good);
        Should.Throw<FormatException>(() => Manifests.Parse(text.Replace(good, bad, StringComparison.Ordinal), what)).Message.ShouldContain(what);
    }

    [Fact]
    public void Should_list_every_file_in_a_kustomization()
    {
        foreach (var folder in Directory.EnumerateDirectories(RepositoryRoot.PathOf("k8s", "base")).Concat([RepositoryRoot.PathOf("k8s", "base"), RepositoryRoot.PathOf("k8s", "signer-worker")]))
        {
            var listed = File.ReadAllLines(Path.Combine(folder, "kustomization.yaml")).Where(line => line.StartsWith("  - ", StringComparison.Ordinal)).Select(line => line[4..]);
            var present = Directory.EnumerateFiles(folder, "*.yaml").Select(path => Path.GetFileName(path)!).Where(name => name != "kustomization.yaml")
                .Concat(Directory.EnumerateDirectories(folder).Select(path => Path.GetFileName(path)!));
            listed.Order().ShouldBe(present.Order(), folder);
        }
    }

    [Fact]
    public void Should_route_each_service_to_its_pods()
    {
        foreach (var service in Loaded.Services)
        {
            var deployment = Loaded.Deployments.Single(item => item.Metadata.Name == service.Metadata.Name);
            service.Spec.Selector.ShouldBe(deployment.Spec.Selector.MatchLabels);
            deployment.Spec.Selector.MatchLabels.ShouldAllBe(label => deployment.Spec.Template.Metadata.Labels.Contains(label));
            service.Spec.Ports.ShouldHaveSingleItem().TargetPort.Value.ShouldBe("http");
        }
    }

    [Fact]
    public void Should_deny_by_default_and_allow_each_service_by_name()
    {
        Loaded.NetworkPolicies.ShouldContain(policy => IsDefaultDeny(policy));
        foreach (var deployment in Loaded.Deployments)
        {
            var policy = Loaded.NetworkPolicies.Single(item => item.Metadata.Name == deployment.Metadata.Name);
            policy.Spec.PodSelector.MatchLabels.ShouldBe(deployment.Spec.Selector.MatchLabels);
            policy.Spec.PolicyTypes.ShouldBe(["Ingress", "Egress"]);
            policy.Spec.Ingress.ShouldAllBe(rule => rule.FromProperty.Count > 0, "an ingress rule without sources lets everybody in");
        }
    }

    private static bool IsDefaultDeny(V1NetworkPolicy policy) =>
        policy.Spec is { Ingress: null, Egress: null, PolicyTypes: ["Ingress", "Egress"] } && policy.Spec.PodSelector.MatchLabels is null or { Count: 0 };
}
