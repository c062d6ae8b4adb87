using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Payouts.Stellar;
using Payouts.Stellar.Xdr;
using Payouts.Tests.Suite;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Payouts.Tests.Faults.Secrets;

/// <summary>
/// A second signer of the KMS team's, who gets everything wrong: lies and broken answers that hold real signatures, over RabbitMQ and HTTP, while the
/// faults strike. What it is told is kept: an error that repeats what it was sent would be a leak.
/// </summary>
internal sealed class Liar(SuiteProcesses suite, string key)
{
    private const string Queue = "kms.lies";
    private const int RequestsMax = 4;

    private static readonly KeyPair Stranger = SuiteKeys.Named("a stranger");

    /// <summary>What HTTP answered, word for word.</summary>
    public List<Evidence> Told { get; } = [];

    /// <summary>The signatures that it made.</summary>
    public List<byte[]> Signatures { get; } = [];

    public async Task ListenAsync(CancellationToken cancellationToken)
    {
        await using var connection = await ConnectAsync(cancellationToken);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        await channel.QueueDeclareAsync(Queue, durable: true, exclusive: false, autoDelete: false, new Dictionary<string, object?> { ["x-queue-type"] = "quorum" }, cancellationToken: cancellationToken);
        await channel.QueueBindAsync(Queue, "Payouts.Contracts:SigningRequested", "", cancellationToken: cancellationToken);
    }

    /// <summary>Lies where it can: broker or service may be down, for that is what the run is about. Returns whether it was heard.</summary>
    public async Task<bool> TryLieAsync(CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(5));
        try
        {
            return await LieAsync(patience.Token) > 0;
        }
        catch (Exception down) when (down is HttpRequestException or BrokerUnreachableException or AlreadyClosedException or OperationInterruptedException or OperationCanceledException or IOException
            && !cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    private async Task<int> LieAsync(CancellationToken cancellationToken)
    {
        await using var connection = await ConnectAsync(cancellationToken);
        await using var channel = await connection.CreateChannelAsync(new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true), cancellationToken);
        var lies = 0;
        for (; lies < RequestsMax && await channel.BasicGetAsync(Queue, autoAck: true, cancellationToken) is { } taken; lies++)
        {
            var request = JsonNode.Parse(taken.Body.Span)!;
            var id = request["requestId"]!.GetValue<string>();
            foreach (var (lie, byHttp) in LiesAbout(request))
            {
                var body = Encoding.UTF8.GetBytes(lie);
                await channel.BasicPublishAsync("Payouts.Contracts:SigningCompleted", "", mandatory: false,
                    new BasicProperties { ContentType = "application/json", DeliveryMode = DeliveryModes.Persistent, MessageId = Guid.NewGuid().ToString() }, body, cancellationToken);
                if (byHttp)
                    await PostAsync(id, body, key, cancellationToken);
            }

            await PostAsync(id, "{}"u8.ToArray(), SuiteKeys.PayoutSource.AccountId.ToString(), cancellationToken);
        }

        return lies;
    }

    private IEnumerable<(string Lie, bool ByHttp)> LiesAbout(JsonNode request)
    {
        var network = new Network(request["networkPassphrase"]!.GetValue<string>());
        var (wrong, xdr) = (Signed(request, network, Stranger), Signed(request, network, SuiteKeys.PayoutSource));
        var (id, hash) = (request["requestId"]!.GetValue<string>(), request["transactionHash"]!.GetValue<string>());
        var byStranger = Stranger.Sign(Convert.FromHexString(hash));
        Signatures.AddRange([byStranger, SuiteKeys.PayoutSource.Sign(Convert.FromHexString(hash))]);
        // A lie; the truth where the reader expects something else, in case its error repeats what it read; and the truth about nothing.
        yield return (Answer(id, hash, wrong).ToJsonString(), true);
        yield return (Answer(xdr, xdr, xdr).ToJsonString(), true);
        yield return (Answer(id, hash, xdr).ToJsonString()[..^6], true);
        yield return ($"{{\"{xdr}\": 1}}", true);
        var text = Answer(id, hash, xdr);
        text.Remove("signedXdr");
        text["signatures"] = xdr;
        yield return (text.ToJsonString(), true);
        text["signatures"] = new JsonArray(new JsonObject { ["publicKey"] = xdr, ["signature"] = Convert.ToBase64String(byStranger) });
        yield return (text.ToJsonString(), true);
        // Over HTTP the path names the request: there this is no lie.
        yield return (Answer(Guid.NewGuid().ToString(), hash, xdr).ToJsonString(), false);
    }

    /// <summary>The envelope, or the authorization, with the key's signature.</summary>
    private static string Signed(JsonNode request, Network network, KeyPair key)
    {
        var unsigned = request["unsignedXdr"]!.GetValue<string>();
        return request["form"]?.GetValue<string>() == "Authorization"
            ? XdrCodec.ToBase64(SorobanAuthorization.WithSignatures(PayoutAuthorization.FromPreimage(unsigned, SuiteKeys.PayoutSource.AccountId),
                [KeyValuePair.Create(key.AccountId, key.Sign(Convert.FromHexString(request["transactionHash"]!.GetValue<string>())))]))
            : Stellar.Transaction.FromBase64(unsigned).Sign(network, key).ToBase64();
    }

    private static JsonObject Answer(string id, string hash, string xdr) => new() { ["requestId"] = id, ["transactionHash"] = hash, ["signedXdr"] = xdr };

    private async Task PostAsync(string id, byte[] body, string credential, CancellationToken cancellationToken)
    {
        using var post = new HttpRequestMessage(HttpMethod.Post, $"sign-requests/{id}/signatures") { Content = new ByteArrayContent(body) };
        post.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        post.Headers.Authorization = new AuthenticationHeaderValue("Bearer", credential);
        using var answer = await suite["payout-signer"].Http.SendAsync(post, cancellationToken);
        // The right answer may have been the first after all: that is no problem, and what it is told is.
        Told.Add(new Evidence($"HTTP {(int)answer.StatusCode} of payout-signer", await answer.Content.ReadAsByteArrayAsync(cancellationToken)));
    }

    private Task<IConnection> ConnectAsync(CancellationToken cancellationToken) =>
        new ConnectionFactory { Uri = new Uri(suite.BrokerUsers["kms"]), AutomaticRecoveryEnabled = false, RequestedConnectionTimeout = TimeSpan.FromSeconds(3) }.CreateConnectionAsync(cancellationToken);
}
