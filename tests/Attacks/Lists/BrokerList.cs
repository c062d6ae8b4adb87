using Payouts.Contracts;
using Payouts.Signer.Tests.Support;
using RabbitMQ.Client;

namespace Payouts.Tests.Attacks;

/// <summary>Who has a user of the broker, and tries what is another's. Each right is one of deploy/rabbitmq/definitions.json.</summary>
internal static class BrokerList
{
    private const string Exchange = "Payouts.Contracts:";

    public static IReadOnlyList<Attack> All { get; } =
    [
        Says("game", victim => Installation.Answer(victim.Request, victim.At.PayoutKey)),
        Says("game", victim => victim.Command with { Attempt = 7 }),
        Says("game", victim => victim.At.Resolved(victim.At.Order(amount: "99"))),
        Says("game", Ordered),
        Says("kms", Ordered),
        Says("payout-builder", Ordered),
        Says("payout-builder", Requested),
        Says("kms", Signed),
        Says("kms", victim => victim.Command with { Attempt = 7 }),
        Says("kms", victim => victim.At.Resolved(victim.At.Order(amount: "99"))),
        Says("rounds", Signed),
        Says("rounds", victim => victim.Command with { Attempt = 7 }),
        Says("rounds", victim => Installation.Answer(victim.Request, victim.At.PayoutKey)),
        Says("payout-builder", Signed),
        Says("payout-builder", victim => victim.At.Resolved(victim.At.Order(amount: "99"))),
        Says("payout-builder", victim => Installation.Answer(victim.Request, victim.At.PayoutKey)),
        Says("payout-submitter", Signed),
        Says("payout-submitter", victim => victim.Command with { Attempt = 7 }),
        Says("payout-signer", victim => new RetryPayout { PayoutId = victim.Payout, By = "nobody", Reason = "again" }),
        new BrokerAttack("kms", "puts its answer into the service's queue, past the exchange", (channel, victim) =>
            SayAsync(channel, "", "payout-signer.signing-completed", Installation.Answer(victim.Request, victim.At.PayoutKey))),
        new BrokerAttack("game", "reads the queue of answers", (channel, _) => channel.BasicGetAsync("payout-signer.signing-completed", autoAck: true, Cancelled)),
        new BrokerAttack("kms", "deletes the queue of commands", (channel, _) => channel.QueueDeleteAsync("payout-signer.sign-payout", cancellationToken: Cancelled)),
        new BrokerAttack("kms", "empties the queue of its own answers", (channel, _) => channel.QueuePurgeAsync("payout-signer.signing-completed", Cancelled)),
        new BrokerAttack("kms", "hears the signed envelopes", (channel, _) => HearAsync(channel, "kms.more", "PayoutSigned")),
        new BrokerAttack("game", "hears the sign requests", (channel, _) => HearAsync(channel, "game.more", "SigningRequested")),
        new BrokerAttack("kms", "deletes the exchange of sign requests", (channel, _) => channel.ExchangeDeleteAsync(Exchange + "SigningRequested", cancellationToken: Cancelled)),
        new PasswordAttack(),
    ];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private static BrokerAttack Says<T>(string user, Func<Victim, T> message)
        where T : class => new(user, $"publishes {typeof(T).Name}", (channel, victim) => SayAsync(channel, Exchange + typeof(T).Name, "", message(victim)));

    /// <summary>A debt outside a round, as rounds alone may announce it.</summary>
    private static DirectPayoutOrdered Ordered(Victim victim) => new()
    {
        Reference = "invented", Context = "refunds", PoolId = 3, RoundNumber = 1, Winner = victim.At.Order().Winner, Amount = Stroops.Parse("99"), Currency = "XLM", Reason = "because I can",
    };

    /// <summary>The request for one, which rounds would take from the game.</summary>
    private static DirectPayoutRequested Requested(Victim victim) => new()
    {
        Reference = "invented", Context = "refunds", PoolId = 3, RoundNumber = 1, Winner = victim.At.Order().Winner, Amount = "99", Currency = "XLM", Reason = "because I can",
    };

    /// <summary>A signed envelope that payout-signer has not released.</summary>
    private static PayoutSigned Signed(Victim victim) => new()
    {
        PayoutId = victim.Payout,
        Attempt = 1,
        TransactionHash = victim.Request.TransactionHash,
        SignedXdr = victim.Asked.Sign(victim.At.Network, victim.At.PayoutKey, victim.At.Channels[0]).ToBase64(),
    };

    private static async Task SayAsync(IChannel channel, string exchange, string key, object message) => await channel.BasicPublishAsync(exchange, key, mandatory: false,
        new BasicProperties { ContentType = "application/json", MessageId = Guid.NewGuid().ToString() }, BrokerUser.Json(message), Cancelled);

    private static async Task HearAsync(IChannel channel, string queue, string contract)
    {
        await channel.QueueDeclareAsync(queue, durable: true, exclusive: false, autoDelete: false, new Dictionary<string, object?> { ["x-queue-type"] = "quorum" }, cancellationToken: Cancelled);
        await channel.QueueBindAsync(queue, Exchange + contract, "", cancellationToken: Cancelled);
    }
}
