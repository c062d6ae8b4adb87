using Payouts.Stellar.Xdr;

namespace Payouts.Stellar;

/// <summary>
/// What a RestoreFootprint transaction may declare. The declaration comes from a server that is not trusted, and a channel's own key signs it: nothing
/// passes but a footprint of persistent contract entries, written and not read, within the limits that the network sets for one transaction.
/// </summary>
public static class RestorableFootprint
{
    /// <summary>Entries that one transaction writes (mainnet, July 2026).</summary>
    public const int EntriesMax = 200;

    /// <summary>Bytes that one transaction reads from disk (mainnet, July 2026).</summary>
    public const uint DiskReadBytesMax = 200_000;

    /// <summary>Bytes that one transaction writes (mainnet, July 2026).</summary>
    public const uint WriteBytesMax = 132_096;

    /// <summary>Bytes of one ledger key (mainnet, July 2026).</summary>
    public const int KeyBytesMax = 250;

    /// <summary>Why it is no declaration of a RestoreFootprint transaction; null: it is one. What it costs is for the caller to bound.</summary>
    public static string? Problem(SorobanTransactionData data)
    {
        var resources = data.Resources;
        var keys = resources.Footprint.ReadWrite;
        return data switch
        {
            // Indexes of entries to restore on the way belong to a call.
            { Ext: not SorobanTransactionDataExt.V0 } => "it names entries to restore on the way, which only a call has",
            { ResourceFee: < 0 } => $"its resource fee is {data.ResourceFee} stroops",
            // Restoring runs no code: simulations declare none.
            { Resources.Instructions: > 0 } => $"it declares {resources.Instructions} instructions; restoring runs none",
            { Resources.DiskReadBytes: > DiskReadBytesMax } => $"it reads {resources.DiskReadBytes} bytes; at most {DiskReadBytesMax} are right",
            { Resources.WriteBytes: > WriteBytesMax } => $"it writes {resources.WriteBytes} bytes; at most {WriteBytesMax} are right",
            _ when resources.Footprint.ReadOnly.Count > 0 => $"its footprint only reads {resources.Footprint.ReadOnly.Count} entries; none is right",
            _ when keys.Count is 0 or > EntriesMax => $"its footprint writes {keys.Count} entries; 1 to {EntriesMax} are right",
            _ when keys.Select(KeyProblem).FirstOrDefault(problem => problem is not null) is { } problem => problem,
            _ when keys.Distinct().Count() != keys.Count => "an entry stands twice in its footprint",
            _ => null,
        };
    }

    private static string? KeyProblem(LedgerKey key) => key switch
    {
        LedgerKey.ContractData { Value.Durability: not ContractDataDurability.PERSISTENT } => "its footprint holds a temporary entry, which cannot be restored",
        LedgerKey.ContractData or LedgerKey.ContractCode => XdrCodec.ToBytes(key).Length is > KeyBytesMax and var length
            ? $"its footprint holds a key of {length} bytes; at most {KeyBytesMax} are right" : null,
        _ => $"its footprint holds an entry of kind {key.Discriminant}; only contract data and contract code can be restored",
    };
}
