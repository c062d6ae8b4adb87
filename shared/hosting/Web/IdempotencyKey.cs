using System.ComponentModel.DataAnnotations.Schema;
using Microsoft.EntityFrameworkCore;

namespace Payouts.Hosting.Web;

/// <summary>
/// A request that was taken under an Idempotency-Key, and its answer. A service that takes such requests has the table idempotency_keys in its
/// migrations and this entity in its database; a request that changed nothing leaves no row.
/// </summary>
[Table("idempotency_keys")]
[PrimaryKey(nameof(Caller), nameof(Key))]
public sealed class IdempotencyKey
{
    /// <summary>The HTTP header.</summary>
    public const string Header = "Idempotency-Key";

    /// <summary>Characters of a key.</summary>
    public const int LengthMax = 100;

    /// <summary>Whose key it is: two callers may choose the same one.</summary>
    public required string Caller { get; init; }

    /// <summary>As the header brought it.</summary>
    [Column("idempotency_key")]
    public required string Key { get; init; }

    /// <summary>Of method, path and body: SHA-256, lowercase hex.</summary>
    public required string RequestHash { get; init; }

    /// <summary>The answer's HTTP status.</summary>
    public required int Status { get; init; }

    /// <summary>The answer's JSON.</summary>
    public required string Answer { get; init; }

    /// <summary>When it was taken.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>True for 1 to 100 printable ASCII characters.</summary>
    public static bool IsOne(string key) => key.Length is > 0 and <= LengthMax && !key.AsSpan().ContainsAnyExceptInRange('!', '~');
}
