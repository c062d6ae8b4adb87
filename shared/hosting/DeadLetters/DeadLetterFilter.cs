using System.Runtime.Serialization;
using System.Text.Json;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Payouts.Hosting.Database;
using Payouts.Hosting.Messaging;
using Payouts.Hosting.Observability;

namespace Payouts.Hosting.DeadLetters;

/// <summary>
/// The end of a message that no retry could handle: its bytes and the reason go into the service's own table, where it can be read
/// and replayed. When the database itself is away the message is innocent and goes back to its queue.
/// </summary>
public sealed partial class DeadLetterFilter<TDb>(UnitOfWorkFactory<TDb> units, DatabaseOf<TDb> database, ILogger<DeadLetterFilter<TDb>> logger)
    : IFilter<ExceptionReceiveContext>, IFilter<ReceiveContext>
    where TDb : ServiceDbContext
{
    private const int DetailLengthMax = 2000;

    /// <summary>The URN of every contract is far shorter; what a stranger writes into the header is not kept whole.</summary>
    private const int MessageTypeLengthMax = 500;

    /// <summary>A consumer, or the reading of the body, threw.</summary>
    public async Task Send(ExceptionReceiveContext context, IPipe<ExceptionReceiveContext> next)
    {
        if (units.Dialect.IsUnavailable(context.Exception) || context.Exception is OperationCanceledException)
            throw context.Exception;
        var (reason, detail) = Explain(context.Exception);
        await StoreAsync(context, reason, detail);
        context.GetOrAddPayload(() => new Kept());
        await next.Send(context);
    }

    /// <summary>Nobody at this queue consumes this contract.</summary>
    public async Task Send(ReceiveContext context, IPipe<ReceiveContext> next)
    {
        // A body that could not be read reached no consumer either: it is kept once, with the reason that helps.
        if (context.TryGetPayload(out Kept? _))
            return;
        await StoreAsync(context, "NotConsumed", "no consumer of this queue takes this contract; check the header MT-MessageType");
        await next.Send(context);
    }

    /// <inheritdoc />
    public void Probe(ProbeContext context) => context.CreateFilterScope("deadLetters");

    private static (string Reason, string Detail) Explain(Exception exception)
    {
        foreach (var part in exception.Chain())
        {
            switch (part)
            {
                case RefusedMessageException refused:
                    return (refused.Code, refused.Message);
                case JsonException json:
                    // A converter's own message does not say where: the path does.
                    var place = json.Path is { Length: > 1 } path && !json.Message.Contains(path, StringComparison.Ordinal) ? $"{path}: " : "";
                    return ("BodyUnreadable", place + json.Message);
            }
        }

        return exception is SerializationException
            ? ("BodyUnreadable", exception.Message)
            : (exception.GetType().Name, exception.GetBaseException().Message);
    }

    private async Task StoreAsync(ReceiveContext context, string reason, string detail)
    {
        var queue = context.InputAddress.AbsolutePath.Split('/')[^1];
        var headers = context.TransportHeaders;
        var messageId = headers.Get<Guid>(MessageHeaders.MessageId) ?? headers.Get<Guid>("message_id") ?? IdOf(context);
        // Both hold what a stranger wrote: a letter that cannot be stored would go round for ever.
        detail = ForeignText.Cut(detail, DetailLengthMax);
        var messageType = headers.Get<string>(MessageHeaders.MessageType) is { } told ? ForeignText.Cut(told, MessageTypeLengthMax) : Wire.UrnOfQueue(queue);
        var body = context.Body.GetBytes();
        var isNew = await units.RunAsync(async unit =>
        {
            // A process that dies between this commit and the acknowledgement is told again: the letter that is there says it all.
            if (messageId is not null && await unit.Db.DeadLetters.AnyAsync(x => x.ReplayedAt == null && x.MessageId == messageId && x.Queue == queue && x.Body == body, CancellationToken.None))
                return false;
            unit.Db.DeadLetters.Add(new DeadLetter
            {
                Id = database.NewMessageId(unit.Now),
                Queue = queue,
                MessageId = messageId,
                MessageType = messageType,
                Body = body,
                Reason = reason,
                Detail = detail,
                DiedAt = unit.Now,
            });
            return true;
        }, CancellationToken.None);
        if (!isNew)
            return;
        HostingMetrics.DeadLetters.WithLabels(database.Settings.Schema).Inc();
        MessageDied(logger, queue, messageId, reason, detail);
    }

    private static Guid? IdOf(ReceiveContext context) =>
        context.TryGetPayload(out RabbitMqBasicConsumeContext? rabbit) && Guid.TryParse(rabbit.Properties.MessageId, out var id) ? id : null;

    /// <summary>Marks a message that is in the table already.</summary>
    private sealed class Kept;

    [LoggerMessage(LogLevel.Error, "{queue}: message {messageId} is put aside as a dead letter: {reason}: {detail}")]
    private static partial void MessageDied(ILogger logger, string queue, Guid? messageId, string reason, string detail);
}
