using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Payouts.Tests.Attacks;

/// <summary>Something on the broker that a user has no right to.</summary>
/// <param name="User">Of deploy/rabbitmq/definitions.json.</param>
/// <param name="What">What he tries.</param>
/// <param name="TryAsync">Tries it on a channel of his own.</param>
internal sealed record BrokerAttack(string User, string What, Func<IChannel, Victim, Task> TryAsync) : Attack(Holder.BrokerUser, $"{User} {What}", "403 ACCESS_REFUSED")
{
    private const ushort AccessRefused = 403;

    public override IReadOnlyList<Way> Ways => [Way.RabbitMq];

    public override string Seen => "the broker closes the channel; nothing reaches a service";

    public override Task<Blow> PrepareAsync(Scene scene, Victim victim, Way way) => Task.FromResult(new Blow(async () =>
    {
        await using var channel = await (await scene.AsAsync(User)).OpenAsync();
        var refused = await Should.ThrowAsync<Exception>(() => TryAsync(channel, victim), Name);
        for (Exception? part = refused; part is not null; part = part.InnerException)
        {
            if (part is OperationInterruptedException { ShutdownReason.ReplyCode: AccessRefused })
                return;
        }

        channel.CloseReason.ShouldNotBeNull(refused.ToString()).ReplyCode.ShouldBe(AccessRefused, Name);
    }));
}

/// <summary>A stranger at the broker's port.</summary>
internal sealed record PasswordAttack() : Attack(Holder.BrokerUser, "kms with another password", "403 ACCESS_REFUSED")
{
    public override IReadOnlyList<Way> Ways => [Way.RabbitMq];

    public override string Seen => "the broker refuses the connection";

    public override Task<Blow> PrepareAsync(Scene scene, Victim victim, Way way) => Task.FromResult(new Blow(async () =>
    {
        var url = new UriBuilder(scene.BrokerUsers["kms"]) { Password = "guest" }.Uri.ToString();
        var refused = await Should.ThrowAsync<BrokerUnreachableException>(() => BrokerUser.ConnectAsync(url));
        refused.InnerException.ShouldBeOfType<AuthenticationFailureException>().Message.ShouldContain("ACCESS_REFUSED");
    }));
}
