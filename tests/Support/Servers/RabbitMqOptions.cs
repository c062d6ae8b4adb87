namespace Payouts.Tests.Support;

/// <summary>What a test's RabbitMQ should be like.</summary>
public sealed record RabbitMqOptions
{
    /// <summary>The image in Docker mode, with the management plugin; PAYOUTS_TEST_RABBITMQ_IMAGE overrides the default.</summary>
    public string Image { get; init; } = Environment.GetEnvironmentVariable("PAYOUTS_TEST_RABBITMQ_IMAGE") is { Length: > 0 } image ? image : "rabbitmq:4.0-management";
}
