using System.Collections;
using System.Globalization;
using Payouts.Stellar.Xdr;

namespace Payouts.Stellar.Tests.Judging;

/// <summary>
/// One text per value, the same that interop/schema.mjs writes for the SDK's values: it shows that both sides see the same fields, by name, and
/// not only the same bytes.
/// </summary>
internal static class XdrDump
{
    public static string Of(object? value)
    {
        switch (value)
        {
            case null:
                return "null";
            case bool flag:
                return flag ? "true" : "false";
            case Enum constant:
                return ((int)(object)constant).ToString(CultureInfo.InvariantCulture);
            case IFormattable number and (int or uint or long or ulong):
                return number.ToString(null, CultureInfo.InvariantCulture);
            case XdrBytes bytes:
                return $"0x{bytes}";
            case XdrString text:
                return $"0x{Convert.ToHexStringLower(text.Span)}";
            case IEnumerable items:
                return $"[{string.Join(',', items.Cast<object>().Select(Of))}]";
            default:
                return OfRecord(value);
        }
    }

    private static string OfRecord(object value)
    {
        var type = value.GetType();
        var members = XdrTypes.Parameters(type).Select(p => (Name: p.Name!, Value: type.GetProperty(p.Name!)!.GetValue(value))).ToList();
        if (type.IsNested)
        {
            return $"{XdrTypes.Discriminant(value)}({string.Concat(members.Select(m => Of(m.Value)))})";
        }

        return XdrTypes.IsTypedef(type)
            ? Of(members[0].Value)
            : $"{{{string.Join(';', members.Select(m => $"{m.Name.Replace("_", "", StringComparison.Ordinal).ToLowerInvariant()}:{Of(m.Value)}"))}}}";
    }
}
