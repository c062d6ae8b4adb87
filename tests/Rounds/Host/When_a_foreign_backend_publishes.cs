using System.Text;
using Payouts.Contracts;
using Payouts.Tests.Support;
using RabbitMQ.Client;

namespace Payouts.Rounds.Tests.Host;

/// <summary>A game backend that knows nothing but AMQP and JSON, on a real broker and PostgreSQL.</summary>
public sealed class When_a_foreign_backend_publishes(Servers servers)
{
    [Fact(Timeout = 180_000)]
    public async Task Should_be_understood_by_message_id_and_plain_json()
    {
        var virtualHost = await servers.CreateVirtualHostAsync("rounds", TestContext.Current.CancellationToken);
        await using var host = await RoundsHost.StartAsync(servers, RoundsHost.Postgres, virtualHost.Url);
        await using var connection = await virtualHost.ConnectAsync(TestContext.Current.CancellationToken);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: TestContext.Current.CancellationToken);
        var (one, two) = (Game.Player(1), Game.Player(2));

        await PublishAsync(channel, "GameRoundDrawn", $$"""{"roundId":"foreign","winners":[{"player":"{{two}}","weight":3}],"yield":"0.5"}""");
        await PublishAsync(channel, "GameRoundEntered", $$"""{"roundId":"foreign","entries":[{"player":"{{one}}","stake":"1"},{"player":"{{two}}","stake":"2"}]}""");
        await PublishAsync(channel, "GameRoundClosed", """{"roundId":"foreign","entryCount":2}""");
        await PublishAsync(channel, "GameRoundOpened", """{"roundId":"foreign","context":"dice","poolId":4294967295,"roundNumber":0,"currency":"XLM"}""");

        var resolved = await host.Heard.FirstAsync<RoundResolved>(x => x.RoundId == "foreign");
        (resolved.PoolId, resolved.RoundNumber).ShouldBe((uint.MaxValue, 0u));
        resolved.Payouts.ShouldHaveSingleItem().ShouldBe(new OwedPayout { Winner = two, Amount = Stroops.Parse("3.5") });
        (await host.LettersAsync()).ShouldBeEmpty();
        (await virtualHost.ListQueuesAsync(TestContext.Current.CancellationToken)).ShouldBeSubsetOf(
            ["HeardConsumer", "Heard", "rounds.direct-payout-requested", "rounds.game-round-closed", "rounds.game-round-drawn", "rounds.game-round-entered", "rounds.game-round-opened", "rounds.payout-on-hold", "rounds.payout-settled"]);
    }

    [Fact(Timeout = 180_000)]
    public async Task Should_be_told_that_the_message_id_is_missing()
    {
        var virtualHost = await servers.CreateVirtualHostAsync("rounds", TestContext.Current.CancellationToken);
        await using var host = await RoundsHost.StartAsync(servers, RoundsHost.Postgres, virtualHost.Url);
        await using var connection = await virtualHost.ConnectAsync(TestContext.Current.CancellationToken);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: TestContext.Current.CancellationToken);

        await PublishAsync(channel, "GameRoundClosed", """{"roundId":"foreign","entryCount":-2}""", withMessageId: false);

        var refused = await host.Heard.FirstAsync<GameEventRefused>(x => x.RoundId == "foreign");
        refused.Code.ShouldBe("MessageIdMissing");
        refused.Problems.Select(x => x.Split(':')[0]).ShouldBe(["message_id", "entryCount"]);
        await Probe.Until("the letter is kept", async _ => (await host.LettersAsync()).Any(x => x.Reason == "MessageIdMissing" && x.MessageId is null));
        (await host.ParkedAsync()).ShouldBe(0);
    }

    private static async Task PublishAsync(IChannel channel, string contract, string json, bool withMessageId = true)
    {
        var properties = new BasicProperties { ContentType = "application/json", DeliveryMode = DeliveryModes.Persistent };
        if (withMessageId)
            properties.MessageId = Guid.NewGuid().ToString();
        await channel.BasicPublishAsync($"Payouts.Contracts:{contract}", "", mandatory: true, properties, Encoding.UTF8.GetBytes(json), TestContext.Current.CancellationToken);
    }
}
