using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Payouts.Tests.Deployment;

/// <summary>KEDA asks for lengths of queues as a user without any right: on a real broker, for the queues that the running services declared.</summary>
public sealed class When_the_scaler_asks(Servers servers)
{
    [Fact(Timeout = 300_000)]
    public async Task Should_learn_the_length_of_every_queue_without_any_right()
    {
        var stop = TestContext.Current.CancellationToken;
        await using var devnet = await ComposeSuite.StartDevnetAsync(stop);
        var broker = await servers.CreateVirtualHostAsync(cancellationToken: stop);
        var users = await broker.DefineAsync(BrokerDefinitions.Load(), stop);
        var rights = Manifests.Production().Of<BrokerPermission>().Single(item => item.Spec.UserReference.Name == "keda").Spec.Permissions;
        var keda = await broker.CreateUserAsync($"{broker.Name}.keda", "password of keda", new RabbitMqPermissions(rights.Configure, rights.Write, rights.Read), stop);
        await using var connection = await new ConnectionFactory { Uri = new Uri(keda), AutomaticRecoveryEnabled = false }.CreateConnectionAsync(stop);
        foreach (var scaled in Manifests.Production().Of<ScaledObject>())
        {
            using var folder = new TemporaryFolder();
            await using var program = ComposeSuite.Create(Components.Services.Single(service => service.Name == scaled.Metadata.Name), new Dictionary<string, string>
            {
                ["DATABASE_URL"] = "sqlite:" + Path.Combine(folder.Path, "state.db"),
                ["RABBITMQ_URL"] = users[scaled.Metadata.Name],
                ["SOROBAN_RPC_URL"] = devnet.Address.ToString(),
            });
            await program.StartAsync(stop);
            await using var channel = await connection.CreateChannelAsync(cancellationToken: stop);
            foreach (var trigger in scaled.Spec.Triggers)
                (await channel.QueueDeclarePassiveAsync(trigger.Metadata.QueueName, stop)).QueueName.ShouldBe(trigger.Metadata.QueueName);
        }

        await using var curious = await connection.CreateChannelAsync(cancellationToken: stop);
        (await Should.ThrowAsync<OperationInterruptedException>(() => curious.BasicGetAsync("rounds.payout-settled", autoAck: false, stop))).ShutdownReason!.ReplyCode.ShouldBe((ushort)403);
    }
}
