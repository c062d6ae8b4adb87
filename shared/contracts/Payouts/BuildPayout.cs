namespace Payouts.Contracts;

/// <summary>Command to payout-builder: build the payout's transaction on its slot.</summary>
public sealed record BuildPayout
{
    /// <summary>The payout.</summary>
    public required PayoutId PayoutId { get; init; }

    /// <summary>Which build of the payout this speaks of, from 1.</summary>
    public required int Attempt { get; init; }

    /// <summary>What is owed.</summary>
    public required PayoutOrder Order { get; init; }

    /// <summary>The place on the ledger that this payout owns.</summary>
    public required SequenceSlot Slot { get; init; }

    /// <summary>The signed SorobanAuthorizationEntry that the call is built with, base64 XDR; null: the transaction itself is to be signed. Never logged.</summary>
    public string? AuthorizationXdr { get; init; }
}
