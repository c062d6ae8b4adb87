using Npgsql;

namespace Payouts.Tests.Support;

/// <summary>The URL form of a PostgreSQL connection: postgres://user:password@host:port/database</summary>
internal static class PostgreSqlUrl
{
    public static NpgsqlConnectionStringBuilder Parse(string url)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Scheme is not ("postgres" or "postgresql"))
        {
            throw new FormatException("The PostgreSQL address must read postgres://user:password@host:port/database.");
        }

        var credentials = uri.UserInfo.Split(':', 2);
        return new NpgsqlConnectionStringBuilder
        {
            Host = uri.Host,
            Port = uri.Port > 0 ? uri.Port : 5432,
            Username = Uri.UnescapeDataString(credentials[0]),
            Password = credentials.Length > 1 ? Uri.UnescapeDataString(credentials[1]) : null,
            Database = uri.AbsolutePath is { Length: > 1 } path ? Uri.UnescapeDataString(path[1..]) : "postgres",
        };
    }

    public static string Format(NpgsqlConnectionStringBuilder connection) => FormattableString.Invariant(
        $"postgres://{Uri.EscapeDataString(connection.Username!)}:{Uri.EscapeDataString(connection.Password!)}@{connection.Host}:{connection.Port}/{Uri.EscapeDataString(connection.Database!)}");
}
