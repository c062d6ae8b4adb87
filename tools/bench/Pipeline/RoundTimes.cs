using Payouts.Tests.Suite;

namespace Payouts.Bench.Pipeline;

/// <summary>How the measured round went, by its own row: each time is when the transaction began that moved it.</summary>
/// <param name="ClosedMs">From its opening until all its players were in.</param>
/// <param name="ResolvedMs">From there until it was resolved.</param>
/// <param name="SettledMs">From there until paid = owed.</param>
internal sealed record RoundTimes(double ClosedMs, double ResolvedMs, double SettledMs)
{
    public static async Task<RoundTimes> ReadAsync(SuiteProcesses suite, string roundId, CancellationToken cancellationToken)
    {
        await using var connection = await suite.Database.OpenAsync(cancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText =
            """
            select (extract(epoch from closed_at - opened_at) * 1000)::float8, (extract(epoch from resolved_at - closed_at) * 1000)::float8, (extract(epoch from settled_at - resolved_at) * 1000)::float8
            from rounds.rounds where id = $1
            """;
        var id = command.CreateParameter();
        id.Value = roundId;
        command.Parameters.Add(id);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        await row.ReadAsync(cancellationToken);
        return new RoundTimes(Math.Round(row.GetDouble(0), 1), Math.Round(row.GetDouble(1), 1), Math.Round(row.GetDouble(2), 1));
    }

    /// <summary>By the command that a cron runs.</summary>
    /// <exception cref="InvalidOperationException">What rounds stored is not as it was written.</exception>
    public static async Task ProveAsync(SuiteProcesses suite, TimeSpan within, CancellationToken cancellationToken)
    {
        var (exit, said) = await suite.RunCommandAsync("rounds", ["verify"], within, cancellationToken);
        if (exit != 0)
            throw new InvalidOperationException($"payouts-rounds verify ends with {exit}: {said}");
        Console.WriteLine($"payouts-rounds verify: {said.Split('\n')[0]}");
    }
}
