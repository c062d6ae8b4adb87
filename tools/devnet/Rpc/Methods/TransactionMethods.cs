using System.Globalization;
using System.Text.Json;
using Payouts.Devnet.History;
using Payouts.Devnet.Ledger;
using Payouts.Stellar;
using Payouts.Stellar.Xdr;

namespace Payouts.Devnet.Rpc.Methods;

/// <summary>getTransaction and getTransactions.</summary>
internal sealed class TransactionMethods(Chain chain)
{
    private const int HashLength = 64;
    private const int LimitMax = 200;
    private const int LimitDefault = 50;

    public void GetTransaction(RpcParams parameters, Utf8JsonWriter json)
    {
        parameters.RequireBase64Format();
        var text = parameters.Text("hash") ?? "";
        if (text.Length != HashLength)
        {
            throw RpcException.Params($"unexpected hash length ({text.Length})");
        }

        if (!TransactionHash.TryParse(text.ToLowerInvariant(), out var hash))
        {
            throw RpcException.Params("incorrect hash: encoding/hex: invalid byte");
        }

        var (record, latest, oldest) = chain.Read(c =>
        {
            var look = new NodeLook(c, NodeView.LagLedgers);
            return (look.Find(hash), look.Latest, look.Oldest);
        });
        json.WriteStartObject();
        json.WriteString("status", Status(record));
        json.WriteNumber("latestLedger", latest.Sequence);
        json.WriteDecimal("latestLedgerCloseTime", latest.CloseTime);
        json.WriteNumber("oldestLedger", oldest.Sequence);
        json.WriteDecimal("oldestLedgerCloseTime", oldest.CloseTime);
        json.WriteString("txHash", text);

        // What is not found still carries Go's zero values, exactly like this.
        json.WriteNumber("applicationOrder", record?.ApplicationOrder ?? 0);
        json.WriteBoolean("feeBump", record?.IsFeeBump ?? false);
        WriteDetails(json, record);
        json.WriteNumber("ledger", record?.Ledger ?? 0);
        json.WriteDecimal("createdAt", record?.CloseTime ?? 0UL);
        json.WriteEndObject();
    }

    public void GetTransactions(RpcParams parameters, Utf8JsonWriter json)
    {
        parameters.RequireBase64Format();
        var pagination = parameters.Object("pagination");
        var limit = (int)Math.Min(pagination.Number("limit") ?? LimitDefault, int.MaxValue);
        if (limit is < 1 or > LimitMax)
        {
            throw RpcException.Range($"limit must not exceed {LimitMax}");
        }

        var cursor = Cursor(pagination.Text("cursor"));
        if (cursor is not null && parameters.Has("startLedger"))
        {
            throw RpcException.Range("startLedger and cursor cannot both be set");
        }

        var (page, latest, oldest) = chain.Read(c =>
        {
            var look = new NodeLook(c, NodeView.LagLedgers);
            return (Page(look, parameters.Ledger("startLedger") ?? 0, cursor, limit), look.Latest, look.Oldest);
        });
        json.WriteStartObject();
        json.WriteStartArray("transactions");
        foreach (var record in page)
        {
            Write(json, record);
        }

        json.WriteEndArray();
        json.WriteNumber("latestLedger", latest.Sequence);
        json.WriteNumber("latestLedgerCloseTimestamp", latest.CloseTime);
        json.WriteNumber("oldestLedger", oldest.Sequence);
        json.WriteNumber("oldestLedgerCloseTimestamp", oldest.CloseTime);

        // A page that is not full has seen everything up to the head: the next one starts behind it.
        var last = page.Count == limit ? Toid(page[^1]) : Math.Max(cursor ?? 0, LedgerEvent.ToidOf(latest.Sequence + 1, 0, 0) - 1);
        json.WriteString("cursor", last.ToString(CultureInfo.InvariantCulture));
        json.WriteEndObject();
    }

    private static List<TransactionRecord> Page(NodeLook look, uint startLedger, long? cursor, int limit)
    {
        var first = cursor is { } toid ? (uint)(toid >> 32) : startLedger;
        if (cursor is null)
        {
            RangeRule.Check(first, look, allowNext: false);
        }
        else if (first < look.Oldest.Sequence)
        {
            throw RpcException.Range($"startLedger must be within the ledger range: {look.Oldest.Sequence} - {look.Latest.Sequence}");
        }

        return [.. look.Ledgers(first, uint.MaxValue).SelectMany(ledger => ledger.Transactions).Where(record => cursor is null || Toid(record) > cursor).Take(limit)];
    }

    private static void Write(Utf8JsonWriter json, TransactionRecord record)
    {
        json.WriteStartObject();
        json.WriteString("status", Status(record));
        json.WriteString("txHash", record.Hash.ToString());
        json.WriteNumber("applicationOrder", record.ApplicationOrder);
        json.WriteBoolean("feeBump", record.IsFeeBump);
        WriteDetails(json, record);
        json.WriteNumber("ledger", record.Ledger);
        json.WriteNumber("createdAt", record.CloseTime);
        json.WriteEndObject();
    }

    private static void WriteDetails(Utf8JsonWriter json, TransactionRecord? record)
    {
        if (record is null)
        {
            json.WriteStartObject("events");
            json.WriteEndObject();
            return;
        }

        json.WriteBase64String("envelopeXdr", record.EnvelopeXdr);
        json.WriteBase64String("resultXdr", record.ResultXdr);
        json.WriteBase64String("resultMetaXdr", record.MetaXdr);
        var meta = record.Meta();
        json.WriteXdrListIfAny("diagnosticEventsXdr", meta.DiagnosticEvents);
        json.WriteStartObject("events");
        json.WriteXdrListIfAny("transactionEventsXdr", meta.Events);
        WriteContractEvents(json, meta);
        json.WriteEndObject();
    }

    private static void WriteContractEvents(Utf8JsonWriter json, TransactionMetaV4 meta)
    {
        if (meta.Operations.Count == 0)
        {
            return;
        }

        json.WriteStartArray("contractEventsXdr");
        foreach (var operation in meta.Operations)
        {
            json.WriteStartArray();
            foreach (var one in operation.Events)
            {
                json.WriteBase64StringValue(XdrCodec.ToBytes(one));
            }

            json.WriteEndArray();
        }

        json.WriteEndArray();
    }

    private static long? Cursor(string? text) => text is null or ""
        ? null
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var cursor) ? cursor : throw RpcException.Params("invalid cursor: a decimal TOID is needed");

    private static long Toid(TransactionRecord record) => LedgerEvent.ToidOf(record.Ledger, record.ApplicationOrder, 1);

    private static string Status(TransactionRecord? record) => record switch
    {
        null => "NOT_FOUND",
        { Succeeded: true } => "SUCCESS",
        _ => "FAILED",
    };
}
