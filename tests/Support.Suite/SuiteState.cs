using System.Text;
using Payouts.Tests.Support;

namespace Payouts.Tests.Suite;

/// <summary>What is unfinished, and where it stands: for the message of a run that did not end.</summary>
public static class SuiteState
{
    private static readonly (string What, string Query)[] Unfinished =
    [
        ("rounds", "select * from rounds.rounds where upper(state) <> 'SETTLED' limit 10"),
        ("debts without an end", "select * from rounds.round_payouts where outcome is null limit 10"),
        ("payouts of debts without an end", "select p.* from payout_builder.payouts p join rounds.round_payouts r on r.round_id = p.round_id and r.winner = p.winner where r.outcome is null limit 10"),
        ("payouts", "select * from payout_builder.payouts where current_state not in ('Confirmed', 'Cancelled', 'WrittenOff') limit 10"),
        ("slots", "select * from payout_builder.slots limit 10"),
        ("submissions", "select * from payout_submitter.submissions where state <> 'Done' limit 10"),
        .. new[] { "rounds", "payout_builder", "payout_signer", "payout_submitter" }.Select(schema => ($"outbox of {schema}", $"select * from {schema}.outbox limit 10")),
    ];

    /// <summary>Rows that are not done, without envelopes and bodies, and queues that are not empty.</summary>
    public static async Task<string> DescribeAsync(this SuiteProcesses suite, CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        await using var connection = await suite.Database.OpenAsync(cancellationToken);
        foreach (var (what, query) in Unfinished)
        {
            await using var command = connection.CreateCommand();
            command.CommandText = $"select (to_jsonb(x) - '{{body,unsigned_xdr,signed_xdr,send_xdr}}'::text[])::text from ({query}) x";
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
                text.AppendLine($"{what}: {reader.GetString(0)}");
        }

        foreach (var queue in await suite.Broker.ListQueuesAsync(cancellationToken))
        {
            var (all, ready, consumers) = (await suite.Broker.CountAllAsync(queue, cancellationToken), await suite.Broker.CountReadyAsync(queue, cancellationToken), await suite.Broker.CountConsumersAsync(queue, cancellationToken));
            if (all > 0 || consumers == 0)
                text.AppendLine($"queue {queue}: {all} messages, {ready} of them ready, {consumers} consumers");
        }

        foreach (var letter in await suite.OpenLettersAsync(cancellationToken))
            text.AppendLine($"dead letter: {letter}");
        return text.ToString();
    }
}
