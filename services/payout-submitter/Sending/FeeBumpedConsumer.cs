using MassTransit;
using Microsoft.EntityFrameworkCore;
using Payouts.Contracts;
using Payouts.Hosting.Messaging;
using Payouts.Stellar;
using Payouts.Stellar.Xdr;
using FeeBumpTransaction = Payouts.Stellar.FeeBumpTransaction;

namespace Payouts.Submitter.Sending;

/// <summary>Stores a fee bump, hash and envelope, before it is sent.</summary>
public sealed class FeeBumpedConsumer(Inbox<SubmitterDbContext, FeeBumped> inbox) : IConsumer<FeeBumped>
{
    /// <inheritdoc />
    public Task Consume(ConsumeContext<FeeBumped> context) => inbox.RunAsync(context, context.Message);
}

/// <summary>Takes fee bumps into the table.</summary>
public sealed class FeeBumpIntake(SubmissionSignal signal)
{
    /// <summary>Takes those that bid more than what is sent now.</summary>
    /// <exception cref="RefusedMessageException">It holds another envelope or another fee than it says.</exception>
    public async Task StoreAsync(IReadOnlyList<FeeBumped> bumps, UnitOfWork<SubmitterDbContext> unit, CancellationToken cancellationToken)
    {
        var submissions = await unit.LockByHashAsync(bumps.Select(x => x.TransactionHash), cancellationToken);
        foreach (var bump in bumps)
        {
            if (!submissions.TryGetValue(bump.TransactionHash, out var submission))
                throw new RefusedMessageException("SubmissionUnknown", $"a fee bump of {bump.TransactionHash}, which was never submitted here");
            // What is done needs no envelope any more, and has none to compare with.
            if (submission.State == SubmissionState.Done)
                continue;
            RequireTheSameEnvelope(bump, submission);
            if (Escalation.Take(submission, bump, unit))
                unit.Db.FeeBumps.Add(new FeeBump { BumpHash = bump.BumpHash, TransactionHash = bump.TransactionHash, FeeStroops = bump.FeeStroops, CreatedAt = unit.Now });
        }

        unit.AfterCommit(signal.Set);
    }

    private static void RequireTheSameEnvelope(FeeBumped bump, Submission submission)
    {
        try
        {
            var read = FeeBumpTransaction.FromEnvelope(XdrCodec.FromBase64<TransactionEnvelope>(bump.SignedXdr));
            if (read.Inner.ToBase64() != submission.SignedXdr || read.Fee != bump.FeeStroops)
                throw new RefusedMessageException("BumpDiffers", $"the fee bump {bump.BumpHash} does not hold the envelope {bump.TransactionHash} at a fee of {bump.FeeStroops} stroops");
        }
        catch (Exception unreadable) when (unreadable is XdrException or TransactionFormatException)
        {
            throw new RefusedMessageException("EnvelopeUnreadable", $"the fee bump {bump.BumpHash}: {unreadable.Message}");
        }
    }
}
