using System.Globalization;
using System.Text.Json;
using Payouts.Devnet.History;
using Payouts.Devnet.Ledger;

namespace Payouts.Devnet.Rpc.Methods;

/// <summary>getLedgers.</summary>
internal sealed class LedgersMethod(Chain chain)
{
    private const int LimitMax = 200;
    private const int LimitDefault = 50;

    public void GetLedgers(RpcParams parameters, Utf8JsonWriter json)
    {
        parameters.RequireBase64Format();
        var pagination = parameters.Object("pagination");
        var limit = pagination.Number("limit") ?? LimitDefault;
        if (limit is < 1 or > LimitMax)
        {
            throw RpcException.Params($"limit must not exceed {LimitMax}");
        }

        var cursor = pagination.Text("cursor");
        var start = cursor is null or ""
            ? parameters.Ledger("startLedger") ?? 0
            : uint.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out var after) ? after + 1 : throw RpcException.Params("invalid cursor");
        var (page, latest, oldest) = chain.Read(c =>
        {
            var look = new NodeLook(c, NodeView.LagLedgers);
            RangeRule.Check(start, look, allowNext: cursor is not (null or ""));
            return (look.Ledgers(start, (uint)limit).ToList(), look.Latest, look.Oldest);
        });
        json.WriteStartObject();
        json.WriteStartArray("ledgers");
        foreach (var ledger in page)
        {
            json.WriteStartObject();
            json.WriteString("hash", ledger.HashHex);
            json.WriteNumber("sequence", ledger.Sequence);
            json.WriteDecimal("ledgerCloseTime", ledger.CloseTime);
            json.WriteXdr("headerXdr", ledger.Header);
            json.WriteBase64String("metadataXdr", LedgerXdr.CloseMeta(ledger));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteNumber("latestLedger", latest.Sequence);
        json.WriteNumber("latestLedgerCloseTime", latest.CloseTime);
        json.WriteNumber("oldestLedger", oldest.Sequence);
        json.WriteNumber("oldestLedgerCloseTime", oldest.CloseTime);
        json.WriteString("cursor", (page.Count > 0 ? page[^1].Sequence : start - 1).ToString(CultureInfo.InvariantCulture));
        json.WriteEndObject();
    }
}
