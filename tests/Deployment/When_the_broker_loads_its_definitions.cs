using System.Text.Json.Nodes;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Payouts.Tests.Deployment;

public sealed class When_the_broker_loads_its_definitions(Servers servers)
{
    [Fact(Timeout = 120_000)]
    public async Task Should_know_each_user_by_the_password_that_compose_gives_him()
    {
        var stop = TestContext.Current.CancellationToken;
        var broker = await servers.GetRabbitMqAsync();
        await broker.ImportAsync(JsonNode.Parse(await File.ReadAllTextAsync(RepositoryRoot.PathOf(BrokerDefinitions.Path), stop))!, stop);
        foreach (var program in ComposeSuite.Programs)
        {
            var url = new UriBuilder(ComposeEnvironment.Of(ComposeSuite.Compose, program.Name)["RABBITMQ_URL"]) { Host = broker.Host, Port = broker.Port };
            await using (var connection = await ConnectAsync(url.Uri, stop))
                connection.IsOpen.ShouldBeTrue(program.Name);
            url.Password = "another";
            await Should.ThrowAsync<BrokerUnreachableException>(() => ConnectAsync(url.Uri, stop), program.Name);
        }
    }

    [Fact]
    public void Should_be_where_the_broker_of_the_compose_file_looks()
    {
        var mounts = ComposeSuite.Compose.Services["rabbitmq"].Volumes.Select(volume => volume.Split(':')).Where(parts => parts[0].StartsWith("./", StringComparison.Ordinal)).ToDictionary(parts => parts[1], parts => parts[0][2..]);
        var loaded = File.ReadAllText(RepositoryRoot.PathOf(mounts["/etc/rabbitmq/conf.d/20-definitions.conf"])).Split('\n').Single(line => line.StartsWith("load_definitions", StringComparison.Ordinal)).Split('=')[1].Trim();
        mounts[loaded].ShouldBe(BrokerDefinitions.Path);
    }

    private static Task<IConnection> ConnectAsync(Uri url, CancellationToken stop) => new ConnectionFactory { Uri = url, AutomaticRecoveryEnabled = false }.CreateConnectionAsync(stop);
}
