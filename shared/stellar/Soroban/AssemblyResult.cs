using Payouts.Stellar.Rpc;
using Payouts.Stellar.Xdr;

namespace Payouts.Stellar;

/// <summary>The most that a transaction may cost; each bound is in stroops and has its own refusal.</summary>
public sealed record FeeLimits
{
    public required long InclusionFeeMax { get; init; }

    public required long ResourceFeeMax { get; init; }

    /// <summary>Over the sum of both.</summary>
    public required long TotalFeeMax { get; init; }

    /// <summary>What is declared above the simulated resource fee, in percent: prices may rise until the ledger applies it. Never over 100.</summary>
    public int ResourceFeeMarginPercent { get; init; } = 15;
}

/// <summary>What became of a simulated transaction. Only <see cref="Assembled"/> may be signed.</summary>
public abstract record AssemblyResult
{
    private AssemblyResult()
    {
    }

    /// <summary>Ready to be hashed, stored and signed; fees in stroops.</summary>
    /// <param name="RestoredEntries">Archived entries that the transaction restores on the way, by their place in the read-write footprint.</param>
    public sealed record Assembled(Transaction Transaction, long InclusionFee, long ResourceFee, IReadOnlyList<uint> RestoredEntries) : AssemblyResult;

    /// <summary>A RestoreFootprint transaction must come first.</summary>
    public sealed record RestoreRequired(RestorePreamble Preamble) : AssemblyResult;

    public sealed record InclusionFeeAboveCap(long InclusionFee, long Cap) : AssemblyResult;

    public sealed record ResourceFeeAboveCap(long SimulatedResourceFee, long Cap) : AssemblyResult;

    /// <param name="TotalFee">Inclusion and resource fee together, or the largest 64-bit number when they are more.</param>
    public sealed record TotalFeeAboveCap(long TotalFee, long Cap) : AssemblyResult;

    /// <summary>The simulation asks for an authorization that the envelope's own signatures do not give, or that is not of this call.</summary>
    public sealed record UnexpectedAuthorization(XdrArray<SorobanAuthorizationEntry> Entries, string Reason) : AssemblyResult;
}
