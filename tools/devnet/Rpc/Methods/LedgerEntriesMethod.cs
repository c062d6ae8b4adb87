using System.Text.Json;
using Payouts.Devnet.Ledger;
using Payouts.Devnet.Soroban;
using Payouts.Stellar.Xdr;

namespace Payouts.Devnet.Rpc.Methods;

/// <summary>getLedgerEntries: one consistent look at the last closed ledger.</summary>
internal sealed class LedgerEntriesMethod(Chain chain)
{
    private const int KeysMax = 200;

    public void GetLedgerEntries(RpcParams parameters, Utf8JsonWriter json)
    {
        parameters.RequireBase64Format();
        var texts = parameters.Texts("keys");
        if (texts.Count > KeysMax)
        {
            throw RpcException.Params($"key count ({texts.Count}) exceeds maximum supported ({KeysMax})");
        }

        var keys = texts.Select((text, i) => (Text: text, Key: EntryKey.Of(Decode(text, i)))).ToList();
        var (found, latest) = chain.Read(c =>
        {
            var look = new NodeLook(c, NodeView.LagLedgers);
            return (keys.Select(key => (key.Text, Entry: look.State.Get(key.Key))).ToList(), look.Latest.Sequence);
        });
        json.WriteStartObject();
        json.WriteStartArray("entries");
        foreach (var (text, entry) in found)
        {
            // An expired temporary entry is gone; an archived persistent one is still shown, with the ledger its life ended in.
            if (entry is null || (!entry.IsLiveAt(latest) && entry.Entry.Data is LedgerEntryData.ContractData { Value.Durability: ContractDataDurability.TEMPORARY }))
            {
                continue;
            }

            json.WriteStartObject();
            json.WriteString("key", text);
            json.WriteXdr("xdr", entry.Entry.Data);
            json.WriteNumber("lastModifiedLedgerSeq", entry.Entry.LastModifiedLedgerSeq);
            if (entry.LiveUntil is { } until)
            {
                json.WriteNumber("liveUntilLedgerSeq", until);
            }

            json.WriteXdr("extXdr", entry.Entry.Ext);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteNumber("latestLedger", latest);
        json.WriteEndObject();
    }

    private static LedgerKey Decode(string text, int index)
    {
        LedgerKey key;
        try
        {
            key = XdrCodec.FromBase64<LedgerKey>(text);
        }
        catch (XdrException)
        {
            throw RpcException.Params($"cannot unmarshal key value {text} at index {index}");
        }

        return key is LedgerKey.Ttl
            ? throw RpcException.Params("ledger ttl entries cannot be queried directly")
            : key;
    }
}
