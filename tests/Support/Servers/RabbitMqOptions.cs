namespace Payouts.Tests.Support;

/// <summary>What a test's RabbitMQ should be like.</summary>
public sealed record RabbitMqOptions
{
    /// <summary>The image in Docker mode, with the management plugin; PAYOUTS_TEST_RABBITMQ_IMAGE overrides the default.</summary>
    public string Image { get; init; } = Environment.GetEnvironmentVariable("PAYOUTS_TEST_RABBITMQ_IMAGE") is { Length: > 0 } image ? image : "rabbitmq:4.0-management";

    /// <summary>A second listener that speaks TLS; null: there is none.</summary>
    public RabbitMqTls? Tls { get; init; }

    /// <summary>Whether it shows metrics to Prometheus: <see cref="RabbitMqServer.Metrics"/>.</summary>
    public bool ShowsMetrics { get; init; }
}

/// <summary>What the TLS listener shows and wants, in PEM.</summary>
/// <param name="Certificate">Its certificate.</param>
/// <param name="Key">The private key of that.</param>
/// <param name="ClientCa">Who must have issued the client's certificate; clients without one are refused.</param>
public sealed record RabbitMqTls(string Certificate, string Key, string ClientCa)
{
    internal static readonly IReadOnlyList<string> FileNames = ["tls-certificate.pem", "tls-key.pem", "tls-client-ca.pem"];

    internal IReadOnlyList<string> Contents => [Certificate, Key, ClientCa];

    internal static string SettingsFor(string address, string folder) => FormattableString.Invariant($"""
        listeners.ssl.default = {address}
        ssl_options.certfile = {folder}/{FileNames[0]}
        ssl_options.keyfile = {folder}/{FileNames[1]}
        ssl_options.cacertfile = {folder}/{FileNames[2]}
        ssl_options.verify = verify_peer
        ssl_options.fail_if_no_peer_cert = true

        """);
}
