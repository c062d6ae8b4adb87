using Microsoft.EntityFrameworkCore;
using Npgsql;
using Payouts.Hosting.Messaging;

namespace Payouts.Submitter.Sending;

/// <summary>
/// A channel's envelopes go to the ledger in the order of their numbers. When the envelope on one number is done, the one that waits on
/// the next is sent at once; should that be missed, it is tried again after <see cref="Pause"/>.
/// </summary>
internal sealed class Turns
{
    /// <summary>How often an envelope whose turn has not come is tried all the same: about a ledger.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private readonly HashSet<(string Channel, long SequenceNumber)> _done = [];

    private Turns(UnitOfWork<SubmitterDbContext> unit, SubmissionSignal signal) => unit.BeforeCommit(async cancellationToken =>
    {
        if (unit.Transaction is NpgsqlTransaction postgres)
            await WakeAsync(postgres, unit.Now, cancellationToken);
        else
            await WakeAsync(unit, cancellationToken);
        unit.AfterCommit(signal.Set);
    });

    /// <summary>The submission is done in this transaction.</summary>
    public static void Done(Submission submission, UnitOfWork<SubmitterDbContext> unit, SubmissionSignal signal) =>
        unit.Part(x => new Turns(x, signal))._done.Add((submission.Channel, submission.SequenceNumber));

    /// <summary>The numbers of these channels whose envelopes are not done.</summary>
    public static async Task<HashSet<(string Channel, long SequenceNumber)>> OpenAsync(string[] channels, UnitOfWork<SubmitterDbContext> unit, CancellationToken cancellationToken)
    {
        var open = await unit.Db.Submissions.Where(x => channels.Contains(x.Channel) && x.State != SubmissionState.Done)
            .Select(x => new { x.Channel, x.SequenceNumber }).ToListAsync(cancellationToken);
        return [.. open.Select(x => (x.Channel, x.SequenceNumber))];
    }

    private async Task WakeAsync(NpgsqlTransaction transaction, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // Whoever holds such a row is about to write it; waiting for it here could be waiting in a circle.
        await using var command = new NpgsqlCommand(
            """
            update submissions set send_at = $3 where transaction_hash in (
                select s.transaction_hash from submissions s join unnest($1, $2) as done (channel, sequence_number)
                    on s.channel = done.channel and s.sequence_number = done.sequence_number + 1
                where s.state = 'Sending' for update of s skip locked)
            """, transaction.Connection, transaction);
        command.Parameters.Add(new() { Value = _done.Select(x => x.Channel).ToArray() });
        command.Parameters.Add(new() { Value = _done.Select(x => x.SequenceNumber).ToArray() });
        command.Parameters.Add(new() { Value = now.UtcDateTime });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task WakeAsync(UnitOfWork<SubmitterDbContext> unit, CancellationToken cancellationToken)
    {
        foreach (var (channel, number) in _done)
        {
            await unit.Db.Submissions.Where(x => x.Channel == channel && x.SequenceNumber == number + 1 && x.State == SubmissionState.Sending)
                .ExecuteUpdateAsync(x => x.SetProperty(submission => submission.SendAt, unit.Now), cancellationToken);
        }
    }
}
