using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Payouts.Rounds.Webhooks;

/// <summary>
/// The symmetric signature of Standard Webhooks 1.0.0: HMAC-SHA256 of id, time and body with full stops between them, in base64, "v1," before it;
/// one for each secret, blanks between them.
/// </summary>
internal static class WebhookSignature
{
    public const string IdHeader = "webhook-id";
    public const string TimestampHeader = "webhook-timestamp";
    public const string SignatureHeader = "webhook-signature";

    /// <summary>The header webhook-signature.</summary>
    /// <param name="secrets">The key or keys.</param>
    /// <param name="id">The header webhook-id.</param>
    /// <param name="timestamp">The header webhook-timestamp, seconds since 1970: of this try, not of the event.</param>
    /// <param name="body">As it is sent, byte for byte.</param>
    public static string Of(IReadOnlyList<byte[]> secrets, string id, string timestamp, ReadOnlySpan<byte> body)
    {
        byte[] signed = [.. Encoding.UTF8.GetBytes($"{id}.{timestamp}."), .. body];
        return string.Join(' ', secrets.Select(secret => "v1," + Convert.ToBase64String(HMACSHA256.HashData(secret, signed))));
    }

    public static string TimestampOf(DateTimeOffset now) => now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
}
