using System.Data.Common;
using System.Net.Sockets;
using Npgsql;

namespace Payouts.Hosting.Database;

/// <summary>What an operator reads of a database that cannot be used.</summary>
internal static class DatabaseFailure
{
    /// <summary>One line; null when it was not the database that failed.</summary>
    public static string? LineOf(Exception failure)
    {
        var chain = failure.Chain().SkipWhile(x => x is not (DbException or SocketException or TimeoutException)).ToList();
        if (chain.OfType<PostgresException>().FirstOrDefault() is { } refusal)
            return $"the database refused: {refusal.MessageText} ({refusal.SqlState})";
        return chain.Count == 0 ? null : $"the database does not answer: {string.Join(": ", chain.Select(x => x.Message).Distinct(StringComparer.Ordinal))}";
    }
}
