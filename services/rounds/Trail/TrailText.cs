using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Payouts.Contracts;

namespace Payouts.Rounds.Trail;

/// <summary>The one wording in which values are hashed: the same on both databases and in every culture.</summary>
internal static class TrailText
{
    /// <summary>What stands before the first entry of a chain.</summary>
    public static string Genesis { get; } = new('0', 64);

    /// <summary>SHA-256 of the text in UTF-8, lowercase hex.</summary>
    public static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    public static string Of(long number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>Whole stroops.</summary>
    public static string Of(Stroops amount) => amount.Value.ToString(CultureInfo.InvariantCulture);

    /// <summary>To the microsecond, which is what PostgreSQL keeps.</summary>
    public static string Of(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    public static string? Of(DateTimeOffset? at) => at is { } time ? Of(time) : null;

    /// <summary>
    /// Hash of a set of rows, whatever their order: the title, then one line a row, sorted by bytes; in a line the columns sorted by name, each
    /// name=value, one that is null as its name alone, with tabs between them.
    /// </summary>
    public static string HashRows(string title, IEnumerable<IEnumerable<KeyValuePair<string, string?>>> rows)
    {
        var lines = rows.Select(row => string.Join('\t', row.OrderBy(x => x.Key, StringComparer.Ordinal).Select(x => x.Value is null ? x.Key : $"{x.Key}={x.Value}"))).ToList();
        lines.Sort(StringComparer.Ordinal);
        var text = new StringBuilder(title).Append('\n');
        foreach (var line in lines)
            text.Append(line).Append('\n');
        return Hash(text.ToString());
    }
}
