using System.Text;
using System.Text.Json.Nodes;
using Payouts.Stellar;
using Payouts.Tests.Support;
using RabbitMQ.Client;

namespace Payouts.Tests.Faults.Secrets;

/// <summary>A queue of an administrator's at every exchange: keeps a copy of whatever is published, also while nobody reads it.</summary>
internal sealed class BrokerTap
{
    private const string Queue = "tap";

    /// <summary>
    /// The messages that carry a signed envelope or a signature by design: the signer's answer, and what hands it on inside. docs/security.md says why.
    /// </summary>
    public static readonly IReadOnlySet<string> OfEnvelopes =
        new HashSet<string>(StringComparer.Ordinal) { "SigningCompleted", "PayoutSigned", "SubmitPayout", "SubmitBurn", "BumpFee", "FeeBumped" };

    /// <summary>Where calls are authorized the signature stands in the call, before there is an envelope.</summary>
    public static readonly IReadOnlySet<string> OfAuthorizations = new HashSet<string>(StringComparer.Ordinal) { "PayoutAuthorized", "BuildPayout", "PayoutBuilt", "SignPayout" };

    /// <summary>Those of this run.</summary>
    public static readonly IReadOnlySet<string> MayCarrySignatures = Chosen.Authorizes ? OfEnvelopes.Concat(OfAuthorizations).ToHashSet(StringComparer.Ordinal) : OfEnvelopes;

    private readonly TestVirtualHost _broker;

    private BrokerTap(TestVirtualHost broker) => _broker = broker;

    /// <summary>How many messages of which contract were read.</summary>
    public Dictionary<string, int> Read { get; } = new(StringComparer.Ordinal);

    /// <summary>Binds it to every exchange that there is.</summary>
    public static async Task<BrokerTap> OpenAsync(TestVirtualHost broker, CancellationToken cancellationToken)
    {
        await using var connection = await broker.ConnectAsync(cancellationToken);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        await channel.QueueDeclareAsync(Queue, durable: true, exclusive: false, autoDelete: false, new Dictionary<string, object?> { ["x-queue-type"] = "quorum" }, cancellationToken: cancellationToken);
        foreach (var exchange in await broker.ListExchangesAsync(cancellationToken))
            await channel.QueueBindAsync(Queue, exchange, "", cancellationToken: cancellationToken);
        return new BrokerTap(broker);
    }

    /// <summary>Takes what it holds: bodies and headers.</summary>
    public async Task<IReadOnlyList<(string Contract, byte[] Body, string Headers)>> DrainAsync(CancellationToken cancellationToken)
    {
        await using var connection = await _broker.ConnectAsync(cancellationToken);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        var messages = new List<(string, byte[], string)>();
        while (await channel.BasicGetAsync(Queue, autoAck: true, cancellationToken) is { } taken)
        {
            var contract = taken.Exchange.Split(':')[^1];
            Read[contract] = Read.GetValueOrDefault(contract) + 1;
            messages.Add((contract, taken.Body.ToArray(), Describe(taken.BasicProperties)));
        }

        return messages;
    }

    private static string Describe(IReadOnlyBasicProperties properties) => string.Join('\n', (properties.Headers ?? new Dictionary<string, object?>())
        .Select(header => $"{header.Key}: {(header.Value is byte[] bytes ? Encoding.UTF8.GetString(bytes) : header.Value)}")
        .Append($"{properties.MessageId} {properties.CorrelationId} {properties.Type} {properties.ReplyTo} {properties.UserId} {properties.AppId}"));

    /// <summary>The signatures in a message's body.</summary>
    public static IEnumerable<byte[]> SignaturesIn(byte[] body)
    {
        JsonNode? json;
        try
        {
            json = JsonNode.Parse(body);
        }
        catch (System.Text.Json.JsonException)
        {
            // One of the broken ones: what is in it is in the right ones too.
            yield break;
        }

        if (json?["signedXdr"]?.GetValue<string>() is { } xdr)
        {
            foreach (var signature in SecretScanner.SignaturesOf(xdr) ?? [])
                yield return signature;
        }

        if (json?["authorizationXdr"]?.GetValue<string>() is { } entry)
        {
            foreach (var (_, signature) in SorobanAuthorization.ReadSignatures(PayoutAuthorization.FromBase64(entry)) ?? [])
                yield return signature;
        }

        foreach (var signature in json?["signatures"] as JsonArray ?? [])
            yield return Convert.FromBase64String(signature!["signature"]!.GetValue<string>());
    }
}
