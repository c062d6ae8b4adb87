using k8s;
using k8s.Models;
using YamlDotNet.Serialization;

namespace Payouts.Tests.Deployment;

/// <summary>Broker and database of a production: what their operators are told.</summary>
public static class ServerRules
{
    private static readonly string[] NotInProduction = ["local-signer"];

    public static readonly ClusterRule BrokerSurvives = new("the broker survives a node", cluster => cluster.Of<RabbitmqCluster>()
        .Where(broker => broker.Spec.Replicas < 3 || broker.Spec.Replicas % 2 == 0 || !broker.Spec.Rabbitmq.AdditionalConfig.Contains("default_queue_type = quorum", StringComparison.Ordinal)
            || !broker.Spec.Rabbitmq.AdditionalConfig.Contains("cluster_partition_handling = pause_minority", StringComparison.Ordinal)
            || AffinityOf(broker).PodAntiAffinity?.RequiredDuringSchedulingIgnoredDuringExecution is not [{ TopologyKey: "kubernetes.io/hostname" }]
            || cluster.DisruptionBudgets.All(budget => budget.Metadata.Name != broker.Metadata.Name))
        .Select(broker => $"{broker.Metadata.Name} needs an odd number of nodes from 3, quorum queues, pause_minority, a machine for each node and a disruption budget"));

    public static readonly ClusterRule BrokerSpeaksTls = new("the broker speaks TLS", cluster => cluster.Of<RabbitmqCluster>()
        .Where(broker => !broker.Spec.Tls.DisableNonTLSListeners || !OperatorFacts.OfKind(cluster, "cert-manager.io/v1", "Certificate").Any(certificate => OperatorFacts.Text(certificate, "spec", "secretName") == broker.Spec.Tls.SecretName))
        .Select(broker => $"{broker.Metadata.Name} needs a certificate that somebody issues, and no listener without TLS"));

    /// <summary>The alerts about queues that grow or that nobody takes from read these series.</summary>
    public static readonly ClusterRule QueuesAreWatched = new("queues are watched", cluster => cluster.Of<RabbitmqCluster>()
        .Where(broker => !cluster.Of<ServiceMonitor>().Any(monitor => monitor.Spec.Selector.MatchLabels.GetValueOrDefault("app.kubernetes.io/name") == broker.Metadata.Name
            && monitor.Spec.Endpoints is [{ Path: "/metrics/detailed", Port: "prometheus-tls", Scheme: "https" } endpoint]
            && endpoint.Params.GetValueOrDefault("family") is ["queue_coarse_metrics", "queue_consumer_count"]))
        .Select(broker => $"nothing scrapes the queues of {broker.Metadata.Name} over TLS"));

    public static readonly ClusterRule BrokerIsRestricted = new("the broker's pods are restricted", cluster => cluster.Of<RabbitmqCluster>()
        .Where(broker => TemplateOf(broker).Spec is not { SecurityContext: { RunAsNonRoot: true, SeccompProfile.Type: "RuntimeDefault" }, Containers: [{ SecurityContext: { AllowPrivilegeEscalation: false, Capabilities.Drop: ["ALL"] } }] })
        .Select(broker => $"{broker.Metadata.Name} would be refused by a restricted namespace"));

    /// <summary>One table of rights: deploy/rabbitmq/definitions.json. KEDA has none at all.</summary>
    public static readonly ClusterRule RightsAreTheTables = new("rights are the table's", cluster =>
    {
        var table = BrokerDefinitions.Load().Permissions.Where(row => !NotInProduction.Contains(row.Key)).Select(row => Row(row.Key, row.Value.Configure, row.Value.Write, row.Value.Read)).Append(Row("keda", "^$", "^$", "^$"));
        var ours = cluster.Of<BrokerPermission>().Where(item => item.Spec is { Vhost: "/", RabbitmqClusterReference.Name: "broker" }).Select(item => Row(item.Spec.UserReference.Name, item.Spec.Permissions.Configure, item.Spec.Permissions.Write, item.Spec.Permissions.Read));
        return Differences(table, ours, "the right");
    });

    public static readonly ClusterRule UsersAreTheTables = new("users are the table's", cluster => Differences(
        cluster.Of<BrokerPermission>().Select(item => $"{item.Spec.UserReference.Name} by broker-user-{item.Spec.UserReference.Name}"),
        cluster.Of<BrokerUser>().Select(item => $"{item.Metadata.Name} by {item.Spec.ImportCredentialsSecret.Name}"), "the user"));

    public static readonly ClusterRule ExchangesAreTheTables = new("exchanges are the table's", cluster => Differences(
        BrokerDefinitions.Load().Exchanges.Select(row => $"{row!["name"]} {row["type"]} {row["durable"]} {row["auto_delete"]}"),
        cluster.Of<BrokerExchange>().Where(item => item.Spec.Vhost == "/").Select(item => $"{item.Spec.Name} {item.Spec.Type} {item.Spec.Durable.ToString().ToLowerInvariant()} {item.Spec.AutoDelete.ToString().ToLowerInvariant()}"), "the exchange"));

    /// <summary>A commit that a failover forgets is a lost payout.</summary>
    public static readonly ClusterRule CommitsSurvive = new("commits survive", cluster => OperatorFacts.Clusters(cluster)
        .Where(database => OperatorFacts.Text(database, "spec", "instances") is not ("3" or "5") || OperatorFacts.Text(database, "spec", "postgresql", "synchronous", "dataDurability") != "required"
            || OperatorFacts.Text(database, "spec", "postgresql", "synchronous", "number") is null or "0" || OperatorFacts.Text(database, "spec", "postgresql", "parameters", "synchronous_commit") != "on"
            || OperatorFacts.Text(database, "spec", "affinity", "podAntiAffinityType") != "required" || OperatorFacts.Text(database, "spec", "enablePDB") == "false")
        .Select(_ => "the database needs 3 or 5 instances on machines of their own, a disruption budget, and synchronous replication with dataDurability: required"));

