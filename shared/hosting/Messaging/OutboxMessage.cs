namespace Payouts.Hosting.Messaging;

/// <summary>A message decided by a handler, stored in the handler's transaction, sent after the commit.</summary>
/// <param name="MessageId">Kept on every send, so that a consumer recognises a repeat.</param>
/// <param name="MessageType">The contract's URN.</param>
/// <param name="Body">The contract as JSON, UTF-8.</param>
/// <param name="CreatedAt">When the handler decided it.</param>
public sealed record OutboxMessage(Guid MessageId, string MessageType, byte[] Body, DateTimeOffset CreatedAt)
{
    /// <summary>The one queue that gets it; null: everybody who asked for its contract.</summary>
    public string? Queue { get; init; }
}

/// <summary>An outbox row that a relay has locked.</summary>
/// <param name="Id">The row.</param>
/// <param name="MessageId">The message's id.</param>
/// <param name="MessageType">The contract's URN.</param>
/// <param name="Body">The contract as JSON, UTF-8.</param>
/// <param name="Queue">The one queue that gets it; null: everybody who asked for its contract.</param>
public sealed record StoredMessage(long Id, Guid MessageId, string MessageType, byte[] Body, string? Queue);
