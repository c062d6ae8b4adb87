using k8s;
using k8s.Models;

namespace Payouts.Tests.Deployment;

public sealed class When_pods_are_judged
{
    /// <summary>A violation of each rule: a change to a good deployment that the rule must catch.</summary>
    private static readonly Dictionary<PodRule, Action<V1Deployment>[]> Planted = new()
    {
        [PodRules.NonRoot] = [d => Pod(d).SecurityContext.RunAsNonRoot = null, d => Pod(d).SecurityContext.RunAsUser = 0, d => Container(d).SecurityContext.RunAsUser = 0],
        [PodRules.ReadOnlyRoot] = [d => Container(d).SecurityContext.ReadOnlyRootFilesystem = false, d => Container(d).SecurityContext = null],
        [PodRules.NoPrivileges] =
        [
            d => Container(d).SecurityContext.AllowPrivilegeEscalation = null,
            d => Container(d).SecurityContext.Privileged = true,
            d => Container(d).SecurityContext.Capabilities.Add = ["NET_ADMIN"],
            d => Container(d).SecurityContext.Capabilities = null,
        ],
        [PodRules.Seccomp] = [d => Pod(d).SecurityContext.SeccompProfile = null, d => Pod(d).SecurityContext.SeccompProfile.Type = "Unconfined"],
        [PodRules.Probes] = [d => Container(d).LivenessProbe = null, d => Container(d).ReadinessProbe.HttpGet.Path = "/health/live", d => Container(d).ReadinessProbe.HttpGet.Port = "8081"],
        [PodRules.HttpPort] = [d => Container(d).Ports[0].ContainerPort = 80, d => Container(d).Ports = null],
        [PodRules.Resources] = [d => Container(d).Resources.Limits.Remove("memory"), d => Container(d).Resources.Requests = null, d => Container(d).Resources = null],
        [PodRules.PinnedImage] = [d => Container(d).Image = "payouts/rounds", d => Container(d).Image = "payouts/rounds:latest", d => Container(d).Image = "registry:5000/rounds"],
        [PodRules.NoServiceLinks] = [d => Pod(d).EnableServiceLinks = null],
        [PodRules.NoApiToken] = [d => Pod(d).AutomountServiceAccountToken = null, d => Pod(d).ServiceAccountName = "default"],
        [PodRules.Drain] = [d => Pod(d).TerminationGracePeriodSeconds = 30, d => Pod(d).TerminationGracePeriodSeconds = null],
        [PodRules.SecretsFromFiles] = [d => Container(d).Env.Add(new V1EnvVar { Name = "DATABASE_URL", Value = "postgres://somewhere" })],
    };

    public static TheoryData<string> RuleNames => [.. PodRules.All.Select(rule => rule.Name)];

    [Theory]
    [MemberData(nameof(RuleNames))]
    public void Should_find_no_violation_in_ours(string rule) =>
        Manifests.Load().Deployments.SelectMany(deployment => Rule(rule).FindViolations(deployment).Select(found => $"{deployment.Metadata.Name} {found}")).ShouldBeEmpty();

    [Theory]
    [MemberData(nameof(RuleNames))]
    public void Should_catch_each_planted_violation(string rule)
    {
        var planted = Planted[Rule(rule)];
        planted.ShouldNotBeEmpty();
        foreach (var violate in planted)
        {
            var deployment = Good();
            violate(deployment);
            Rule(rule).FindViolations(deployment).ShouldNotBeEmpty($"violation {Array.IndexOf(planted, violate)} of '{rule}' was not caught");
        }
    }

    private static PodRule Rule(string name) => PodRules.All.Single(rule => rule.Name == name);

    private static V1Deployment Good() =>
        KubernetesYaml.Deserialize<V1Deployment>(File.ReadAllText(RepositoryRoot.PathOf("k8s/base/rounds/deployment.yaml")), strict: true);

    private static V1PodSpec Pod(V1Deployment deployment) => deployment.Spec.Template.Spec;

    private static V1Container Container(V1Deployment deployment) => Pod(deployment).Containers[0];
}
