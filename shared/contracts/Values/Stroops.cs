using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Payouts.Contracts;

/// <summary>
/// An amount of an asset in its smallest unit: 1 unit = 10,000,000 stroops. On the wire it is decimal text with at most
/// 7 decimals ("12.5000000"), never a JSON number: a double cannot hold it.
/// </summary>
/// <param name="Value">Whole stroops; may be negative in differences, never in a payout.</param>
[JsonConverter(typeof(StroopsJsonConverter))]
public readonly record struct Stroops(Int128 Value) : IComparable<Stroops>
{
    /// <summary>Decimals of one unit, fixed by the Stellar protocol.</summary>
    public const int Decimals = 7;

    /// <summary>Stroops in one unit of an asset.</summary>
    public const long PerUnit = 10_000_000;

    /// <summary>No money.</summary>
    public static Stroops Zero => default;

    /// <summary>True above zero.</summary>
    public bool IsPositive => Value > 0;

    /// <summary>Reads decimal text such as "12.5".</summary>
    /// <exception cref="FormatException">Not a plain decimal number, more than 7 decimals, or beyond 128 bits; the message says which.</exception>
    public static Stroops Parse(string text) =>
        TryParse(text, out var amount, out var problem) ? amount : throw new FormatException(problem);

    /// <summary>Reads decimal text; on refusal <paramref name="problem"/> names what was wrong and what would be right.</summary>
    public static bool TryParse(string? text, out Stroops amount, out string? problem)
    {
        amount = default;
        if (string.IsNullOrEmpty(text))
        {
            problem = "the amount is empty; write decimal text such as \"12.5\"";
            return false;
        }

        var digits = text.AsSpan();
        var negative = digits[0] == '-';
        if (negative)
            digits = digits[1..];
        var point = digits.IndexOf('.');
        var whole = point < 0 ? digits : digits[..point];
        var fraction = point < 0 ? [] : digits[(point + 1)..];
        if (whole.IsEmpty || (point >= 0 && fraction.IsEmpty) || !IsDigits(whole) || !IsDigits(fraction))
        {
            problem = $"\"{Shorten(text)}\" is not a decimal amount; write digits with an optional point, such as \"12.5\"";
            return false;
        }

        if (fraction.Length > Decimals)
        {
            problem = $"\"{Shorten(text)}\" has {fraction.Length} decimals; an amount has at most {Decimals}";
            return false;
        }

        // 31 whole digits + 7 decimals stay below 2^127, so the parse below cannot overflow.
        if (whole.TrimStart('0').Length > 31)
        {
            problem = $"\"{Shorten(text)}\" is larger than any amount the ledger can hold";
            return false;
        }

        var value = Int128.Parse(whole, NumberStyles.None, CultureInfo.InvariantCulture) * PerUnit;
        if (!fraction.IsEmpty)
        {
            var scaled = long.Parse(fraction, NumberStyles.None, CultureInfo.InvariantCulture);
            for (var i = fraction.Length; i < Decimals; i++)
                scaled *= 10;
            value += scaled;
        }

        amount = new Stroops(negative ? -value : value);
        problem = null;
        return true;
    }

    /// <summary>Sum; throws <see cref="OverflowException"/> instead of wrapping.</summary>
    public static Stroops operator +(Stroops left, Stroops right) => new(checked(left.Value + right.Value));

    /// <summary>Difference; throws <see cref="OverflowException"/> instead of wrapping.</summary>
    public static Stroops operator -(Stroops left, Stroops right) => new(checked(left.Value - right.Value));

    /// <summary>Order by value.</summary>
    public static bool operator <(Stroops left, Stroops right) => left.Value < right.Value;

    /// <summary>Order by value.</summary>
    public static bool operator >(Stroops left, Stroops right) => left.Value > right.Value;

    /// <summary>Order by value.</summary>
    public static bool operator <=(Stroops left, Stroops right) => left.Value <= right.Value;

    /// <summary>Order by value.</summary>
    public static bool operator >=(Stroops left, Stroops right) => left.Value >= right.Value;

    /// <inheritdoc />
    public int CompareTo(Stroops other) => Value.CompareTo(other.Value);

    /// <summary>Decimal text with exactly 7 decimals, culture-invariant.</summary>
    public override string ToString()
    {
        // UInt128 holds |Int128.MinValue|, which Int128 does not.
        var magnitude = Value < 0 ? (UInt128)(-(Value + 1)) + 1 : (UInt128)Value;
        var (whole, fraction) = UInt128.DivRem(magnitude, PerUnit);
        return string.Create(CultureInfo.InvariantCulture, $"{(Value < 0 ? "-" : "")}{whole}.{(long)fraction:D7}");
    }

    private static bool IsDigits(ReadOnlySpan<char> text) => text.IndexOfAnyExceptInRange('0', '9') < 0;

    private static string Shorten(string text) => text.Length <= 60 ? text : string.Concat(text.AsSpan(0, 60), "...");
}

internal sealed class StroopsJsonConverter : JsonConverter<Stroops>
{
    public override Stroops Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.String)
            throw new JsonException($"an amount is decimal text in quotes, found a JSON {reader.TokenType}");
        return Stroops.TryParse(reader.GetString(), out var amount, out var problem) ? amount : throw new JsonException(problem);
    }

    public override void Write(Utf8JsonWriter writer, Stroops value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}
