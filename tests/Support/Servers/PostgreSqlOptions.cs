namespace Payouts.Tests.Support;

/// <summary>What a test's PostgreSQL should be like.</summary>
public sealed record PostgreSqlOptions
{
    /// <summary>
    /// Whether a commit is on the disk when it is acknowledged (fsync, full_page_writes). Off is about twice as fast and survives a killed
    /// server process, but not a crash of the machine. synchronous_commit stays on in both: without it a killed server forgets what it
    /// acknowledged in its last moments.
    /// </summary>
    public bool Durable { get; init; } = true;

    /// <summary>Connections that it accepts at once.</summary>
    public int ConnectionsMax { get; init; } = 300;

    /// <summary>Whether it counts its statements: pg_stat_statements, which the superuser creates in a database of its choice; and its waits for the disk.</summary>
    public bool CountsStatements { get; init; }

    /// <summary>The image in Docker mode; PAYOUTS_TEST_POSTGRES_IMAGE overrides the default.</summary>
    public string Image { get; init; } = Environment.GetEnvironmentVariable("PAYOUTS_TEST_POSTGRES_IMAGE") is { Length: > 0 } image ? image : "postgres:17";

    internal IEnumerable<string> ToServerArguments()
    {
        var durable = Durable ? "on" : "off";
        return
        [
            "-c", $"fsync={durable}",
            "-c", $"full_page_writes={durable}",
            "-c", FormattableString.Invariant($"max_connections={ConnectionsMax}"),
            "-c", "jit=off",
            .. CountsStatements ? ["-c", "shared_preload_libraries=pg_stat_statements", "-c", "pg_stat_statements.track=all", "-c", "track_wal_io_timing=on"] : Array.Empty<string>(),
        ];
    }
}
