using System.Diagnostics;
using System.Security.Cryptography;
using Npgsql;
using Payouts.Tests.Support;

namespace Payouts.Bench.Resolving;

/// <summary>What this machine needs at best to keep a resolution: as many rows as debts and a body as long as the message, in one commit, by bare Npgsql.</summary>
internal static class BareWrite
{
    private const int BodyBytesPerDebt = 95;

    /// <summary>Milliseconds, median.</summary>
    public static async Task<double> MeasureAsync(TestDatabase database, int debts, int repeats, CancellationToken cancellationToken)
    {
        await database.ExecuteAsync("create table if not exists bare_debts (round int, winner text collate \"C\", amount numeric(39,0) not null, primary key (round, winner)); create table if not exists bare_bodies (body bytea)", cancellationToken);
        var winners = Enumerable.Range(0, debts).Select(n => $"G{Convert.ToHexString(SHA256.HashData(BitConverter.GetBytes(n)))[..55]}").Order(StringComparer.Ordinal).ToArray();
        var amounts = Enumerable.Range(0, debts).Select(n => (decimal)(10_000_000 + n)).ToArray();
        var body = new byte[debts * BodyBytesPerDebt];
        new Random(debts).NextBytes(body);
        await using var connection = await database.OpenAsync(cancellationToken);
        var times = new List<TimeSpan>();
        for (var repeat = 0; repeat < repeats; repeat++)
        {
            var clock = Stopwatch.StartNew();
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await using (var rows = new NpgsqlCommand("insert into bare_debts select (select coalesce(max(round), 0) + 1 from bare_debts), * from unnest($1, $2)", connection, transaction))
            {
                rows.Parameters.Add(new() { Value = winners });
                rows.Parameters.Add(new() { Value = amounts });
                await rows.ExecuteNonQueryAsync(cancellationToken);
            }

            await using (var message = new NpgsqlCommand("insert into bare_bodies values ($1)", connection, transaction))
            {
                message.Parameters.Add(new() { Value = body });
                await message.ExecuteNonQueryAsync(cancellationToken);
            }

            await transaction.CommitAsync(cancellationToken);
            times.Add(clock.Elapsed);
        }

        return Median.Of(times);
    }
}
