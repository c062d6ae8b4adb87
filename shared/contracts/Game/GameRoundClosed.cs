namespace Payouts.Contracts;

/// <summary>The round takes no more entries.</summary>
public sealed record GameRoundClosed
{
    /// <summary>The game's name of the round.</summary>
    public required string RoundId { get; init; }

    /// <summary>How many entries the round has in all. The round closes only when that many have arrived: nobody is forgotten because a message was late.</summary>
    public required int EntryCount { get; init; }
}
