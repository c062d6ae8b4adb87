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
        [PodRules.NoHost] = [d => Pod(d).HostNetwork = true, d => Pod(d).HostPID = true, d => Pod(d).Volumes[0].HostPath = new V1HostPathVolumeSource { Path = "/etc" }],
        [PodRules.Seccomp] = [d => Pod(d).SecurityContext.SeccompProfile = null, d => Pod(d).SecurityContext.SeccompProfile.Type = "Unconfined"],
        [PodRules.Probes] =
        [
            d => Container(d).LivenessProbe = null,
            d => Container(d).StartupProbe = null,
            // A broker that is away would have every pod killed.
            d => Container(d).LivenessProbe.HttpGet.Path = "/health/ready",
            d => Container(d).ReadinessProbe.HttpGet.Path = "/health/live",
            d => Container(d).ReadinessProbe.HttpGet.Port = "8081",
        ],
        [PodRules.Patience] = [d => Container(d).StartupProbe.FailureThreshold = 60, d => Container(d).StartupProbe.PeriodSeconds = 1],
        [PodRules.HttpPort] = [d => Container(d).Ports[0].ContainerPort = 80, d => Container(d).Ports = null],
        [PodRules.Resources] = [d => Container(d).Resources.Limits.Remove("memory"), d => Container(d).Resources.Requests = null, d => Container(d).Resources = null],
        [PodRules.PinnedImage] = [d => Container(d).Image = "payouts/rounds", d => Container(d).Image = "payouts/rounds:latest", d => Container(d).Image = "registry:5000/rounds"],
        [PodRules.OwnImage] = [d => Container(d).Image = "payouts/payout-signer:0.1.0", d => Container(d).Image = "payouts/round:0.1.0"],
        [PodRules.NoServiceLinks] = [d => Pod(d).EnableServiceLinks = null],
        [PodRules.NoApiToken] = [d => Pod(d).AutomountServiceAccountToken = null, d => Pod(d).ServiceAccountName = "default"],
        [PodRules.Drain] = [d => Pod(d).TerminationGracePeriodSeconds = 45, d => Pod(d).TerminationGracePeriodSeconds = null, d => Container(d).Lifecycle.PreStop.Sleep.Seconds = 20],
        [PodRules.RollingUpdate] = [d => d.Spec.Strategy = null, d => d.Spec.Strategy.Type = "Recreate", d => d.Spec.Strategy.RollingUpdate.MaxUnavailable = "25%"],
        [PodRules.Lingers] = [d => Container(d).Lifecycle = null],
        [PodRules.Spread] = [d => Pod(d).TopologySpreadConstraints = null, d => Pod(d).TopologySpreadConstraints[0].LabelSelector.MatchLabels["app.kubernetes.io/name"] = "payout-signer"],
        [PodRules.SecretsFromFiles] =
        [
            d => Container(d).Env.Add(new V1EnvVar { Name = "DATABASE_URL", Value = "postgres://somewhere" }),
            d => Container(d).Env.Add(new V1EnvVar { Name = "ANY", ValueFrom = new V1EnvVarSource { SecretKeyRef = new V1SecretKeySelector { Name = "rounds", Key = "ANY" } } }),
            d => Container(d).EnvFrom.Add(new V1EnvFromSource { SecretRef = new V1SecretEnvSource { Name = "rounds" } }),
        ],
        [PodRules.SecretsForItself] = [d => Secrets(d).SecretName = "payout-signer", d => Secrets(d).DefaultMode = 0x1A4],
        [PodRules.NoForeignKeys] = [d => Volume(d, "broker-ca").Items = null, d => Volume(d, "database-ca").Items[0].Key = "ca.key"],
    };

    public static TheoryData<string> RuleNames => [.. PodRules.All.Select(rule => rule.Name)];

    [Theory]
    [MemberData(nameof(RuleNames))]
    public void Should_find_no_violation_in_ours(string rule)
    {
        foreach (var folder in Manifests.Installed)
            Manifests.Build(folder).Workloads.SelectMany(workload => Rule(rule).FindViolations(workload).Select(found => $"{folder}: {workload} {found}")).ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(RuleNames))]
    public void Should_catch_each_planted_violation(string rule)
    {
        var planted = Planted[Rule(rule)];
        planted.ShouldNotBeEmpty();
        foreach (var violate in planted)
        {
            var deployment = Good();
            Rule(rule).FindViolations(Workload.Of(deployment)!).ShouldBeEmpty();
            violate(deployment);
            Rule(rule).FindViolations(Workload.Of(deployment)!).ShouldNotBeEmpty($"violation {Array.IndexOf(planted, violate)} of '{rule}' was not caught");
        }
    }

    [Fact]
    public void Should_judge_every_kind_of_pod() =>
        Manifests.Installed.SelectMany(folder => Manifests.Build(folder).Workloads).Select(workload => workload.Kind).Distinct().Order().ShouldBe(["Deployment", "Job", "StatefulSet"]);

    private static PodRule Rule(string name) => PodRules.All.Single(rule => rule.Name == name);

    private static V1Deployment Good() => Manifests.Build("overlays/prod").Deployments.Single(item => item.Metadata.Name == "rounds");

    private static V1PodSpec Pod(V1Deployment deployment) => deployment.Spec.Template.Spec;

    private static V1Container Container(V1Deployment deployment) => Pod(deployment).Containers[0];

    private static V1SecretVolumeSource Secrets(V1Deployment deployment) => Volume(deployment, "secrets");

    private static V1SecretVolumeSource Volume(V1Deployment deployment, string name) => Pod(deployment).Volumes.Single(volume => volume.Name == name).Secret;
}
