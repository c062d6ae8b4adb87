using Payouts.Contracts;
using Payouts.Hosting.Messaging;
using Payouts.Stellar;

namespace Payouts.Submitter.Sending;

/// <summary>Raises what is bid for an envelope, by fee bumps of the same envelope; at the cap a human decides.</summary>
public sealed class Escalation(SubmitterOptions options, ILogger<Escalation> logger)
{
    /// <summary>Nobody waits longer for a fee bump: what is known is sent again, and the question is asked anew.</summary>
    private static readonly TimeSpan AnswerPatience = TimeSpan.FromSeconds(30);

    /// <summary>After the cap, how often a burn is sent again: prices fall, and nobody decides about it but the ledger.</summary>
    private static readonly TimeSpan PauseAtCap = TimeSpan.FromSeconds(15);

    /// <summary>Whether there is a fee account.</summary>
    public bool IsOn => options.FeeAccount is not null;

    /// <summary>Asks for a higher bid, once for each step; false when nothing changes and the envelope is to be sent as it is.</summary>
    /// <param name="submission">Locked in this transaction.</param>
    /// <param name="marketRate">What others bid for each operation, in stroops; 0: not known.</param>
    /// <param name="askedFee">What the network named when it refused, in stroops; 0: nothing.</param>
    /// <param name="mayBePending">A node may still hold it.</param>
    /// <param name="unit">The transaction.</param>
    public bool Raise(Submission submission, long marketRate, long askedFee, bool mayBePending, UnitOfWork<SubmitterDbContext> unit)
    {
        if (!IsOn || submission.BumpAskedAt + AnswerPatience > unit.Now)
            return false;
        switch (FeeLadder.Next(Transaction.FromBase64(submission.SignedXdr), submission.BumpFeeStroops, marketRate, askedFee, mayBePending, options.FeeMaxStroops))
        {
            case FeeStep.Bid bid:
                submission.BumpAskedAt = unit.Now;
                submission.AcceptedLedger = null;
                submission.State = SubmissionState.Sending;
                submission.SendAt = unit.Now + AnswerPatience;
                unit.Publish(new BumpFee
                {
                    PayoutId = submission.PayoutId,
                    Attempt = submission.Attempt,
                    TransactionHash = submission.TransactionHash,
                    SignedXdr = submission.SignedXdr,
                    FeeStroops = bid.FeeStroops,
                });
                Log.FeeRaised(logger, submission.PayoutId.Value, submission.TransactionHash, bid.FeeStroops);
                return true;
            case FeeStep.AboveCap above:
                GiveUp(submission, FailureCode.FeeAboveCap,
                    $"the network wants a fee of {above.FeeStroops} stroops or more, the cap is {options.FeeMaxStroops} (PAYOUTS_MAX_GAS_STROOPS)", unit);
                return true;
            case FeeStep.AgeOut:
                return false;
            case var other:
                throw new InvalidOperationException($"{other.GetType().Name} is no fee step");
        }
    }

    /// <summary>The account that pays cannot: no bid of ours is worth anything until somebody funds it.</summary>
    public void GiveUpOnAccount(Submission submission, UnitOfWork<SubmitterDbContext> unit) => GiveUp(submission, FailureCode.FeeAccountUnfunded,
        $"the fee account {options.FeeAccount} cannot pay {submission.BumpFeeStroops} stroops; fund it, then retry the payout", unit);

    /// <summary>Takes a fee bump in the envelope's place. A repeated one, or one that bids less than what is sent already, changes nothing.</summary>
    public static bool Take(Submission submission, FeeBumped bumped, UnitOfWork<SubmitterDbContext> unit)
    {
        if (submission.State == SubmissionState.Done || bumped.FeeStroops <= (submission.BumpFeeStroops ?? 0))
            return false;
        submission.BumpXdr = bumped.SignedXdr;
        submission.BumpHash = bumped.BumpHash;
        submission.BumpFeeStroops = bumped.FeeStroops;
        submission.BumpAskedAt = null;
        submission.AcceptedLedger = null;
        submission.Bumps++;
        submission.Tries = 0;
        submission.State = SubmissionState.Sending;
        submission.SendAt = unit.Now;
        SubmitterMetrics.FeeBumps.WithLabels(SubmitterMetrics.StepOf(submission.Bumps)).Inc();
        return true;
    }

    private void GiveUp(Submission submission, FailureCode code, string detail, UnitOfWork<SubmitterDbContext> unit)
    {
        submission.AcceptedLedger = null;
        // A human looks at its payout already, and the burn is what frees its slot: it waits for better prices.
        if (submission.Kind == SubmissionKind.Burn)
        {
            submission.State = SubmissionState.Sending;
            submission.SendAt = unit.Now + PauseAtCap;
            return;
        }

        // It is not sent any more, and still watched: a node may have it, and until its validity ends anybody who has it can send it.
        submission.State = SubmissionState.Watching;
        submission.SendAt = null;
        submission.CheckAt ??= unit.Now;
        SubmitterMetrics.Failures.WithLabels(nameof(PayoutStage.Submit), code.ToString()).Inc();
        Log.NeedsHuman(logger, submission.PayoutId.Value, submission.TransactionHash, code.ToString(), detail);
        unit.Publish(new PayoutUnresolved
        {
            PayoutId = submission.PayoutId,
            Attempt = submission.Attempt,
            Slot = submission.Slot,
            TransactionHash = submission.TransactionHash,
            Code = code,
            Detail = detail,
        });
    }
}
