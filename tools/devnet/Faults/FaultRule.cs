namespace Payouts.Devnet.Faults;

/// <summary>One line of a fault script. A rule without bounds stays until it is deleted.</summary>
public sealed record FaultRule
{
    public required FaultKind Kind { get; init; }

    /// <summary>RPC method it strikes; null strikes every method. Ledger-wide kinds ignore it.</summary>
    public string? Method { get; init; }

    /// <summary>Chance from 0 to 1 that a matching call is struck, drawn from the script's seed.</summary>
    public double Probability { get; init; } = 1;

    /// <summary>Matching calls to spare before the first strike.</summary>
    public int Skip { get; init; }

    /// <summary>Strikes until the rule is spent (for LedgerStall: ledgers not closed); null never ends.</summary>
    public int? Count { get; init; }

    public int LatencyMs { get; init; }

    /// <summary>Ledgers of lag (LaggingNode) or of history left (ExpiredRetention).</summary>
    public int Ledgers { get; init; } = 1;

    /// <summary>Inclusion fee per operation that FeeSurge and QueueFull ask for, in stroops.</summary>
    public long FeeStroops { get; init; }

    /// <summary>Null when the rule can be used; otherwise what is wrong with it.</summary>
    public string? Problem() => this switch
    {
        { Probability: not (>= 0 and <= 1) } => "probability must be from 0 to 1",
        { Skip: < 0 } => "skip must not be negative",
        { Count: <= 0 } => "count must be at least 1, or absent for no end",
        { LatencyMs: < 0 or > 120_000 } => "latencyMs must be from 0 to 120000",
        { Kind: FaultKind.Latency, LatencyMs: 0 } => "latencyMs must be set for Latency",
        { Ledgers: < 0 or > 1_000_000 } => "ledgers must be from 0 to 1000000",
        { Kind: FaultKind.LaggingNode, Ledgers: < 1 or > FaultScript.LagLedgersMax } => $"ledgers of a LaggingNode must be from 1 to {FaultScript.LagLedgersMax}",
        { FeeStroops: < 0 } => "feeStroops must not be negative",
        { Kind: FaultKind.FeeSurge, FeeStroops: 0 } => "feeStroops must be set for FeeSurge",
        _ => null,
    };
}
