using Payouts.Devnet.Ledger;
using Payouts.Stellar.Xdr;

namespace Payouts.Devnet.Transactions;

/// <summary>The footprint of one transaction with its keys encoded, in declared order.</summary>
public sealed class FrameFootprint(LedgerFootprint? footprint)
{
    public IReadOnlyList<(EntryKey Key, LedgerKey Xdr)> ReadOnly { get; } = [.. (footprint?.ReadOnly ?? []).Select(key => (EntryKey.Of(key), key))];

    public IReadOnlyList<(EntryKey Key, LedgerKey Xdr)> ReadWrite { get; } = [.. (footprint?.ReadWrite ?? []).Select(key => (EntryKey.Of(key), key))];

    public IEnumerable<(EntryKey Key, LedgerKey Xdr)> All => ReadOnly.Concat(ReadWrite);
}
