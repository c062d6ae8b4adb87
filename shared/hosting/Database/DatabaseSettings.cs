using System.Data.Common;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Payouts.Hosting.Database;

/// <summary>The two databases a service can keep its state in.</summary>
public enum DatabaseProvider
{
    /// <summary>PostgreSQL 13 or later: the real deployment.</summary>
    Postgres,

    /// <summary>A SQLite file: the embedded deployment, one process.</summary>
    Sqlite,
}

/// <summary>DATABASE_URL, understood for one service.</summary>
/// <param name="Provider">Which database.</param>
/// <param name="ConnectionString">ADO.NET form. Holds the password: never logged.</param>
/// <param name="Schema">The service's own schema in PostgreSQL; unused in SQLite, where each service has its own file.</param>
public sealed record DatabaseSettings(DatabaseProvider Provider, string ConnectionString, string Schema)
{
    /// <summary>
    /// Reads postgres://user:password@host:port/database?key=value, an Npgsql connection string (Host=...), or sqlite:PATH.
    /// "{service}" in it is replaced by the service's schema name.
    /// </summary>
    /// <exception cref="FormatException">None of these; the message says what would be right and never repeats the value.</exception>
    public static DatabaseSettings Parse(string url, string schema)
    {
        url = url.Replace("{service}", schema, StringComparison.Ordinal);
        if (url.StartsWith("sqlite:", StringComparison.Ordinal))
            return new(DatabaseProvider.Sqlite, Sqlite(url["sqlite:".Length..]), schema);
        if (url.StartsWith("postgres://", StringComparison.Ordinal) || url.StartsWith("postgresql://", StringComparison.Ordinal))
            return new(DatabaseProvider.Postgres, Postgres(FromUrl(url), schema), schema);
        if (url.Contains("Host=", StringComparison.OrdinalIgnoreCase))
            return new(DatabaseProvider.Postgres, Postgres(FromPairs(url), schema), schema);
        throw new FormatException("write postgres://user:password@host:5432/database, Host=...;Database=..., or sqlite:PATH");
    }

    private static string Sqlite(string path) => new SqliteConnectionStringBuilder
    {
        // Without a path SQLite would keep the payouts in a file that it deletes at the end.
        DataSource = string.IsNullOrWhiteSpace(path) ? throw new FormatException("write sqlite:PATH") : path,
        DefaultTimeout = 30,
        Pooling = true,
    }.ToString();

    private static string Postgres(NpgsqlConnectionStringBuilder builder, string schema)
    {
        builder.SearchPath = schema;
        builder.ApplicationName ??= $"payouts {schema}";
        // Group commit keeps one or two transactions busy; HTTP reads and the relay take a few more.
        // The driver's own ContainsKey says yes to every key that it knows, set or not.
        var given = new DbConnectionStringBuilder { ConnectionString = builder.ConnectionString };
        if (!given.ContainsKey("Maximum Pool Size"))
            builder.MaxPoolSize = 20;
        // Left to itself the driver tries Kerberos first, and prints an error where its library is missing, as in the images.
        if (!given.ContainsKey("GSS Encryption Mode"))
            builder.GssEncryptionMode = GssEncryptionMode.Disable;
        // Nobody leaves anything in a session, so the reset that the driver sends before every reuse would be one statement in ten for nothing.
        builder.NoResetOnClose = true;
        builder.MaxAutoPrepare = builder.MaxAutoPrepare == 0 ? 50 : builder.MaxAutoPrepare;
        return builder.ConnectionString;
    }

    private static NpgsqlConnectionStringBuilder FromPairs(string pairs)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(pairs);
        }
        catch (Exception wrong) when (wrong is ArgumentException or FormatException)
        {
            // The driver's own message may repeat the value.
            throw new FormatException("a key or value is none of a PostgreSQL connection; write Host=...;Port=5432;Database=...;Username=...;Password=...");
        }
    }

    private static NpgsqlConnectionStringBuilder FromUrl(string url)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Host.Length == 0 || uri.AbsolutePath.Length < 2)
            throw new FormatException("write postgres://user:password@host:5432/database");
        var user = uri.UserInfo.Split(':', 2);
        var builder = new NpgsqlConnectionStringBuilder
        {
            Host = uri.Host,
            Port = uri.Port > 0 ? uri.Port : 5432,
            Database = Uri.UnescapeDataString(uri.AbsolutePath[1..]),
        };
        if (user[0].Length > 0)
            builder.Username = Uri.UnescapeDataString(user[0]);
        if (user.Length > 1)
            builder.Password = Uri.UnescapeDataString(user[1]);
        foreach (var pair in uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = pair.Split('=', 2);
            try
            {
                builder[Uri.UnescapeDataString(parts[0])] = parts.Length > 1 ? Uri.UnescapeDataString(parts[1]) : "";
            }
            catch (Exception wrong) when (wrong is ArgumentException or FormatException)
            {
                throw new FormatException($"\"{parts[0]}\" is not an option of a PostgreSQL connection, or its value is not one of that option");
            }
        }

        return builder;
    }
}
