using System.Globalization;
using System.Numerics;

namespace Payouts.Signers.GoogleKms;

/// <summary>CRC-32C (Castagnoli), as Google's answers carry it: a decimal number in a text.</summary>
internal static class Crc32C
{
    public static string Of(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var one in bytes)
            crc = BitOperations.Crc32C(crc, one);
        return (~crc).ToString(CultureInfo.InvariantCulture);
    }
}
