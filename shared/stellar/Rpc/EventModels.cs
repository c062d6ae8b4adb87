using Payouts.Stellar.Xdr;

namespace Payouts.Stellar.Rpc;

/// <summary>One pattern of topics: each place is a value, <c>*</c> for any one, or last <c>**</c> for any number.</summary>
public sealed record TopicPattern(IReadOnlyList<string> Segments)
{
    public const string AnyOne = "*";
    public const string AnyNumber = "**";

    /// <summary>A pattern of values, null standing for any one value.</summary>
    public static TopicPattern Of(params IEnumerable<SCVal?> values) =>
        new([.. values.Select(v => v is null ? AnyOne : XdrCodec.ToBase64(v))]);
}

/// <summary>A filter of getEvents: contract events of any of the contracts whose topics match any of the patterns.</summary>
public sealed record EventFilter(IReadOnlyList<ContractId> Contracts, IReadOnlyList<TopicPattern> Topics);

/// <summary>getEvents.</summary>
/// <param name="Start">Where to begin.</param>
/// <param name="Filters">At most five.</param>
/// <param name="EndLedger">The first ledger that is left out; only with a start ledger.</param>
/// <param name="Limit">Events in one page, 1 to 10,000.</param>
public sealed record EventsRequest(ScanStart Start, IReadOnlyList<EventFilter> Filters, uint? EndLedger = null, int Limit = 100);

/// <summary>One event.</summary>
/// <param name="Type">DIAGNOSTIC for whatever a call that did not succeed emitted: it was rolled back and proves nothing.</param>
public sealed record EventRecord(
    string Id,
    ContractEventType Type,
    ContractId? Contract,
    uint Ledger,
    DateTimeOffset LedgerClosedAt,
    TransactionHash TransactionHash,
    int OperationIndex,
    int TransactionIndex,
    IReadOnlyList<EncodedXdr<SCVal>> Topics,
    EncodedXdr<SCVal> Value)
{
    /// <summary>The event as the ledger's own XDR, for <see cref="PayoutEvents"/>.</summary>
    /// <exception cref="XdrException">A topic or the value is of a kind that this version does not know.</exception>
    public ContractEvent ToContractEvent() => new(
        new ExtensionPoint.V0(),
        Contract?.ToXdr(),
        Type,
        new ContractEventBody.V0(new ContractEventV0(Topics.Select(t => t.Decode()).ToXdrArray(), Value.Decode())));
}

/// <summary>One page of events in ledger order.</summary>
public sealed record EventsPage(IReadOnlyList<EventRecord> Events, string Cursor, uint LatestLedger, uint? OldestLedger);
