using System.IO.Compression;
using System.Text.RegularExpressions;

namespace Payouts.Tests.Faults.Secrets;

/// <summary>The ways in which a text may hide another: escaped, broken over lines, as base64 or hex, and compressed.</summary>
internal static partial class Views
{
    /// <summary>Shorter blobs hide nothing that is looked for.</summary>
    private const int BlobLengthMin = 22;

    private const int UnpackedBytesMax = 4 * 1024 * 1024;

    /// <summary>The text itself, and what it says when escapes, line breaks and separators are taken away.</summary>
    public static IReadOnlyList<string> Of(string text)
    {
        var views = new List<string> { text };
        var plain = Escape().Replace(text, match => match.Groups["hex"].Success ? ((char)Convert.ToInt32(match.Groups["hex"].Value, 16)).ToString()
            : match.Groups["other"].Value is "n" or "r" or "t" ? " " : match.Groups["other"].Value);
        Add(plain);
        Add(Uri.UnescapeDataString(plain));
        // An exception's text is indented and wrapped; a byte array is printed with dashes or colons.
        Add(Blank().Replace(plain, ""));
        Add(Separator().Replace(plain, ""));
        return views;

        void Add(string view)
        {
            if (!views.Contains(view))
                views.Add(view);
        }
    }

    /// <summary>What the text's blobs of base64 and hex are as bytes, at every alignment: something else may stand before them.</summary>
    public static IEnumerable<byte[]> Blobs(string view)
    {
        foreach (Match match in Base64Run().Matches(view))
        {
            var run = match.Value.Replace('-', '+').Replace('_', '/');
            for (var offset = 0; offset < 4 && run.Length - offset >= BlobLengthMin; offset++)
            {
                var part = run[offset..];
                // The last characters that fill no group of four are filled up: the bytes that they complete are right, and one of zeros may follow.
                yield return Convert.FromBase64String(part.PadRight((part.Length + 3) / 4 * 4, 'A'));
            }
        }

        foreach (Match match in HexRun().Matches(view))
        {
            for (var offset = 0; offset < 2; offset++)
                yield return Convert.FromHexString(match.Value.AsSpan(offset, (match.Value.Length - offset) / 2 * 2));
        }
    }

    /// <summary>What was compressed; null when nothing was.</summary>
    public static byte[]? Unpack(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 18 || bytes[0] != 0x1f || bytes[1] != 0x8b)
            return null;
        using var packed = new GZipStream(new MemoryStream(bytes.ToArray()), CompressionMode.Decompress);
        var unpacked = new byte[UnpackedBytesMax];
        try
        {
            return unpacked[..packed.ReadAtLeast(unpacked, unpacked.Length, throwOnEndOfStream: false)];
        }
        catch (InvalidDataException)
        {
            // Two bytes that look like it, and no more.
            return null;
        }
    }

    [GeneratedRegex(@"\\u(?<hex>[0-9a-fA-F]{4})|\\(?<other>[nrt/""\\])")]
    private static partial Regex Escape();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blank();

    [GeneratedRegex(@"[\s:-]+")]
    private static partial Regex Separator();

    [GeneratedRegex(@"[A-Za-z0-9+/_-]{22,}")]
    private static partial Regex Base64Run();

    [GeneratedRegex(@"[0-9a-fA-F]{32,}")]
    private static partial Regex HexRun();
}
