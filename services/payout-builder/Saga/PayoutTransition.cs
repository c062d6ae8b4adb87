namespace Payouts.Builder.Saga;

/// <summary>One change of a payout's state: what an operator reads to know why.</summary>
public sealed class PayoutTransition
{
    /// <summary>The payout.</summary>
    public Guid PayoutId { get; init; }

    /// <summary>Its place in the payout's history: the payout's version after the change.</summary>
    public int Number { get; init; }

    /// <summary>The state before.</summary>
    public required string FromState { get; init; }

    /// <summary>The state after.</summary>
    public required string ToState { get; init; }

    /// <summary>What happened.</summary>
    public required string Event { get; init; }

    /// <summary>The build at that time.</summary>
    public int Attempt { get; init; }

    /// <summary>The build's hash at that time.</summary>
    public string? TransactionHash { get; init; }

    /// <summary>Code and facts, when it was a failure or a decision.</summary>
    public string? Detail { get; init; }

    /// <summary>When.</summary>
    public DateTimeOffset At { get; init; }
}
