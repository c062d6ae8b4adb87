using System.Net.Mime;
using MassTransit;
using MassTransit.Serialization;

namespace Payouts.Hosting.Messaging;

/// <summary>Sends a stored message byte for byte under its own id.</summary>
internal sealed class StoredMessagePipe(StoredMessage message) : IPipe<SendContext<SerializedMessageBody>>
{
    public Task Send(SendContext<SerializedMessageBody> context)
    {
        context.MessageId = message.MessageId;
        context.ContentType = StoredSerializer.JsonContentType;
        context.Serializer = new StoredSerializer(message.Body);
        context.Headers.Set(MessageHeaders.MessageId, message.MessageId.ToString("D"));
        context.Headers.Set(MessageHeaders.MessageType, message.MessageType);
        if (Wire.IsMandatory(Wire.TypeOf(message.MessageType)) && context.TryGetPayload(out RabbitMqSendContext? rabbit))
            rabbit.Mandatory = true;
        return Task.CompletedTask;
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("storedMessage");
}

internal sealed class StoredSerializer(byte[] body) : IMessageSerializer
{
    public static ContentType JsonContentType { get; } = new(Wire.ContentType);

    public ContentType ContentType => JsonContentType;

    public MessageBody GetMessageBody<T>(SendContext<T> context)
        where T : class => new BytesMessageBody(body);
}
