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

/// <summary>Stores the envelope that burns a slot.</summary>
public sealed class SubmitBurnConsumer(Inbox<SubmitterDbContext, SubmitBurn> inbox) : IConsumer<SubmitBurn>
{
    /// <inheritdoc />
    public Task Consume(ConsumeContext<SubmitBurn> context) => inbox.RunAsync(context, context.Message);
}

/// <summary>Takes signed envelopes into the table.</summary>
public sealed class SubmissionIntake(SubmissionSignal signal)
{
    /// <summary>Stores the envelopes that are not stored yet.</summary>
    public async Task StoreAsync(IReadOnlyList<SubmitPayout> commands, UnitOfWork<SubmitterDbContext> unit, CancellationToken cancellationToken)
    {
        var known = await KnownAsync(commands.Select(x => x.TransactionHash), unit, cancellationToken);
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

    /// <summary>Stores the burning envelopes that are not stored yet.</summary>
    public async Task StoreBurnsAsync(IReadOnlyList<SubmitBurn> commands, UnitOfWork<SubmitterDbContext> unit, CancellationToken cancellationToken)
    {
        var known = await KnownAsync(commands.Select(x => x.TransactionHash), unit, cancellationToken);
        foreach (var command in commands.Where(command => known.Add(command.TransactionHash)))
        {
            unit.Db.Submissions.Add(new Submission
            {
                Kind = SubmissionKind.Burn,
                Rivals = string.Join(' ', command.Envelopes),
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
                MaxLedger = uint.MaxValue,
                State = SubmissionState.Sending,
                SendAt = unit.Now,
                CreatedAt = unit.Now,
            });
        }

        unit.AfterCommit(signal.Set);
    }

    private static async Task<HashSet<string>> KnownAsync(IEnumerable<string> hashes, UnitOfWork<SubmitterDbContext> unit, CancellationToken cancellationToken)
    {
        var asked = hashes.ToArray();
        return await unit.Db.Submissions.Where(x => asked.Contains(x.TransactionHash)).Select(x => x.TransactionHash).ToHashSetAsync(cancellationToken);
    }
}
