using Microsoft.Data.Sqlite;

namespace Payouts.Tests.Simulation.Judging;

/// <summary>The services' tables, read from outside by plain SQL: no code of theirs stands between the judge and the rows.</summary>
internal sealed class Database(string folder)
{
    public const string Rounds = "rounds";
    public const string Builder = "payout_builder";
    public const string Signer = "payout_signer";
    public const string Submitter = "payout_submitter";

    public static IReadOnlyList<string> All { get; } = [Rounds, Builder, Signer, Submitter];

    /// <summary>As DATABASE_URL says it; the service's schema takes the place of its braces.</summary>
    public string Url => $"sqlite:{PathOf("{service}")}";

    public string PathOf(string service) => Path.Combine(folder, service + ".db");

    public string ConnectionString(string service) => new SqliteConnectionStringBuilder { DataSource = PathOf(service) }.ToString();

    public IReadOnlyList<T> Read<T>(string service, string sql, Func<SqliteDataReader, T> read)
    {
        using var connection = Open(service);
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
            rows.Add(read(reader));
        return rows;
    }

    public static long PlannedCount(Database database) => database.Count(Builder, "select count(*) from payouts");

    public long Count(string service, string sql) => Read(service, sql, row => row.GetInt64(0))[0];

    /// <summary>Changes rows behind the service's back: for planted faults only.</summary>
    public int Tamper(string service, string sql)
    {
        using var connection = Open(service);
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteNonQuery();
    }

    private SqliteConnection Open(string service)
    {
        var connection = new SqliteConnection(ConnectionString(service));
        connection.Open();
        return connection;
    }
}

/// <summary>A text column that may be null.</summary>
internal static class Columns
{
    public static string? Text(this SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
