using System.Data.Common;
using System.Globalization;
using System.Numerics;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Payouts.Rounds.Trail;

/// <summary>
/// Rows as they are stored, every column by its name and in the trail's wording. No entity stands between: what the service would not even
/// read is read here.
/// </summary>
internal static class TrailRows
{
    public static async Task<List<Dictionary<string, string?>>> ReadAsync(DbTransaction transaction, string sql, CancellationToken cancellationToken, params object[] values)
    {
        await using var command = transaction.Connection!.CreateCommand();
        (command.CommandText, command.Transaction) = (sql, transaction);
        for (var i = 0; i < values.Length; i++)
        {
            var parameter = command.CreateParameter();
            parameter.Value = values[i];
            // PostgreSQL counts them, SQLite names them.
            if (command is SqliteCommand)
                parameter.ParameterName = string.Create(CultureInfo.InvariantCulture, $"${i + 1}");
            command.Parameters.Add(parameter);
        }

        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<Dictionary<string, string?>>();
        while (await reader.ReadAsync(cancellationToken))
        {
            var row = new Dictionary<string, string?>(reader.FieldCount, StringComparer.Ordinal);
            for (var i = 0; i < reader.FieldCount; i++)
                row[reader.GetName(i)] = Text(reader, i);
            rows.Add(row);
        }

        return rows;
    }

    /// <summary>A row without these columns.</summary>
    public static IEnumerable<KeyValuePair<string, string?>> Without(this IEnumerable<KeyValuePair<string, string?>> row, params string[] columns) =>
        row.Where(x => !columns.Contains(x.Key));

    private static string? Text(DbDataReader reader, int column)
    {
        if (reader.IsDBNull(column))
            return null;
        // Wider than decimal.
        if (reader is NpgsqlDataReader postgres && postgres.GetDataTypeName(column).StartsWith("numeric", StringComparison.Ordinal))
            return postgres.GetFieldValue<BigInteger>(column).ToString(CultureInfo.InvariantCulture);
        return reader.GetValue(column) switch
        {
            string text => reader is SqliteDataReader ? Reworded(reader.GetName(column), text) : text,
            DateTime time => TrailText.Of(new DateTimeOffset(DateTime.SpecifyKind(time, DateTimeKind.Utc))),
            Guid id => id.ToString("D"),
            byte[] bytes => Convert.ToHexStringLower(bytes),
            IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
            var other => other.ToString(),
        };
    }

    // SQLite keeps times and ids as text in a wording of its driver.
    private static string Reworded(string column, string text)
    {
        if ((column == "at" || column.EndsWith("_at", StringComparison.Ordinal))
            && DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time))
            return TrailText.Of(new DateTimeOffset(time));
        return column == "payout_id" && Guid.TryParse(text, out var id) ? id.ToString("D") : text;
    }
}
