using Payouts.Contracts;
using Payouts.Hosting.Messaging;
using Payouts.Hosting.Observability;
using Payouts.Submitter.Sending;

namespace Payouts.Submitter.Confirming;

/// <summary>Writes an outcome and announces it, in one transaction, once.</summary>
public sealed class Outcomes(SubmissionSignal signal, ILogger<Outcomes> logger)
{
    /// <summary>The ledger has spoken.</summary>
    /// <param name="submission">Locked in this transaction.</param>
    /// <param name="verdict">What it says.</param>
    /// <param name="unit">The transaction.</param>
    /// <param name="hash">The transaction that it speaks of, as the ledger records it: the envelope's, a fee bump's, or a rival's.</param>
    public void Conclude(Submission submission, LedgerVerdict verdict, UnitOfWork<SubmitterDbContext> unit, string hash)
    {
        switch (verdict)
        {
            case LedgerVerdict.Burned burned:
                unit.Publish(new SlotBurned
                {
                    PayoutId = submission.PayoutId,
                    Attempt = submission.Attempt,
                    Slot = submission.Slot,
                    TransactionHash = hash,
                    Ledger = burned.Ledger,
                });
                End(submission, burned.Ledger, unit);
                break;
            case LedgerVerdict.Paid paid:
                SubmitterMetrics.Confirmed.Inc();
                SubmitterMetrics.LastConfirmed.Set(unit.Now.ToUnixTimeMilliseconds() / 1000d);
                if (submission.AcceptedAt is { } accepted)
                    SubmitterMetrics.StageDuration.WithLabels("confirm").Observe((unit.Now - accepted).TotalSeconds);
                unit.Publish(new PayoutConfirmed
                {
                    PayoutId = submission.PayoutId,
                    Attempt = submission.Attempt,
                    Slot = submission.Slot,
                    TransactionHash = hash,
                    Ledger = paid.Ledger,
                    Paid = submission.Total,
                });
                End(submission, paid.Ledger, unit);
                break;
            case LedgerVerdict.NotAsOrdered wrong:
                Unresolved(submission, FailureCode.NotTransferred, $"ledger {wrong.Ledger}: {wrong.Detail}", unit);
                submission.Ledger = wrong.Ledger;
                break;
            case LedgerVerdict.Unclear unclear:
                Unresolved(submission, FailureCode.OutcomeUnknown, $"ledger {unclear.Ledger}: {unclear.Detail}", unit);
                submission.Ledger = unclear.Ledger;
                break;
            case LedgerVerdict.Failed failed:
                SubmitterMetrics.Failures.WithLabels(nameof(PayoutStage.Confirm), failed.Code.ToString()).Inc();
                Log.FailedOnLedger(logger, submission.PayoutId.Value, hash, failed.Ledger, failed.Detail);
                unit.Publish(new PayoutFailed
                {
                    PayoutId = submission.PayoutId,
                    Attempt = submission.Attempt,
                    Stage = PayoutStage.Confirm,
                    Code = failed.Code,
                    Detail = failed.Detail,
                    Transient = failed.Transient,
                    Slot = submission.Slot,
                    TransactionHash = hash,
                });
                End(submission, failed.Ledger, unit);
                break;
        }
    }

    /// <summary>Proven dead: its validity is over and its sequence number is not consumed.</summary>
    public void Expired(Submission submission, uint provenAtLedger, UnitOfWork<SubmitterDbContext> unit)
    {
        if (submission.Kind == SubmissionKind.Watch)
        {
            unit.Publish(new SlotProvenUnused
            {
                PayoutId = submission.PayoutId,
                Attempt = submission.Attempt,
                Slot = submission.Slot,
                ValidUntil = submission.ValidUntil,
                MaxLedger = submission.MaxLedger,
                ProvenAtLedger = provenAtLedger,
            });
            End(submission, ledger: null, unit);
            return;
        }

        // Nobody waits for a burn's end: payout-builder asks for another one.
        if (submission.Kind == SubmissionKind.Burn)
        {
            End(submission, ledger: null, unit);
            return;
        }

        unit.Publish(new PayoutExpired
        {
            PayoutId = submission.PayoutId,
            Attempt = submission.Attempt,
            Slot = submission.Slot,
            TransactionHash = submission.TransactionHash,
            ProvenAtLedger = provenAtLedger,
        });
        End(submission, ledger: null, unit);
    }

    /// <summary>A human decides.</summary>
    public void Unresolved(Submission submission, FailureCode code, string detail, UnitOfWork<SubmitterDbContext> unit)
    {
        SubmitterMetrics.Failures.WithLabels(nameof(PayoutStage.Confirm), code.ToString()).Inc();
        Log.NeedsHuman(logger, submission.PayoutId.Value, submission.NamedHash, code.ToString(), detail);
        unit.Publish(new PayoutUnresolved
        {
            PayoutId = submission.PayoutId,
            Attempt = submission.Attempt,
            Slot = submission.Slot,
            TransactionHash = submission.NamedHash,
            Code = code,
            Detail = detail,
        });
        End(submission, ledger: null, unit);
    }

    private void End(Submission submission, uint? ledger, UnitOfWork<SubmitterDbContext> unit)
    {
        submission.State = SubmissionState.Done;
        submission.SendAt = null;
        submission.CheckAt = null;
        submission.DoneAt = unit.Now;
        submission.Ledger = ledger;
        Trace(submission, unit);
        submission.SignedXdr = "";
        submission.BumpXdr = null;
        Turns.Done(submission, unit, signal);
    }

    /// <summary>From the signed envelope to the ledger's word.</summary>
    private static void Trace(Submission submission, UnitOfWork<SubmitterDbContext> unit)
    {
        if (!PayoutTrace.IsOn || submission.Kind != SubmissionKind.Payment)
            return;
        var (id, from, now) = (submission.PayoutId, submission.CreatedAt, unit.Now);
        var tags = new KeyValuePair<string, object?>[] { new("payout.attempt", submission.Attempt), new("stellar.transaction", submission.TransactionHash), new("stellar.ledger", submission.Ledger) };
        unit.AfterCommit(() => PayoutTrace.Write(id, "transaction", from, now, tags));
    }
}
