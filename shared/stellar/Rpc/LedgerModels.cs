using Payouts.Stellar.Xdr;

namespace Payouts.Stellar.Rpc;

/// <summary>getHealth of a healthy server; an unhealthy one answers with an error.</summary>
public sealed record Health(
    uint LatestLedger, DateTimeOffset? LatestLedgerCloseTime, uint OldestLedger, DateTimeOffset? OldestLedgerCloseTime, uint LedgerRetentionWindow);

/// <summary>getNetwork.</summary>
public sealed record NetworkInfo(string Passphrase, int ProtocolVersion, string? FriendbotUrl);

/// <summary>getLatestLedger; close time, header and metadata since server version 25.</summary>
public sealed record LatestLedger(
    string Id,
    int ProtocolVersion,
    uint Sequence,
    DateTimeOffset? CloseTime,
    EncodedXdr<LedgerHeader>? Header,
    EncodedXdr<LedgerCloseMeta>? Metadata);

/// <summary>getVersionInfo.</summary>
public sealed record VersionInfo(string Version, string CommitHash, string BuildTimestamp, string CaptiveCoreVersion, int ProtocolVersion);

/// <summary>Inclusion fees that were paid lately, in stroops for each operation.</summary>
public sealed record FeeDistribution(
    long Max, long Min, long Mode, long P10, long P20, long P30, long P40, long P50, long P60, long P70, long P80, long P90, long P95, long P99,
    long TransactionCount, uint LedgerCount);

/// <summary>getFeeStats.</summary>
public sealed record FeeStats(FeeDistribution SorobanInclusionFee, FeeDistribution InclusionFee, uint LatestLedger);

/// <summary>One entry of the ledger.</summary>
/// <param name="LiveUntilLedger">For contract data and code; null for the rest.</param>
public sealed record LedgerEntryRecord(LedgerKey Key, LedgerEntryData Data, uint LastModifiedLedger, uint? LiveUntilLedger);

/// <summary>getLedgerEntries: a consistent snapshot at <paramref name="LatestLedger"/>. Entries that do not exist are absent.</summary>
public sealed record LedgerEntries(IReadOnlyList<LedgerEntryRecord> Entries, uint LatestLedger);

/// <summary>An account as of one ledger.</summary>
/// <param name="Account">Null: the account does not exist at that ledger.</param>
public sealed record AccountSnapshot(AccountEntry? Account, uint LatestLedger)
{
    /// <summary>The sequence number that was consumed last; null: no account.</summary>
    public long? SequenceNumber => Account?.SeqNum;

    /// <summary>Native balance in stroops, reserves included; null: no account.</summary>
    public long? Balance => Account?.Balance;
}

/// <summary>The ledgers that a server holds.</summary>
public sealed record LedgerWindow(uint LatestLedger, DateTimeOffset LatestCloseTime, uint OldestLedger, DateTimeOffset OldestCloseTime);
