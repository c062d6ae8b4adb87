using System.Text.Json.Serialization;

namespace Payouts.Stellar.Rpc.Wire;

// The JSON of the RPC, key by key. The server writes 64-bit numbers as strings and some of them now so, now so (createdAt): every number is
// read in both forms. Keys that Go's omitempty can leave out are nullable.

internal sealed record HealthWire(
    string? Status, uint? LatestLedger, long? LatestLedgerCloseTime, uint? OldestLedger, long? OldestLedgerCloseTime, uint? LedgerRetentionWindow);

internal sealed record NetworkWire(string? FriendbotUrl, string? Passphrase, int? ProtocolVersion);

internal sealed record LatestLedgerWire(string? Id, int? ProtocolVersion, uint? Sequence, long? CloseTime, string? HeaderXdr, string? MetadataXdr);

internal sealed record VersionInfoWire(string? Version, string? CommitHash, string? BuildTimestamp, string? CaptiveCoreVersion, int? ProtocolVersion);

internal sealed record FeeDistributionWire(
    long? Max, long? Min, long? Mode, long? P10, long? P20, long? P30, long? P40, long? P50, long? P60, long? P70, long? P80, long? P90, long? P95,
    long? P99, long? TransactionCount, uint? LedgerCount);

internal sealed record FeeStatsWire(FeeDistributionWire? SorobanInclusionFee, FeeDistributionWire? InclusionFee, uint? LatestLedger);

internal sealed record LedgerEntriesWire(LedgerEntryWire[]? Entries, uint? LatestLedger);

internal sealed record LedgerEntryWire(string? Key, string? Xdr, uint? LastModifiedLedgerSeq, uint? LiveUntilLedgerSeq);

internal sealed record SimulationWire(
    string? Error, string? TransactionData, long? MinResourceFee, string[]? Events, SimulationCallWire[]? Results, RestoreWire? RestorePreamble,
    uint? LatestLedger);

internal sealed record SimulationCallWire(string[]? Auth, string? Xdr);

internal sealed record RestoreWire(long? MinResourceFee, string? TransactionData);

internal sealed record SendWire(string? Status, string? Hash, uint? LatestLedger, string? ErrorResultXdr, string[]? DiagnosticEventsXdr);

internal sealed record TransactionEventsWire(string[]? TransactionEventsXdr, string[][]? ContractEventsXdr);

internal sealed record TransactionWire(
    string? Status, string? TxHash, uint? Ledger, int? ApplicationOrder, bool? FeeBump, long? CreatedAt, string? EnvelopeXdr, string? ResultXdr,
    string? ResultMetaXdr, string[]? DiagnosticEventsXdr, TransactionEventsWire? Events, uint? LatestLedger, long? LatestLedgerCloseTime,
    uint? OldestLedger, long? OldestLedgerCloseTime);

internal sealed record TransactionsWire(
    TransactionWire[]? Transactions, string? Cursor, uint? LatestLedger, long? LatestLedgerCloseTimestamp, uint? OldestLedger,
    long? OldestLedgerCloseTimestamp);

internal sealed record EventsWire(EventWire[]? Events, string? Cursor, uint? LatestLedger, uint? OldestLedger);

internal sealed record EventWire(
    string? Type, uint? Ledger, DateTimeOffset? LedgerClosedAt, string? ContractId, string? Id, int? OperationIndex, int? TransactionIndex,
    string? TxHash, bool? InSuccessfulContractCall, string[]? Topic, string? Value);

internal sealed record KeysParams(IReadOnlyList<string> Keys);

internal sealed record TransactionParams(string Transaction);

internal sealed record SimulateParams(string Transaction, string? AuthMode, ResourceConfigParams? ResourceConfig, bool? UseUpgradedAuth);

internal sealed record ResourceConfigParams(uint InstructionLeeway);

internal sealed record HashParams(string Hash);

internal sealed record PaginationParams(string? Cursor, int Limit);

internal sealed record TransactionsParams(uint? StartLedger, PaginationParams Pagination);

internal sealed record EventsParams(uint? StartLedger, uint? EndLedger, IReadOnlyList<EventFilterParams> Filters, PaginationParams Pagination);

internal sealed record EventFilterParams(string Type, IReadOnlyList<string> ContractIds, IReadOnlyList<IReadOnlyList<string>>? Topics);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    NumberHandling = JsonNumberHandling.AllowReadingFromString,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(HealthWire))]
[JsonSerializable(typeof(NetworkWire))]
[JsonSerializable(typeof(LatestLedgerWire))]
[JsonSerializable(typeof(VersionInfoWire))]
[JsonSerializable(typeof(FeeStatsWire))]
[JsonSerializable(typeof(LedgerEntriesWire))]
[JsonSerializable(typeof(SimulationWire))]
[JsonSerializable(typeof(SendWire))]
[JsonSerializable(typeof(TransactionWire))]
[JsonSerializable(typeof(TransactionsWire))]
[JsonSerializable(typeof(EventsWire))]
[JsonSerializable(typeof(KeysParams))]
[JsonSerializable(typeof(TransactionParams))]
[JsonSerializable(typeof(SimulateParams))]
[JsonSerializable(typeof(HashParams))]
[JsonSerializable(typeof(TransactionsParams))]
[JsonSerializable(typeof(EventsParams))]
internal sealed partial class WireJson : JsonSerializerContext;
