using k8s.Models;
using YamlDotNet.RepresentationModel;

namespace Payouts.Tests.Deployment;

/// <summary>Schema and policy are validated here; nothing is deployed.</summary>
public sealed class When_installations_are_judged
{
    private static readonly Dictionary<ClusterRule, Action<Manifests>[]> Planted = new()
    {
        [ClusterRules.RestrictedNamespaces] = [c => c.Namespaces[0].Metadata.Labels.Remove("pod-security.kubernetes.io/enforce"), c => c.Namespaces[0].Metadata.Labels["pod-security.kubernetes.io/warn"] = "baseline"],
        [ClusterRules.DisruptionBudgets] =
        [
            c => c.Remove(Budget(c)), c => Budget(c).Spec.MaxUnavailable = "0", c => Budget(c).Spec.MaxUnavailable = "100%", c => Budget(c).Spec.MinAvailable = "2",
            c => Budget(c).Spec.Selector.MatchLabels["app.kubernetes.io/name"] = "nobody", c => Budget(c).Spec.UnhealthyPodEvictionPolicy = null,
        ],
        [ClusterRules.DefaultDeny] = [c => c.Remove(Policy(c, "default-deny")), c => Policy(c, "default-deny").Spec.Ingress = [new V1NetworkPolicyIngressRule()], c => Policy(c, "default-deny").Spec.PolicyTypes = ["Ingress"]],
        [ClusterRules.EveryPodHasAPolicy] = [c => c.Remove(Policy(c, "rounds")), c => Policy(c, "payout-signer").Spec.PodSelector.MatchLabels["app.kubernetes.io/name"] = "payout-signers", c => c.Remove(Policy(c, "migration"))],
        [ClusterRules.NothingForEverybody] =
        [
            c => Policy(c, "rounds").Spec.Ingress[0].FromProperty = null,
            c => Policy(c, "rounds").Spec.Ingress[0].Ports = null,
            c => Policy(c, "rounds").Spec.Ingress[0].FromProperty.Add(new V1NetworkPolicyPeer { NamespaceSelector = new V1LabelSelector() }),
            c => Policy(c, "rounds").Spec.Egress[0].To = null,
            c => Policy(c, "rounds").Spec.Egress[0].Ports = null,
            c => Policy(c, "rounds").Spec.Egress[0].To[0] = new V1NetworkPolicyPeer { IpBlock = new V1IPBlock { Cidr = "0.0.0.0/0" } },
            c => Policy(c, "payout-builder").Spec.Egress.Single(rule => rule.To[0].IpBlock is not null).Ports[0].Port = "80",
        ],
        [ClusterRules.RolesExist] = [c => c.Of<RabbitmqCluster>()[0].Metadata.Labels.Clear(), c => ((YamlMappingNode)OperatorFacts.Find(OperatorFacts.Clusters(c).Single(), "spec", "inheritedMetadata", "labels")!).Children.Clear()],
        [ClusterRules.ServicesRoute] = [c => Service(c).Spec.Selector["app.kubernetes.io/name"] = "round", c => Service(c).Spec.Selector = null, c => Service(c).Spec.Ports[0].TargetPort = "https"],
        [ClusterRules.SelectorsMatch] = [c => c.Deployments[0].Spec.Selector.MatchLabels["app.kubernetes.io/name"] = "another", c => c.Deployments[0].Spec.Selector = new V1LabelSelector()],
        [ClusterRules.NamesExist] = [c => c.Remove(c.ConfigMaps.Single(map => map.Metadata.Name == "payouts-tokens")), c => c.Remove(c.ServiceAccounts[0]), c => c.ServiceAccounts[0].AutomountServiceAccountToken = null],
        [ClusterRules.ScrapedServices] = [c => c.Remove(Monitor(c)), c => Monitor(c).Spec.Endpoints[0].Path = "/metric", c => Monitor(c).Spec.Endpoints[0].Port = "web", c => Monitor(c).Spec.Selector.MatchLabels["app.kubernetes.io/name"] = "nobody"],
        [ScalingRules.TargetsExist] = [c => Scaled(c).Spec.ScaleTargetRef.Name = "round", c => c.Remove(c.Deployments.Single(item => item.Metadata.Name == "rounds"))],
        [ScalingRules.OneSaysHowMany] = [c => c.Deployments.Single(item => item.Metadata.Name == "rounds").Spec.Replicas = 2, c => c.Remove(Scaled(c))],
        [ScalingRules.NobodyIsAlone] = [c => Scaled(c).Spec.MinReplicaCount = 1, c => Scaled(c).Spec.Fallback.Replicas = 1, c => c.Deployments.Single(item => item.Metadata.Name == "signer-worker").Spec.Replicas = 1],
        [ScalingRules.BoundsMakeSense] = [c => Scaled(c).Spec.MaxReplicaCount = 2, c => Scaled(c).Spec.Triggers[0].Metadata.Value = "0", c => Scaled(c).Spec.Triggers[0].Metadata.Value = "many"],
        [ScalingRules.QueuesAreTheCodes] = [c => Scaled(c).Spec.Triggers[0].Metadata.QueueName = "rounds.game-round-open", c => Scaled(c).Spec.Triggers.RemoveAt(0), c => Scaled(c).Spec.Triggers.Add(Scaled(c).Spec.Triggers[0])],
        [ScalingRules.QueueLengths] = [c => Scaled(c).Spec.Triggers[0].Type = "kafka", c => Scaled(c).Spec.Triggers[0].Metadata.Mode = "MessageRate", c => Scaled(c).Spec.Triggers[0].AuthenticationRef.Name = "nobody"],
        [ScalingRules.Spread] = [c => c.Workloads.First(item => item.Name == "rounds").Pod.TopologySpreadConstraints[0].WhenUnsatisfiable = "ScheduleAnyway"],
        [ServerRules.BrokerSurvives] =
        [
            c => Broker(c).Spec.Replicas = 2, c => Broker(c).Spec.Replicas = 4, c => Broker(c).Spec.Rabbitmq.AdditionalConfig = "default_queue_type = classic", c => Broker(c).Spec.Affinity = new Dictionary<string, object>(),
            c => c.Remove(c.DisruptionBudgets.Single(item => item.Metadata.Name == "broker")),
        ],
        [ServerRules.BrokerSpeaksTls] = [c => Broker(c).Spec.Tls.DisableNonTLSListeners = false, c => Broker(c).Spec.Tls.SecretName = "nobody"],
        [ServerRules.QueuesAreWatched] =
        [
            c => c.Remove(c.Of<ServiceMonitor>().Single(item => item.Metadata.Name == "broker")), c => c.Of<ServiceMonitor>().Single(item => item.Metadata.Name == "broker").Spec.Endpoints[0].Params.Clear(),
            c => c.Of<ServiceMonitor>().Single(item => item.Metadata.Name == "broker").Spec.Endpoints[0].Scheme = null,
        ],
        [ServerRules.BrokerIsRestricted] = [c => Broker(c).Spec.Override.StatefulSet.Spec.Template = new Dictionary<string, object> { ["spec"] = new Dictionary<string, object> { ["containers"] = new List<object> { new Dictionary<string, object> { ["name"] = "rabbitmq" } } } }],
        [ServerRules.RightsAreTheTables] =
        [
            c => Right(c, "rounds").Spec.Permissions.Write = ".*", c => c.Remove(Right(c, "kms")), c => Right(c, "keda").Spec.Permissions.Read = ".*", c => Right(c, "game").Spec.Vhost = "/other",
        ],
        [ServerRules.UsersAreTheTables] = [c => c.Remove(c.Of<BrokerUser>()[0]), c => c.Of<BrokerUser>()[0].Spec.ImportCredentialsSecret.Name = "broker-user-admin"],
        [ServerRules.ExchangesAreTheTables] = [c => c.Remove(c.Of<BrokerExchange>()[0]), c => c.Of<BrokerExchange>()[0].Spec.Durable = false, c => c.Of<BrokerExchange>()[0].Spec.Type = "topic", c => c.Add(c.Of<BrokerExchange>()[0])],
        [ServerRules.CommitsSurvive] =
        [
            c => Set(c, "2", "spec", "instances"), c => Set(c, "preferred", "spec", "postgresql", "synchronous", "dataDurability"), c => Set(c, "off", "spec", "postgresql", "parameters", "synchronous_commit"),
            c => Set(c, "preferred", "spec", "affinity", "podAntiAffinityType"), c => Set(c, "false", "spec", "enablePDB"),
        ],
        [ServerRules.BackupsAreMade] = [c => c.Remove(c.Of<ObjectStore>()[0]), c => c.Remove(OperatorFacts.OfKind(c, "postgresql.cnpg.io/v1", "ScheduledBackup").Single()), c => Set(c, "false", "spec", "plugins", "0", "isWALArchiver")],
        [ServerRules.EachToHisDatabase] =
        [
            c => Set(c, "hostssl all all all scram-sha-256", "spec", "postgresql", "pg_hba", "0"), c => Set(c, "host all all all scram-sha-256", "spec", "postgresql", "pg_hba", "4"),
            c => Set(c, "rounds", "spec", "managed", "roles", "0", "name"), c => c.Jobs[0].Spec.Template.Spec.Containers[0].Args[2] = "rounds_owner",
            c => c.Remove(OperatorFacts.OfKind(c, "postgresql.cnpg.io/v1", "Database").First()),
        ],
        [ServerRules.NoSecretIsHere] = [c => c.Add(new V1Secret { Metadata = new V1ObjectMeta { Name = "planted" } }), c => c.ConfigMaps[0].Data["PLANTED"] = "postgres://rounds:word@db/rounds", c => c.ConfigMaps[0].Data["PLANTED"] = new string('a', 64)],
    };

