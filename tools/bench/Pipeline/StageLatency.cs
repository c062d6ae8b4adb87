using Payouts.Tests.Suite;

namespace Payouts.Bench.Pipeline;

/// <summary>How long payouts stayed in a state, from their own history.</summary>
/// <param name="Stage">The state.</param>
/// <param name="P50Ms">Median.</param>
/// <param name="P99Ms">99th percentile.</param>
internal sealed record StageLatency(string Stage, double P50Ms, double P99Ms)
{
    public static async Task<IReadOnlyList<StageLatency>> ReadAsync(SuiteProcesses suite, CancellationToken cancellationToken)
    {
        await using var connection = await suite.Database.OpenAsync(cancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText =
            """
            with steps as (
                select from_state, to_state, extract(epoch from at - lag(at) over (partition by payout_id order by number)) * 1000 as ms
                from payout_builder.payout_transitions)
            select from_state, percentile_cont(0.5) within group (order by ms), percentile_cont(0.99) within group (order by ms)
            from steps where ms is not null and from_state <> to_state group by from_state
            order by array_position(array['Building', 'AwaitingSignature', 'Submitting', 'AwaitingConfirmation'], from_state)
            """;
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var stages = new List<StageLatency>();
        while (await reader.ReadAsync(cancellationToken))
            stages.Add(new StageLatency(reader.GetString(0), reader.GetDouble(1), reader.GetDouble(2)));
        return stages;
    }
}
