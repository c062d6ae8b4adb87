using System.Globalization;
using System.Text.Json;
using Payouts.Devnet.History;
using Payouts.Devnet.Ledger;
using Payouts.Stellar;
using Payouts.Stellar.Xdr;

namespace Payouts.Devnet.Rpc.Methods;

/// <summary>getEvents.</summary>
internal sealed class EventsMethod(Chain chain)
{
    private const int FiltersMax = 5;
    private const int LimitMax = 10_000;
    private const int LimitDefault = 100;
    private const uint LedgersPerCall = 10_000;

    public void GetEvents(RpcParams parameters, Utf8JsonWriter json)
    {
        parameters.RequireBase64Format();
        var request = EventsRequest.Of(parameters);
        var (look, ledgers) = chain.Read(c =>
        {
            var node = new NodeLook(c, NodeView.LagLedgers);
            RangeRule.Check(request.FirstLedger, node, allowNext: request.Cursor is not null);
            return (node, node.Ledgers(request.FirstLedger, LedgersPerCall).TakeWhile(ledger => request.EndLedger is not { } end || ledger.Sequence < end).ToList());
        });

        // Decoding happens outside of the lock: closed ledgers never change.
        var page = ledgers.SelectMany(ledger => ledger.Events()).Where(request.Matches).Take(request.Limit).ToList();
        json.WriteStartObject();
        json.WriteStartArray("events");
        foreach (var one in page)
        {
            Write(json, one);
        }

        json.WriteEndArray();
        json.WriteNumber("latestLedger", look.Latest.Sequence);
        json.WriteDecimal("latestLedgerCloseTime", look.Latest.CloseTime);
        json.WriteNumber("oldestLedger", look.Oldest.Sequence);
        json.WriteDecimal("oldestLedgerCloseTime", look.Oldest.CloseTime);
        json.WriteString("cursor", page.Count == request.Limit ? page[^1].Id : Behind(ledgers, request));
        json.WriteEndObject();
    }

    /// <summary>Nothing more up to the last ledger scanned: the next call goes on behind it.</summary>
    private static string Behind(List<LedgerRecord> ledgers, EventsRequest request) => ledgers.Count > 0
        ? LedgerEvent.EndOf(ledgers[^1].Sequence)
        : request.Cursor ?? LedgerEvent.EndOf(request.FirstLedger - 1);

    private static void Write(Utf8JsonWriter json, LedgerEvent one)
    {
        var body = ((ContractEventBody.V0)one.Event.Body).Value;
        json.WriteStartObject();
        json.WriteString("type", one.Event.Type == ContractEventType.SYSTEM ? "system" : "contract");
        json.WriteNumber("ledger", one.Transaction.Ledger);
        json.WriteString("ledgerClosedAt", DateTimeOffset.FromUnixTimeSeconds((long)one.Transaction.CloseTime).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
        json.WriteString("contractId", one.Event.ContractID is { } id ? ContractId.FromXdr(id).ToString() : "");
        json.WriteString("id", one.Id);
        json.WriteNumber("operationIndex", one.OperationIndex);
        json.WriteNumber("transactionIndex", one.TransactionIndex);
        json.WriteString("txHash", one.Transaction.Hash.ToString());
        json.WriteBoolean("inSuccessfulContractCall", one.Transaction.Succeeded);
        json.WriteXdrList("topic", body.Topics);
        json.WriteXdr("value", body.Data);
        json.WriteEndObject();
    }

    private sealed record EventsRequest(uint FirstLedger, uint? EndLedger, string? Cursor, IReadOnlyList<EventFilter> Filters, int Limit)
    {
        public static EventsRequest Of(RpcParams parameters)
        {
            var pagination = parameters.Object("pagination");
            var limit = (int)Math.Min(pagination.Number("limit") ?? LimitDefault, int.MaxValue);
            if (limit is < 1 or > LimitMax)
            {
                throw RpcException.Params($"limit must not exceed {LimitMax}");
            }

            var filters = parameters.Objects("filters");
            if (filters.Count > FiltersMax)
            {
                throw RpcException.Params("maximum 5 filters per request");
            }

            var cursor = pagination.Text("cursor");
            if (string.IsNullOrEmpty(cursor))
            {
                var start = parameters.Ledger("startLedger") ?? 0;
                return new EventsRequest(start > 0 ? start : throw RpcException.Params("startLedger must be positive"), parameters.Ledger("endLedger"), null, Read(filters), limit);
            }

            if (parameters.Has("startLedger") || parameters.Has("endLedger"))
            {
                throw RpcException.Params("ledger ranges and cursor cannot both be set");
            }

            var valid = cursor.Length == 30 && cursor[19] == '-' && long.TryParse(cursor.AsSpan(0, 19), NumberStyles.None, CultureInfo.InvariantCulture, out _);
            return valid
                ? new EventsRequest((uint)(long.Parse(cursor.AsSpan(0, 19), CultureInfo.InvariantCulture) >> 32), null, cursor, Read(filters), limit)
                : throw RpcException.Params($"invalid event id {cursor}");
        }

        /// <summary>Ids are zero-padded, so their text order is their order.</summary>
        public bool Matches(LedgerEvent one) =>
            (Cursor is null || string.CompareOrdinal(one.Id, Cursor) > 0) && (Filters.Count == 0 || Filters.Any(filter => filter.Matches(one.Event)));

        private static IReadOnlyList<EventFilter> Read(IReadOnlyList<RpcParams> filters) => [.. filters.Select(EventFilter.Of)];
    }
}
