using Npgsql;

namespace Payouts.Hosting.Database;

/// <summary>What a role needs that runs a service without owning its tables.</summary>
internal static class RowRights
{
    /// <summary>Rows of every table of the schema, and what a migration has run; no table is changed by it. May be repeated.</summary>
    /// <exception cref="PostgresException">There is no such role, or who asks does not own the tables.</exception>
    public static async Task GrantAsync(DatabaseSettings settings, string role, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(settings.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        var who = new NpgsqlCommandBuilder().QuoteIdentifier(role);
        await using var command = new NpgsqlCommand(
            $"""
            grant usage on schema {settings.Schema} to {who};
            grant select, insert, update, delete on all tables in schema {settings.Schema} to {who};
            grant usage, select on all sequences in schema {settings.Schema} to {who};
            revoke insert, update, delete on {settings.Schema}.schema_versions from {who};
            """, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
