using Payouts.Stellar.Rpc.Wire;
using Payouts.Stellar.Xdr;

namespace Payouts.Stellar.Rpc;

/// <summary>Turns the JSON of an answer into the types of this library; a promised key that is missing is an invalid answer, named.</summary>
internal readonly struct WireReading(string method, string endpoint)
{
    public T Required<T>(T? value, string key)
        where T : struct => value ?? throw Missing(key);

    public T Required<T>(T? value, string key)
        where T : class => value ?? throw Missing(key);

    public DateTimeOffset Time(long? seconds, string key) => OptionalTime(seconds) ?? throw Missing(key);

    public static DateTimeOffset? OptionalTime(long? seconds) =>
        seconds is { } s and >= -62_135_596_800 and <= 253_402_300_799 ? DateTimeOffset.FromUnixTimeSeconds(s) : null;

    public T Decode<T>(string? base64, string key)
        where T : class, IXdr<T>
    {
        try
        {
            return XdrCodec.FromBase64<T>(Required(base64, key));
        }
        catch (XdrException exception)
        {
            throw Invalid($"'{key}' cannot be read: {exception.Message}", exception);
        }
    }

    public TransactionHash Hash(string? text, string key) =>
        TransactionHash.TryParse(text, out var hash) ? hash : throw Invalid($"'{key}' is not a transaction hash");

    public static IReadOnlyList<EncodedXdr<T>> List<T>(string[]? base64)
        where T : class, IXdr<T> => base64 is null ? [] : [.. base64.Select(b => new EncodedXdr<T>(b))];

    public LedgerWindow Window(uint? latest, long? latestTime, uint? oldest, long? oldestTime) => new(
        Required(latest, "latestLedger"),
        Time(latestTime, "latestLedgerCloseTime"),
        Required(oldest, "oldestLedger"),
        Time(oldestTime, "oldestLedgerCloseTime"));

    public FeeDistribution Fees(FeeDistributionWire? fees, string key)
    {
        var f = Required(fees, key);
        return new FeeDistribution(
            Required(f.Max, "max"), Required(f.Min, "min"), Required(f.Mode, "mode"), Required(f.P10, "p10"), Required(f.P20, "p20"),
            Required(f.P30, "p30"), Required(f.P40, "p40"), Required(f.P50, "p50"), Required(f.P60, "p60"), Required(f.P70, "p70"),
            Required(f.P80, "p80"), Required(f.P90, "p90"), Required(f.P95, "p95"), Required(f.P99, "p99"),
            Required(f.TransactionCount, "transactionCount"), Required(f.LedgerCount, "ledgerCount"));
    }

    public SimulationResult Simulation(SimulationWire wire)
    {
        var events = List<DiagnosticEvent>(wire.Events);
        var ledger = wire.LatestLedger ?? 0;
        if (wire.Error is { Length: > 0 } error)
        {
            return new SimulationResult.Failed(error, events, ledger);
        }

        var reading = this;
        var call = wire.Results is { Length: > 0 } results ? results[0] : null;
        return new SimulationResult.Success(
            Decode<SorobanTransactionData>(wire.TransactionData, "transactionData"),
            Fee(wire.MinResourceFee, "minResourceFee"),
            call?.Xdr is { } xdr ? Decode<SCVal>(xdr, "results[0].xdr") : null,
            (call?.Auth ?? []).Select(a => reading.Decode<SorobanAuthorizationEntry>(a, "results[0].auth")).ToXdrArray(),
            wire.RestorePreamble is { } restore
                ? new RestorePreamble(
                    Fee(restore.MinResourceFee, "restorePreamble.minResourceFee"),
                    Decode<SorobanTransactionData>(restore.TransactionData, "restorePreamble.transactionData"))
                : null,
            events,
            ledger);
    }

    public TransactionRecord Transaction(TransactionWire wire) => new(
        Hash(wire.TxHash, "txHash"),
        wire.Status switch
        {
            "SUCCESS" => TransactionStatus.SUCCESS,
            "FAILED" => TransactionStatus.FAILED,
            _ => throw Invalid($"the status '{wire.Status}' is unknown; SUCCESS or FAILED is right"),
        },
        Required(wire.Ledger, "ledger"),
        wire.ApplicationOrder ?? 0,
        wire.FeeBump ?? false,
        Time(wire.CreatedAt, "createdAt"),
        new EncodedXdr<TransactionEnvelope>(Required(wire.EnvelopeXdr, "envelopeXdr")),
        new EncodedXdr<TransactionResult>(Required(wire.ResultXdr, "resultXdr")),
        new EncodedXdr<TransactionMeta>(Required(wire.ResultMetaXdr, "resultMetaXdr")),
        List<DiagnosticEvent>(wire.DiagnosticEventsXdr),
        List<TransactionEvent>(wire.Events?.TransactionEventsXdr),
        [.. (wire.Events?.ContractEventsXdr ?? []).Select(List<ContractEvent>)]);

    public EventRecord Event(EventWire wire) => new(
        Required(wire.Id, "id"),
        wire.Type switch
        {
            // Servers that no longer send the flag send events of successful calls only.
            "contract" when wire.InSuccessfulContractCall ?? true => ContractEventType.CONTRACT,
            "system" => ContractEventType.SYSTEM,
            "contract" or "diagnostic" => ContractEventType.DIAGNOSTIC,
            _ => throw Invalid($"the event type '{wire.Type}' is unknown"),
        },
        ContractId.TryParse(wire.ContractId, out var contract) ? contract : null,
        Required(wire.Ledger, "ledger"),
        Required(wire.LedgerClosedAt, "ledgerClosedAt"),
        Hash(wire.TxHash, "txHash"),
        wire.OperationIndex ?? 0,
        wire.TransactionIndex ?? 0,
        List<SCVal>(wire.Topic),
        new EncodedXdr<SCVal>(Required(wire.Value, "value")));

    public SorobanRpcException Invalid(string detail, Exception? inner = null) =>
        new(SorobanRpcErrorKind.InvalidResponse, method, endpoint, detail, inner: inner);

    private long Fee(long? stroops, string key) =>
        Required(stroops, key) is var fee and >= 0 ? fee : throw Invalid($"'{key}' is negative");

    private SorobanRpcException Missing(string key) => Invalid($"the answer has no '{key}'");
}
