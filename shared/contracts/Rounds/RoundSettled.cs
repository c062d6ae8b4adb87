namespace Payouts.Contracts;

/// <summary>Every debt of the round is paid on the ledger.</summary>
public sealed record RoundSettled
{
    /// <summary>The game's name of the round.</summary>
    public required string RoundId { get; init; }

    /// <summary>What the round owed.</summary>
    public required Stroops Owed { get; init; }

    /// <summary>What the ledger shows as paid; equal to <see cref="Owed"/>.</summary>
    public required Stroops Paid { get; init; }

    /// <summary>How many payouts that was.</summary>
    public required int Payouts { get; init; }
}
