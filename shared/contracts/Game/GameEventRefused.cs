namespace Payouts.Contracts;

/// <summary>A round event could not be taken. The event stays in the dead letters of the rounds service and can be replayed.</summary>
public sealed record GameEventRefused
{
    /// <summary>The game's name of the round, as the event gave it.</summary>
    public required string RoundId { get; init; }

    /// <summary>The refused event, such as GameRoundDrawn.</summary>
    public required string Event { get; init; }

    /// <summary>Why, from the closed list of refusals.</summary>
    public required string Code { get; init; }

    /// <summary>What was wrong, where, and what would be right.</summary>
    public required IReadOnlyList<string> Problems { get; init; }
}
