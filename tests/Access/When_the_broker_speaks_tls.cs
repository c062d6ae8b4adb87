using System.Globalization;
using Microsoft.Extensions.Logging;
using Payouts.Rounds;
using RabbitMQ.Client;

namespace Payouts.Tests.Access;

/// <summary>A real broker that speaks TLS and wants to see a certificate.</summary>
public sealed class When_the_broker_speaks_tls : IAsyncLifetime
{
    private const string Host = "127.0.0.1";
    private readonly Authority _authority = new("ours");
    private readonly Folder _folder = new();
    private RabbitMqServer _broker = null!;
    private TestVirtualHost _virtualHost = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var (certificate, key) = _authority.Issue(Host);
        _broker = await RabbitMqServer.StartNewAsync(new RabbitMqOptions { Tls = new RabbitMqTls(certificate, key, _authority.Pem) }, Cancelled);
        _virtualHost = await _broker.CreateVirtualHostAsync(cancellationToken: Cancelled);
    }

    public async ValueTask DisposeAsync()
    {
        await _broker.DisposeAsync();
        _authority.Dispose();
        _folder.Dispose();
    }

    /// <summary>One broker for all of it: its start takes longer than the rest.</summary>
    [Fact(Timeout = 240_000)]
    public async Task Should_be_used_when_authority_name_and_own_certificate_are_right_and_in_no_other_case()
    {
        using var other = new Authority("another");
        var own = _authority.Issue("rounds", forClients: true);
        var stranger = other.Issue("rounds", forClients: true);
        await RefusedAsync("a wrong authority", Host, other.Pem, own, "its certificate is not of RABBITMQ_TLS_CA_FILE");
        await RefusedAsync("another host name", "localhost", _authority.Pem, own, "its certificate is for another host name");
        await RefusedAsync("an authority that only the test knows", Host, null, own, "the host trusts nobody who issued its certificate");
        await RefusedAsync("a client certificate of another authority", Host, _authority.Pem, stranger, null);
        await RefusedAsync("no client certificate", Host, _authority.Pem, null, null);

        await using var door = await Door.OpenAsync(Settings(Host, _authority.Pem, own), [new RoundsModule()]);
        await using var connection = await _virtualHost.ConnectAsync(Cancelled);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: Cancelled);
        var body = """{"roundId":"tls-1","context":"arena","poolId":3,"roundNumber":7,"currency":"XLM"}"""u8.ToArray();
        await channel.BasicPublishAsync("Payouts.Contracts:GameRoundOpened", "", mandatory: true,
            new BasicProperties { ContentType = "application/json", MessageId = Guid.NewGuid().ToString(), Persistent = true }, body, Cancelled);
        using var client = door.Client();
        await Probe.Until("the round has come over TLS", async token => (await client.GetAsync("rounds/tls-1", token)).IsSuccessStatusCode);
    }

    private async Task RefusedAsync(string what, string host, string? ca, (string Certificate, string Key)? own, string? reason)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        using var lines = new Door.EndpointLog();
        var opening = Door.OpenAsync(Settings(host, ca, own), [new RoundsModule()], builder => builder.Logging.AddProvider(lines), stop.Token);
        await Probe.Until($"{what} is refused", () => lines.Lines.Any(line => reason is null ? line.Contains("BrokerUnreachable", StringComparison.Ordinal) : line.Contains(reason, StringComparison.Ordinal)), TimeSpan.FromSeconds(60));
        (await _virtualHost.ListQueuesAsync(Cancelled)).ShouldBeEmpty($"nothing is declared with {what}");
        opening.IsCompleted.ShouldBeFalse($"it must not start with {what}");
        await stop.CancelAsync();
        await Should.ThrowAsync<Exception>(() => opening);
    }

    private Dictionary<string, string?> Settings(string host, string? ca, (string Certificate, string Key)? own) => new()
    {
        ["RABBITMQ_URL"] = string.Create(CultureInfo.InvariantCulture, $"amqps://{_virtualHost.Name}:{_virtualHost.Name}@{host}:{_broker.TlsPort}/{_virtualHost.Name}"),
        ["RABBITMQ_TLS_CA_FILE"] = ca is null ? null : _folder.Write("ca.pem", ca),
        ["RABBITMQ_TLS_CERT_FILE"] = own is null ? null : _folder.Write("client.crt", own.Value.Certificate),
        ["RABBITMQ_TLS_KEY_FILE"] = own is null ? null : _folder.Write("client.key", own.Value.Key),
    };
}
