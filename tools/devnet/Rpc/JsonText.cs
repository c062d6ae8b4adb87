using System.Globalization;
using System.Text.Json;
using Payouts.Stellar.Xdr;

namespace Payouts.Devnet.Rpc;

/// <summary>How the real server spells values: 64-bit numbers as decimal strings, XDR as base64.</summary>
internal static class JsonText
{
    public static void WriteDecimal(this Utf8JsonWriter json, string name, long value) => json.WriteString(name, value.ToString(CultureInfo.InvariantCulture));

    public static void WriteDecimal(this Utf8JsonWriter json, string name, ulong value) => json.WriteString(name, value.ToString(CultureInfo.InvariantCulture));

    public static void WriteXdr(this Utf8JsonWriter json, string name, IXdrValue value) => json.WriteBase64String(name, XdrCodec.ToBytes(value));

    /// <summary>Absent when empty, as Go's omitempty leaves it.</summary>
    public static void WriteXdrListIfAny(this Utf8JsonWriter json, string name, IReadOnlyCollection<IXdrValue> values)
    {
        if (values.Count > 0)
        {
            json.WriteXdrList(name, values);
        }
    }

    public static void WriteXdrList(this Utf8JsonWriter json, string name, IEnumerable<IXdrValue> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
        {
            json.WriteBase64StringValue(XdrCodec.ToBytes(value));
        }

        json.WriteEndArray();
    }
}
