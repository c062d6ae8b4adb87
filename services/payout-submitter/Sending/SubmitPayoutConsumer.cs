using MassTransit;
using Microsoft.EntityFrameworkCore;
using Payouts.Contracts;
using Payouts.Hosting.Messaging;

namespace Payouts.Submitter.Sending;

/// <summary>Stores the signed envelope. Sending is the pump's work: what is stored is sent, whatever happens to this process.</summary>
public sealed class SubmitPayoutConsumer(Inbox<SubmitterDbContext, SubmitPayout> inbox) : IConsumer<SubmitPayout>
{
    /// <inheritdoc />
    public Task Consume(ConsumeContext<SubmitPayout> context) => inbox.RunAsync(context, context.Message);
}

/// <summary>Takes signed envelopes into the table.</summary>
public sealed class SubmissionIntake(SubmissionSignal signal)
{
    /// <summary>Stores the envelopes that are not stored yet.</summary>
    public async Task StoreAsync(IReadOnlyList<SubmitPayout> commands, UnitOfWork<SubmitterDbContext> unit, CancellationToken cancellationToken)
    {
        var hashes = commands.Select(x => x.TransactionHash).ToArray();
        var known = await unit.Db.Submissions.Where(x => hashes.Contains(x.TransactionHash)).Select(x => x.TransactionHash).ToHashSetAsync(cancellationToken);
        foreach (var command in commands.Where(command => known.Add(command.TransactionHash)))
        {
            unit.Db.Submissions.Add(new Submission
            {
                TransactionHash = command.TransactionHash,
                PayoutId = command.PayoutId,
                Attempt = command.Attempt,
                Channel = command.Slot.Channel,
                SequenceNumber = command.Slot.SequenceNumber,
                Winner = command.Order.Winner,
                Amount = command.Order.Amount,
                Currency = command.Order.Currency,
                SignedXdr = command.SignedXdr,
                ValidUntil = command.ValidUntil,
                MaxLedger = command.MaxLedger,
                State = SubmissionState.Sending,
                SendAt = unit.Now,
                CreatedAt = unit.Now,
            });
        }

        unit.AfterCommit(signal.Set);
    }
}