    private static IReadOnlyList<ClusterRule> Rules => [.. ClusterRules.All, .. ScalingRules.All, .. ServerRules.All];

    public static TheoryData<string> RuleNames => [.. Rules.Select(rule => rule.Name)];

    /// <summary>Nothing scrapes and nothing scales a development cluster.</summary>
    public static TheoryData<string> DevelopmentRuleNames => [.. ClusterRules.All.Except([ClusterRules.ScrapedServices]).Select(rule => rule.Name)];

    [Theory]
    [MemberData(nameof(RuleNames))]
    public void Should_find_no_violation_in_production(string rule) => Rule(rule).FindViolations(Production()).ShouldBeEmpty();

    [Theory]
    [MemberData(nameof(DevelopmentRuleNames))]
    public void Should_find_no_violation_in_development(string rule) => Rule(rule).FindViolations(Manifests.Build("overlays/dev")).ShouldBeEmpty();

    [Theory]
    [MemberData(nameof(RuleNames))]
    public void Should_catch_each_planted_violation(string rule)
    {
        var planted = Planted[Rule(rule)];
        planted.ShouldNotBeEmpty();
        foreach (var violate in planted)
        {
            var cluster = Production();
            violate(cluster);
            Rule(rule).FindViolations(cluster).ShouldNotBeEmpty($"violation {Array.IndexOf(planted, violate)} of '{rule}' was not caught");
        }
    }

