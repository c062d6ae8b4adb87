namespace Payouts.Contracts;

/// <summary>Every debt of the round is paid on the ledger, or was written off by an operator.</summary>
public sealed record RoundSettled
{
    /// <summary>The game's name of the round.</summary>
    public required string RoundId { get; init; }

    /// <summary>What the round owed.</summary>
    public required Stroops Owed { get; init; }

    /// <summary>What the ledger shows as paid; with <see cref="WrittenOff"/> equal to <see cref="Owed"/>.</summary>
    public required Stroops Paid { get; init; }

    /// <summary>What operators took out of it: owed, and not paid by this suite. Absent: nothing.</summary>
    public Stroops? WrittenOff { get; init; }

    /// <summary>How many payouts that was.</summary>
    public required int Payouts { get; init; }
}
