using System.Security.Cryptography;
using System.Text;
using MassTransit;
using Payouts.Contracts;
using Payouts.Hosting.Messaging;

namespace Payouts.Submitter.Confirming;

/// <summary>Stores the question. Finding the answer is <see cref="OutcomeChecker"/>'s work: what is stored is asked until the ledger tells, whatever happens to this process.</summary>
public sealed class WatchSlotConsumer(Inbox<SubmitterDbContext, WatchSlot> inbox) : IConsumer<WatchSlot>
{
    /// <inheritdoc />
    public Task Consume(ConsumeContext<WatchSlot> context) => inbox.RunAsync(context, context.Message);
}

/// <summary>Takes slots to watch into the table: one row for a payout and its slot, however often it is asked.</summary>
public static class SlotWatches
{
    /// <summary>Begins to watch, or begins again: an answer that was given speaks only of the envelopes that it was asked for.</summary>
    public static async Task TakeAsync(IReadOnlyList<WatchSlot> commands, UnitOfWork<SubmitterDbContext> unit, CancellationToken cancellationToken)
    {
        var rows = await unit.LockByHashAsync(commands.Select(NameOf), cancellationToken);
        foreach (var command in commands)
        {
            if (!rows.TryGetValue(NameOf(command), out var watch))
            {
                rows[NameOf(command)] = watch = New(command, unit.Now);
                unit.Db.Submissions.Add(watch);
            }

            Take(watch, command, unit.Now);
        }
    }

    /// <summary>A hash as a transaction has one, and no transaction can have.</summary>
    public static string NameOf(WatchSlot command) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"watch {command.PayoutId.Value} {command.Slot.Channel}/{command.Slot.SequenceNumber}")));

    private static void Take(Submission watch, WatchSlot command, DateTimeOffset now)
    {
        // A question that was overtaken by a later one knows fewer envelopes.
        if (command.ValidUntil >= watch.ValidUntil)
            (watch.Attempt, watch.Rivals, watch.Others) = (command.Attempt, string.Join(' ', command.Envelopes), command.Order.Others);
        watch.ValidUntil = command.ValidUntil > watch.ValidUntil ? command.ValidUntil : watch.ValidUntil;
        watch.MaxLedger = Math.Max(command.MaxLedger, watch.MaxLedger);
        watch.State = SubmissionState.Watching;
        watch.CheckAt = now;
        watch.PollsAfterEnd = 0;
        watch.DoneAt = null;
        watch.Ledger = null;
    }

    private static Submission New(WatchSlot command, DateTimeOffset now) => new()
    {
        Kind = SubmissionKind.Watch,
        TransactionHash = NameOf(command),
        PayoutId = command.PayoutId,
        Channel = command.Slot.Channel,
        SequenceNumber = command.Slot.SequenceNumber,
        Winner = command.Order.Winner,
        Amount = command.Order.Amount,
        Currency = command.Order.Currency,
        SignedXdr = "",
        CreatedAt = now,
    };
}
