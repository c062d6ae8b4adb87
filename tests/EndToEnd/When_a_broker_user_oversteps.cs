using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Payouts.Tests.Suite;
using Payouts.Tests.Support;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Payouts.Tests.EndToEnd;

/// <summary>The rights of deploy/rabbitmq/definitions.json, on a real broker, against the topology that the running services declare.</summary>
public sealed class When_a_broker_user_oversteps(Servers servers) : IAsyncDisposable
{
    private const string Exchange = "Payouts.Contracts:";
    private const int AccessRefused = 403;

    private static readonly string[] Players = [SuiteKeys.Player(0), SuiteKeys.Player(1)];
    private static readonly string[] Services = ["rounds", "payout-builder", "payout-signer", "payout-submitter", "local-signer"];

    private readonly Dictionary<string, IConnection> _connections = new(StringComparer.Ordinal);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public void Should_find_one_voice_for_each_contract()
    {
        var definitions = BrokerDefinitions.Load();
        foreach (var exchange in definitions.ExchangeNames)
        {
            var voices = definitions.Permissions.Where(user => user.Key is not ("local-signer" or "signer-worker") && Regex.IsMatch(exchange, user.Value.Write)).Select(user => user.Key).ToList();
            voices.ShouldBe(exchange[Exchange.Length..] switch
            {
                // Operators decide over HTTP.
                "RetryPayout" or "CancelPayout" => [],
                // Each stage says itself that it failed.
                "PayoutFailed" => ["payout-builder", "payout-signer", "payout-submitter"],
                "SigningCompleted" or "SigningRejected" => ["kms"],
                var name when name.StartsWith("GameRound", StringComparison.Ordinal) => ["game"],
                _ => [voices.ShouldHaveSingleItem(exchange)],
            }, ignoreOrder: false, exchange);
        }

        // The signers of ours stand in the KMS team's place: they say and hear no more.
        foreach (var signer in new[] { "local-signer", "signer-worker" })
        {
            definitions.ExchangeNames.Where(name => Regex.IsMatch(name, definitions.Permissions[signer].Write))
                .ShouldBe(definitions.ExchangeNames.Where(name => Regex.IsMatch(name, definitions.Permissions["kms"].Write)), signer);
            definitions.ExchangeNames.Where(name => Regex.IsMatch(name, definitions.Permissions[signer].Read))
                .ShouldBe(definitions.ExchangeNames.Where(name => Regex.IsMatch(name, definitions.Permissions["kms"].Read)), signer);
            Regex.IsMatch($"{signer}.signing-requested", definitions.Permissions[signer].Read).ShouldBeTrue(signer);
        }

        definitions.Permissions.Values.SelectMany(right => new[] { right.Configure, right.Write, right.Read })
            .ShouldAllBe(right => right.StartsWith("^(", StringComparison.Ordinal) && right.EndsWith(")$", StringComparison.Ordinal), "a right without its ends matches more than it says");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var connection in _connections.Values)
            await connection.DisposeAsync();
    }

    /// <summary>One suite for all of it: its start takes longer than the rest.</summary>
    [Fact(Timeout = 300_000)]
    public async Task Should_be_refused_by_the_broker_while_the_round_is_paid()
    {
        var definitions = BrokerDefinitions.Load();
        await using var suite = await SuiteProcesses.StartAsync(servers, new SuiteOptions { Players = Players, Channels = 2 }, Cancelled);
        await KmsListensAsync(suite);
        await suite.Game.PlayAsync("rights", 1, Players, Cancelled);
        await suite.SettledAsync("rights", TimeSpan.FromSeconds(90), Cancelled);
        suite.ShouldHavePaidEachOnce(1, Players);

        await TheTableShouldBeTheTopologyAsync(suite, definitions);
        var before = await StateAsync(suite);
        foreach (var (user, mayPublish) in new[] { ("kms", new[] { "SigningCompleted", "SigningRejected" }), ("game", ["GameRoundOpened", "GameRoundEntered", "GameRoundClosed", "GameRoundDrawn", "DirectPayoutRequested"]) })
        {
            var refused = definitions.ExchangeNames.Select(name => name[Exchange.Length..]).Except(mayPublish).ToList();
            refused.ShouldContain("RetryPayout");
            foreach (var contract in refused)
                await RefusedAsync(suite, user, $"publish {contract}", channel => PublishAsync(channel, Exchange + contract, ""));
            await RefusedAsync(suite, user, "publish past the exchanges", channel => PublishAsync(channel, "", "payout-builder.payout"));
            foreach (var queue in (await suite.Broker.ListQueuesAsync(Cancelled)).Where(queue => !queue.StartsWith(user + ".", StringComparison.Ordinal)))
            {
                await RefusedAsync(suite, user, $"read {queue}", channel => channel.BasicGetAsync(queue, autoAck: false, Cancelled));
                await RefusedAsync(suite, user, $"delete {queue}", channel => channel.QueueDeleteAsync(queue, cancellationToken: Cancelled));
            }

            await RefusedAsync(suite, user, "hear what it is not meant to hear", channel => BindAsync(channel, $"{user}.more", Exchange + "SubmitPayout"));
            await RefusedAsync(suite, user, "put an exchange of the services away", channel => channel.ExchangeDeleteAsync(Exchange + "SignPayout", cancellationToken: Cancelled));
        }

        // A break-in at one service must not speak for another: the signer's own copy of a debt comes from rounds alone.
        await RefusedAsync(suite, "payout-builder", "publish RoundResolved", channel => PublishAsync(channel, Exchange + "RoundResolved", ""));
        foreach (var contract in new[] { "DirectPayoutOrdered", "DirectPayoutRequested" })
            await RefusedAsync(suite, "payout-builder", $"publish {contract}", channel => PublishAsync(channel, Exchange + contract, ""));
        await RefusedAsync(suite, "payout-builder", "publish PayoutSigned", channel => PublishAsync(channel, Exchange + "PayoutSigned", ""));
        await RefusedAsync(suite, "payout-submitter", "publish SubmitPayout", channel => PublishAsync(channel, Exchange + "SubmitPayout", ""));
        await RefusedAsync(suite, "payout-signer", "publish SubmitPayout", channel => PublishAsync(channel, Exchange + "SubmitPayout", ""));
        await RefusedAsync(suite, "rounds", "publish SignPayout", channel => PublishAsync(channel, Exchange + "SignPayout", ""));
        await RefusedAsync(suite, "payout-builder", "publish SlotProvenUnused", channel => PublishAsync(channel, Exchange + "SlotProvenUnused", ""));
        await RefusedAsync(suite, "payout-submitter", "publish WatchSlot", channel => PublishAsync(channel, Exchange + "WatchSlot", ""));
        foreach (var contract in new[] { "HoldRequested", "WriteOffRequested" })
            await RefusedAsync(suite, "payout-builder", $"publish {contract}", channel => PublishAsync(channel, $"Payouts.Builder.Saga:{contract}", ""));
        (await StateAsync(suite)).ShouldBe(before);
    }

    /// <summary>A user of docs/signing.md: a queue of its own, bound to an exchange that is there already.</summary>
    private static async Task KmsListensAsync(SuiteProcesses suite)
    {
        await using var connection = await ConnectAsync(suite.BrokerUsers["kms"]);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: Cancelled);
        await BindAsync(channel, "kms.signing-requested", Exchange + "SigningRequested");
    }

    private static async Task TheTableShouldBeTheTopologyAsync(SuiteProcesses suite, BrokerDefinitions definitions)
    {
        var exchanges = await suite.Broker.ListExchangesAsync(Cancelled);
        var bindings = await suite.Broker.ListBindingsAsync(Cancelled);
        exchanges.Where(name => name.StartsWith(Exchange, StringComparison.Ordinal)).Except(definitions.ExchangeNames).ShouldBeEmpty("the table lacks an exchange");
        foreach (var service in Services)
        {
            var rights = definitions.Permissions[service];
            var own = exchanges.Where(name => name.StartsWith(service + ".", StringComparison.Ordinal)).ToList();
            own.ShouldNotBeEmpty(service);
            var heard = bindings.Where(binding => own.Contains(binding.Destination) && !own.Contains(binding.Source)).Select(binding => binding.Source).Distinct().Order(StringComparer.Ordinal).ToList();
            // It hears exactly what its queues are bound to.
            exchanges.Where(name => Regex.IsMatch(name, rights.Read)).Except(own).Order(StringComparer.Ordinal).ShouldBe(heard, ignoreOrder: false, $"{service} reads");
            // It declares what it hears and what it publishes, and nothing of the others.
            var published = exchanges.Where(name => Regex.IsMatch(name, rights.Write)).Except(own).ToList();
            exchanges.Where(name => Regex.IsMatch(name, rights.Configure)).Except(own).Order(StringComparer.Ordinal)
                .ShouldBe(heard.Union(published).Order(StringComparer.Ordinal), ignoreOrder: false, $"{service} configures");
            foreach (var other in Services.Where(other => other != service))
                new[] { rights.Read, rights.Write, rights.Configure }.Any(right => Regex.IsMatch($"{other}.payout", right)).ShouldBeFalse($"{service} on the queues of {other}");
        }
    }

    private static async Task<string> StateAsync(SuiteProcesses suite)
    {
        var letters = await suite.OpenLettersAsync(Cancelled);
        var decided = await suite.Database.ReadAsync<long>("select count(*) from payout_builder.payout_transitions", Cancelled);
        var asked = await suite.Database.ReadAsync<long>("select count(*) from payout_signer.sign_requests", Cancelled);
        return $"{string.Join(", ", await suite.PayoutStatesAsync("rights", Cancelled))}; {decided} transitions, {asked} sign requests, letters: {string.Join(", ", letters)}";
    }

    private async Task RefusedAsync(SuiteProcesses suite, string user, string what, Func<IChannel, Task> act)
    {
        if (!_connections.TryGetValue(user, out var connection))
            _connections[user] = connection = await ConnectAsync(suite.BrokerUsers[user]);
        await using var channel = await connection.CreateChannelAsync(new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true), Cancelled);
        var refused = await Should.ThrowAsync<Exception>(() => act(channel), $"{user} must not {what}");
        for (Exception? part = refused; part is not null; part = part.InnerException)
        {
            if (part is OperationInterruptedException { ShutdownReason.ReplyCode: AccessRefused })
                return;
        }

        channel.CloseReason.ShouldNotBeNull($"{user}, {what}: {refused}").ReplyCode.ShouldBe((ushort)AccessRefused, $"{user} must not {what}");
    }

    private static Task<IConnection> ConnectAsync(string url) => new ConnectionFactory { Uri = new Uri(url), AutomaticRecoveryEnabled = false }.CreateConnectionAsync(Cancelled);

    private static async Task PublishAsync(IChannel channel, string exchange, string key) => await channel.BasicPublishAsync(exchange, key, mandatory: false,
        new BasicProperties { ContentType = "application/json", MessageId = Guid.NewGuid().ToString() }, System.Text.Encoding.UTF8.GetBytes(new JsonObject().ToJsonString()), Cancelled);

    private static async Task BindAsync(IChannel channel, string queue, string exchange)
    {
        await channel.QueueDeclareAsync(queue, durable: true, exclusive: false, autoDelete: false, new Dictionary<string, object?> { ["x-queue-type"] = "quorum" }, cancellationToken: Cancelled);
        await channel.QueueBindAsync(queue, exchange, "", cancellationToken: Cancelled);
    }
}
