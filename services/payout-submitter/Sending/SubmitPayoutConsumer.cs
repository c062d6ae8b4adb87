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
    public Task StoreAsync(IReadOnlyList<SubmitPayout> commands, UnitOfWork<SubmitterDbContext> unit, CancellationToken cancellationToken) =>
        StoreAsync([.. commands.Select(x => New(SubmissionKind.Payment, x.TransactionHash, x.SignedXdr, x.PayoutId, x.Attempt, x.Slot, x.Order, x.ValidUntil, x.MaxLedger))], unit, cancellationToken);

    /// <summary>Stores the burning envelopes that are not stored yet.</summary>
    public Task StoreBurnsAsync(IReadOnlyList<SubmitBurn> commands, UnitOfWork<SubmitterDbContext> unit, CancellationToken cancellationToken) =>
        StoreAsync([.. commands.Select(x => New(SubmissionKind.Burn, x.TransactionHash, x.SignedXdr, x.PayoutId, x.Attempt, x.Slot, x.Order, x.ValidUntil, uint.MaxValue, x.Envelopes))], unit, cancellationToken);

    private async Task StoreAsync(IReadOnlyList<Submission> submissions, UnitOfWork<SubmitterDbContext> unit, CancellationToken cancellationToken)
    {
        var asked = submissions.Select(x => x.TransactionHash).ToArray();
        var known = await unit.Db.Submissions.Where(x => asked.Contains(x.TransactionHash)).Select(x => x.TransactionHash).ToHashSetAsync(cancellationToken);
        var wanted = submissions.Where(submission => known.Add(submission.TransactionHash)).ToList();
        var open = await Turns.OpenAsync([.. wanted.Select(x => x.Channel)], unit, cancellationToken);
        foreach (var submission in wanted)
        {
            submission.CreatedAt = unit.Now;
            // The ledger would refuse it while the number before it is open: it is woken when that one is done.
            submission.SendAt = open.Contains((submission.Channel, submission.SequenceNumber - 1)) ? unit.Now + Turns.Pause : unit.Now;
            unit.Db.Submissions.Add(submission);
        }

        unit.AfterCommit(signal.Set);
    }

    private static Submission New(
        SubmissionKind kind, string hash, string signedXdr, PayoutId payoutId, int attempt, SequenceSlot slot, PayoutOrder order, DateTimeOffset validUntil, uint maxLedger, IReadOnlyList<string>? rivals = null) => new()
        {
            Kind = kind,
            Rivals = string.Join(' ', rivals ?? []),
            TransactionHash = hash,
            PayoutId = payoutId,
            Attempt = attempt,
            Channel = slot.Channel,
            SequenceNumber = slot.SequenceNumber,
            Winner = order.Winner,
            Amount = order.Amount,
            Currency = order.Currency,
            Others = order.Others,
            SignedXdr = signedXdr,
            ValidUntil = validUntil,
            MaxLedger = maxLedger,
            State = SubmissionState.Sending,
        };
}
