using System.Text;
using System.Text.Json.Nodes;
using Payouts.Stellar;
using Payouts.Tests.Suite;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Payouts.Tests.EndToEnd;

/// <summary>A request as the signer took it from its queue.</summary>
/// <param name="Body">SigningRequested.</param>
/// <param name="Redelivered">Whether it was taken before and not acknowledged.</param>
internal sealed record TakenRequest(JsonNode Body, bool Redelivered)
{
    public string Id => Body["requestId"]!.GetValue<string>();

    public string Hash => Body["transactionHash"]!.GetValue<string>();

    public int Attempt => Body["attempt"]!.GetValue<int>();

    public uint Round => Body["intent"]!["order"]!["roundNumber"]!.GetValue<uint>();

    public string Winner => Body["intent"]!["order"]!["winner"]!.GetValue<string>();

    /// <summary>The right answer.</summary>
    public JsonObject Right => Answer(SuiteKeys.PayoutSource, Convert.FromHexString(Hash));

    /// <summary>An answer with a signature of any key over any bytes, under the payout source's name.</summary>
    public JsonObject Answer(KeyPair key, byte[] message) => new()
    {
        ["requestId"] = Id,
        ["transactionHash"] = Hash,
        ["signatures"] = new JsonArray(new JsonObject
        {
            ["publicKey"] = SuiteKeys.PayoutSource.AccountId.ToString(),
            ["signature"] = Convert.ToBase64String(key.Sign(message)),
        }),
    };
}

/// <summary>The external signer as the KMS team would write it on RabbitMQ, except that the test says how it behaves.</summary>
internal sealed class MisbehavingSigner : IAsyncDisposable
{
    private const string Queue = "kms.signing-requested";
    private const ushort AtOnceMax = 100;

    private readonly IConnection _connection;
    private readonly IChannel _channel;
    private readonly Func<MisbehavingSigner, TakenRequest, Task<bool>> _behave;
    private readonly CancellationTokenSource _dead = new();

    private MisbehavingSigner(IConnection connection, IChannel channel, Func<MisbehavingSigner, TakenRequest, Task<bool>> behave) =>
        (_connection, _channel, _behave) = (connection, channel, behave);

    /// <summary>Ends when it dies.</summary>
    public CancellationToken Dead => _dead.Token;

    /// <summary>Declares the signer's queue, as docs/signing.md has it, so that requests wait there for a signer that is not.</summary>
    public static async Task DeclareAsync(SuiteProcesses suite, CancellationToken cancellationToken)
    {
        await using var connection = await ConnectAsync(suite, cancellationToken);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        await channel.QueueDeclareAsync(Queue, durable: true, exclusive: false, autoDelete: false, new Dictionary<string, object?> { ["x-queue-type"] = "quorum" }, cancellationToken: cancellationToken);
        await channel.QueueBindAsync(Queue, "Payouts.Contracts:SigningRequested", "", cancellationToken: cancellationToken);
    }

    /// <summary>Comes to life.</summary>
    /// <param name="suite">Whose broker it listens at, as the user kms.</param>
    /// <param name="behave">What it does with a request; true: it acknowledges it.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    public static async Task<MisbehavingSigner> StartAsync(SuiteProcesses suite, Func<MisbehavingSigner, TakenRequest, Task<bool>> behave, CancellationToken cancellationToken)
    {
        var connection = await ConnectAsync(suite, cancellationToken);
        var channel = await connection.CreateChannelAsync(
            new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true, consumerDispatchConcurrency: AtOnceMax), cancellationToken);
        var signer = new MisbehavingSigner(connection, channel, behave);
        await channel.BasicQosAsync(0, AtOnceMax, global: false, cancellationToken);
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += (_, delivery) => signer.TakeAsync(delivery);
        await channel.BasicConsumeAsync(Queue, autoAck: false, consumer, cancellationToken);
        return signer;
    }

    /// <summary>Publishes an answer.</summary>
    public async Task AnswerAsync(JsonObject answer, Guid messageId) => await _channel.BasicPublishAsync("Payouts.Contracts:SigningCompleted", "", mandatory: true,
        new BasicProperties { ContentType = "application/json", DeliveryMode = DeliveryModes.Persistent, MessageId = messageId.ToString() }, Encoding.UTF8.GetBytes(answer.ToJsonString()), Dead);

    /// <summary>Dies: what it took and did not acknowledge goes back to its queue.</summary>
    public async ValueTask DisposeAsync()
    {
        await _dead.CancelAsync();
        await _channel.DisposeAsync();
        await _connection.DisposeAsync();
        _dead.Dispose();
    }

    private static Task<IConnection> ConnectAsync(SuiteProcesses suite, CancellationToken cancellationToken) =>
        new ConnectionFactory { Uri = new Uri(suite.BrokerUsers["kms"]), AutomaticRecoveryEnabled = false }.CreateConnectionAsync(cancellationToken);

    private async Task TakeAsync(BasicDeliverEventArgs delivery)
    {
        var request = new TakenRequest(JsonNode.Parse(delivery.Body.Span)!, delivery.Redelivered);
        try
        {
            if (await _behave(this, request))
                await _channel.BasicAckAsync(delivery.DeliveryTag, multiple: false, _dead.Token);
        }
        catch (OperationCanceledException) when (_dead.IsCancellationRequested)
        {
            // It died over it: the broker gives the request to the next one.
        }
    }
}
