using Payouts.Contracts;

namespace Payouts.Rounds.Doors;

// What the requests hold: the game's events, with the round's name in the path. A name in the body as well must be the same.

/// <summary>As <see cref="GameRoundEntered"/>.</summary>
internal sealed record EntriesBody
{
    public string? RoundId { get; init; }

    /// <summary>1 to 10,000 entries.</summary>
    public required IReadOnlyList<RoundEntry> Entries { get; init; }

    public GameRoundEntered Event(string roundId) => new() { RoundId = roundId, Entries = Entries };
}

/// <summary>As <see cref="GameRoundClosed"/>.</summary>
internal sealed record ClosingBody
{
    public string? RoundId { get; init; }

    /// <summary>How many entries the round has in all.</summary>
    public required int EntryCount { get; init; }

    public GameRoundClosed Event(string roundId) => new() { RoundId = roundId, EntryCount = EntryCount };
}

/// <summary>As <see cref="GameRoundDrawn"/>, and the outcome that was seen.</summary>
internal sealed record DrawBody
{
    public string? RoundId { get; init; }

    /// <summary>0 to 10,000 winners.</summary>
    public required IReadOnlyList<RoundWinner> Winners { get; init; }

    public string? Yield { get; init; }

    public string? Policy { get; init; }

    public string? Seed { get; init; }

    public string? YieldRate { get; init; }

    /// <summary>From the preview of the same draw; a draw without it is refused.</summary>
    public string? ResolutionHash { get; init; }

    public GameRoundDrawn Event(string roundId) => new() { RoundId = roundId, Winners = Winners, Yield = Yield, Policy = Policy, Seed = Seed, YieldRate = YieldRate };
}

/// <summary>Why a round is called off.</summary>
internal sealed record CancelBody
{
    public string? RoundId { get; init; }

    /// <summary>Only where the door knows no names.</summary>
    public string? By { get; init; }

    /// <summary>Kept for ever: 1 to 200 printable characters.</summary>
    public string? Reason { get; init; }
}