    private static Manifests Production() => Manifests.Build("namespace", "overlays/prod", "overlays/prod/servers", "overlays/prod/migrations", "signer-worker");

    private static ClusterRule Rule(string name) => Rules.Single(rule => rule.Name == name);

    private static V1PodDisruptionBudget Budget(Manifests cluster) => cluster.DisruptionBudgets.Single(item => item.Metadata.Name == "rounds");

    private static V1NetworkPolicy Policy(Manifests cluster, string name) => cluster.NetworkPolicies.First(item => item.Metadata.Name == name);

    private static V1Service Service(Manifests cluster) => cluster.Services.Single(item => item.Metadata.Name == "rounds");

    private static ServiceMonitor Monitor(Manifests cluster) => cluster.Of<ServiceMonitor>().Single(item => item.Metadata.Name == "rounds");

    private static ScaledObject Scaled(Manifests cluster) => cluster.Of<ScaledObject>().Single(item => item.Metadata.Name == "rounds");

    private static RabbitmqCluster Broker(Manifests cluster) => cluster.Of<RabbitmqCluster>().Single();

    private static BrokerPermission Right(Manifests cluster, string user) => cluster.Of<BrokerPermission>().Single(item => item.Spec.UserReference.Name == user);

    private static void Set(Manifests cluster, string value, params string[] path)
    {
        YamlNode node = OperatorFacts.Clusters(cluster).Single();
        foreach (var name in path[..^1])
            node = node is YamlSequenceNode list ? list[int.Parse(name, System.Globalization.CultureInfo.InvariantCulture)] : ((YamlMappingNode)node).Children[name];
        if (node is YamlSequenceNode last)
            last.Children[int.Parse(path[^1], System.Globalization.CultureInfo.InvariantCulture)] = value;
        else
            ((YamlMappingNode)node).Children[path[^1]] = value;
    }
}