    public static readonly ClusterRule BackupsAreMade = new("backups are made", cluster => OperatorFacts.Clusters(cluster).Where(database =>
    {
        var archiver = OperatorFacts.List(database, "spec", "plugins").SingleOrDefault(plugin => OperatorFacts.Text(plugin, "isWALArchiver") == "true");
        return archiver is null || cluster.Of<ObjectStore>().All(store => store.Metadata.Name != OperatorFacts.Text(archiver, "parameters", "barmanObjectName"))
            || !OperatorFacts.OfKind(cluster, "postgresql.cnpg.io/v1", "ScheduledBackup").Any(backup => OperatorFacts.Text(backup, "spec", "cluster", "name") == OperatorFacts.Text(database, "metadata", "name")
                && OperatorFacts.Text(backup, "spec", "pluginConfiguration", "name") == OperatorFacts.Text(archiver, "name"));
    }).Select(_ => "the database needs an archive of its changes in an ObjectStore and a ScheduledBackup by the same plugin"));

    /// <summary>Each service has a database, its owner migrates it and the service itself is another role; nobody comes into another's.</summary>
    public static readonly ClusterRule EachToHisDatabase = new("each to his database", cluster => Components.Services.SelectMany(service =>
    {
        var name = service.Name.Replace('-', '_');
        var roles = OperatorFacts.Clusters(cluster).SelectMany(database => OperatorFacts.List(database, "spec", "managed", "roles"))
            .Where(role => OperatorFacts.Text(role, "superuser") is null && OperatorFacts.Text(role, "createdb") is null).Select(role => $"{OperatorFacts.Text(role, "name")} {OperatorFacts.Text(role, "passwordSecret", "name")}").ToList();
        var doors = OperatorFacts.Clusters(cluster).SelectMany(database => OperatorFacts.List(database, "spec", "postgresql", "pg_hba")).Select(line => line.ToString()).ToList();
        var granted = cluster.Jobs.Single(job => job.Metadata.Name == service.Name + "-migration").Spec.Template.Spec.Containers[0].Args;
        return roles.Contains($"{name} database-user-{service.Name}") && roles.Contains($"{name}_owner database-user-{service.Name}-owner")
            && doors.Contains($"hostssl {name} {name},{name}_owner all scram-sha-256") && doors[^1] == "host all all all reject" && doors.Count == Components.Services.Count + 1
            && granted.SequenceEqual(["migrate", "--grant", name])
            && OperatorFacts.OfKind(cluster, "postgresql.cnpg.io/v1", "Database").Any(item => OperatorFacts.Text(item, "spec", "name") == name && OperatorFacts.Text(item, "spec", "owner") == name + "_owner" && OperatorFacts.Text(item, "spec", "databaseReclaimPolicy") == "retain")
            ? Array.Empty<string>()
            : [$"{service.Name} needs the database {name} of {name}_owner, a role {name} that its migration grants, and a line of pg_hba that lets these two in and nobody else"];
    }));

    public static readonly ClusterRule NoSecretIsHere = new("no secret is here", cluster => cluster.Secrets.Select(secret => $"the secret {secret.Metadata.Name} stands in the manifests")
        .Concat(cluster.ConfigMaps.SelectMany(map => (map.Data ?? new Dictionary<string, string>()).Where(pair => LooksSecret(pair.Value)).Select(pair => $"{pair.Key} of the ConfigMap {map.Metadata.Name} is a secret"))));

    public static readonly IReadOnlyList<ClusterRule> All =
        [BrokerSurvives, BrokerSpeaksTls, QueuesAreWatched, BrokerIsRestricted, RightsAreTheTables, UsersAreTheTables, ExchangesAreTheTables, CommitsSurvive, BackupsAreMade, EachToHisDatabase, NoSecretIsHere];

    /// <summary>What the operator lays over its own pods, loaded strictly as Kubernetes' own.</summary>
    public static V1PodTemplateSpec TemplateOf(RabbitmqCluster broker) => Kubernetes<V1PodTemplateSpec>(broker.Spec.Override.StatefulSet.Spec.Template);

    public static V1Affinity AffinityOf(RabbitmqCluster broker) => Kubernetes<V1Affinity>(broker.Spec.Affinity);

    public static T Kubernetes<T>(object part) => KubernetesYaml.Deserialize<T>(new SerializerBuilder().Build().Serialize(part), strict: true);

    private static string Row(string user, string configure, string write, string read) => $"{user}: {configure} {write} {read}";

    private static IEnumerable<string> Differences(IEnumerable<string> table, IEnumerable<string> ours, string what)
    {
        var (wanted, there) = (table.Order(StringComparer.Ordinal).ToList(), ours.Order(StringComparer.Ordinal).ToList());
        return wanted.Except(there).Select(row => $"{what} is missing: {row}").Concat(there.Except(wanted).Select(row => $"{what} is too much: {row}")).Concat(there.Count == wanted.Count ? [] : [$"{what} stands twice"]);
    }

    // A seed of Stellar, 64 hexadecimal digits, a password within an address, a private key.
    private static bool LooksSecret(string value) =>
        System.Text.RegularExpressions.Regex.IsMatch(value, @"\bS[A-Z2-7]{55}\b|\b[0-9a-fA-F]{64}\b|://[^/\s:]+:[^/\s@]+@|PRIVATE KEY");
}
