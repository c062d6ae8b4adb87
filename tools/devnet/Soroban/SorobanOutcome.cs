using Payouts.Stellar.Xdr;

namespace Payouts.Devnet.Soroban;

/// <summary>What a Soroban operation did.</summary>
public sealed record SorobanOutcome(OperationResult Result)
{
    public SCVal? ReturnValue { get; init; }

    public IReadOnlyList<ContractEvent> Events { get; init; } = [];

    public IReadOnlyList<DiagnosticEvent> Diagnostics { get; init; } = [];

    /// <summary>Refundable fee used, stroops; nothing when the operation failed.</summary>
    public long EventsFee { get; init; }

    public long RentFee { get; init; }
}
