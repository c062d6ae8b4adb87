namespace Payouts.Hosting.DeadLetters;

/// <summary>A message that no retry could handle, kept with all that is needed to understand it and to handle it later.</summary>
public sealed class DeadLetter
{
    /// <summary>Names the letter.</summary>
    public Guid Id { get; init; }

    /// <summary>The queue it was taken from.</summary>
    public required string Queue { get; init; }

    /// <summary>The message's own id, kept on replay; null when the sender gave none.</summary>
    public Guid? MessageId { get; init; }

    /// <summary>The contract's URN; null when the sender gave none.</summary>
    public string? MessageType { get; init; }

    /// <summary>The body exactly as received.</summary>
    public required byte[] Body { get; init; }

    /// <summary>The kind of failure: a refusal code or the exception's type.</summary>
    public required string Reason { get; init; }

    /// <summary>What was wrong, where, and what would be right.</summary>
    public required string Detail { get; init; }

    /// <summary>When the service gave up.</summary>
    public DateTimeOffset DiedAt { get; init; }

    /// <summary>When an operator sent it back to its queue.</summary>
    public DateTimeOffset? ReplayedAt { get; set; }

    /// <summary>Who did.</summary>
    public string? ReplayedBy { get; set; }
}
