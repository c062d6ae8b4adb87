namespace Payouts.Devnet.Ledger;

/// <summary>What rules need to know about the ledger they judge in.</summary>
/// <param name="Sequence">The ledger being built (when applying) or the last closed one (when reading).</param>
/// <param name="CloseTime">Unix seconds; strictly increases from ledger to ledger.</param>
public sealed record LedgerInfo(uint Sequence, ulong CloseTime, uint BaseFee, uint BaseReserve, uint ProtocolVersion, uint PersistentTtlLedgers);
