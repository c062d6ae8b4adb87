namespace Payouts.Stellar;

/// <summary>Base32 of RFC 4648 without padding characters, as strkey uses it. Unused trailing bits must be zero.</summary>
internal static class Base32
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    public static string Encode(ReadOnlySpan<byte> bytes)
    {
        var text = new char[(bytes.Length * 8 + 4) / 5];
        int bits = 0, held = 0, at = 0;
        foreach (var b in bytes)
        {
            bits = ((bits & 0x1f) << 8) | b;
            held += 8;
            while (held >= 5)
            {
                held -= 5;
                text[at++] = Alphabet[(bits >> held) & 0x1f];
            }
        }

        if (held > 0)
        {
            text[at] = Alphabet[(bits << (5 - held)) & 0x1f];
        }

        return new string(text);
    }

    /// <summary>Null with the reason when the text is not canonical base32.</summary>
    public static byte[]? TryDecode(ReadOnlySpan<char> text, out string error)
    {
        var bytes = new byte[text.Length * 5 / 8];
        int bits = 0, held = 0, at = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var digit = Digit(text[i]);
            if (digit < 0)
            {
                error = $"character {i + 1} is not one of A-Z and 2-7";
                return null;
            }

            bits = ((bits & 0xff) << 5) | digit;
            held += 5;
            if (held >= 8)
            {
                held -= 8;
                bytes[at++] = (byte)(bits >> held);
            }
        }

        if (held >= 5)
        {
            error = $"{text.Length} characters is a length that base32 cannot have";
            return null;
        }

        if ((bits & ((1 << held) - 1)) != 0)
        {
            error = "the unused bits of the last character are not zero";
            return null;
        }

        error = "";
        return bytes;
    }

    private static int Digit(char character) => character switch
    {
        >= 'A' and <= 'Z' => character - 'A',
        >= '2' and <= '7' => character - '2' + 26,
        _ => -1,
    };
}
