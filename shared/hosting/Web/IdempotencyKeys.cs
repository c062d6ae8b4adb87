using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Payouts.Hosting.Database;
using Payouts.Hosting.Messaging;

namespace Payouts.Hosting.Web;

/// <summary>Requests under an Idempotency-Key are taken once: the key, its answer and what the request changed commit together.</summary>
public static class IdempotencyKeys
{
    private const string Consumer = "Idempotency-Key";

    /// <summary>
    /// The first thing in the request's transaction: what was answered under the key, or null when it is new. Another transaction with the same key
    /// ends before this one goes on: both write the inbox row that stands for it.
    /// </summary>
    public static async Task<IdempotencyKey?> FindAsync<TDb>(UnitOfWork<TDb> unit, string caller, string key, CancellationToken cancellationToken)
        where TDb : ServiceDbContext
    {
        var name = SHA256.HashData(Encoding.UTF8.GetBytes($"{caller}\n{key}"));
        await unit.AcceptAsync(Consumer, [new Guid(name.AsSpan(0, 16))], cancellationToken);
        return await unit.Db.Set<IdempotencyKey>().AsNoTracking().SingleOrDefaultAsync(x => x.Caller == caller && x.Key == key, cancellationToken);
    }

    /// <summary>What two requests under one key must have in common.</summary>
    /// <param name="method">POST.</param>
    /// <param name="target">Path and query.</param>
    /// <param name="body">As it came.</param>
    public static string HashOf(string method, string target, ReadOnlySpan<byte> body)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{method} {target}\n"));
        hash.AppendData(body);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
