using System.Threading.Channels;
using Payouts.Contracts;
using Payouts.Hosting.Background;
using Payouts.Hosting.Database;
using Payouts.Hosting.Messaging;
using Payouts.Hosting.Steps;
using Payouts.Stellar;
using Payouts.Stellar.Rpc;
using Payouts.Stellar.Xdr;
using Transaction = Payouts.Stellar.Transaction;

namespace Payouts.Submitter.Sending;

/// <summary>
/// Sends what is stored. A batch is claimed for a while, sent in parallel, and each answer decides what follows. Killed in between,
/// the claim runs out and the same bytes are sent again, which the network takes as the same transaction.
/// </summary>
public sealed class SubmissionPump(
    UnitOfWorkFactory<SubmitterDbContext> units,
    ISorobanRpcClient rpc,
    SubmitterOptions options,
    Escalation escalation,
    FeeMarket market,
    SubmissionSignal signal,
    IStepPoints points,
    TimeProvider time,
    ILogger<SubmissionPump> logger)
    : BackgroundLoop("sending transactions", time, logger)
{
    /// <summary>Longer than a send can take: nobody else sends a claimed envelope meanwhile.</summary>
    private static readonly TimeSpan Claim = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(500);

    /// <inheritdoc />
    protected override TimeSpan Pause => PollInterval;

    /// <inheritdoc />
    protected override async Task<bool> StepAsync(CancellationToken cancellationToken)
    {
        var claimed = await units.RunAsync(unit => ClaimAsync(unit, cancellationToken), cancellationToken, "claim");
        if (claimed.Count > 0)
            await SendAsync(claimed, cancellationToken);
        return claimed.Count > 0;
    }

    /// <inheritdoc />
    protected override Task WaitAsync(TimeSpan pause, CancellationToken cancellationToken) => signal.WaitAsync(pause, cancellationToken);

    private async Task<IReadOnlyList<Submission>> ClaimAsync(UnitOfWork<SubmitterDbContext> unit, CancellationToken cancellationToken)
    {
        var due = await unit.LockAsync<SubmitterDbContext, Submission>(
            "select * from submissions where send_at <= {0} order by send_at limit {1}", skipLocked: true,
            [unit.Now.UtcDateTime, options.SendBatchMax], cancellationToken);
        foreach (var submission in due)
        {
            submission.SendAt = unit.Now + Claim;
            submission.Tries++;
        }

        return due;
    }

    /// <summary>Answers are written as they come, many in one transaction: a slow send holds nobody up.</summary>
    private async Task SendAsync(IReadOnlyList<Submission> claimed, CancellationToken cancellationToken)
    {
        var answers = Channel.CreateUnbounded<Answer>();
        var sending = Parallel.ForEachAsync(claimed, new ParallelOptions { MaxDegreeOfParallelism = options.SendsAtOnceMax, CancellationToken = cancellationToken },
            async (submission, token) => await answers.Writer.WriteAsync(await SendAsync(submission, token), token))
            .ContinueWith(done => answers.Writer.Complete(done.Exception), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        while (await answers.Reader.WaitToReadAsync(cancellationToken))
        {
            var arrived = new List<Answer>();
            while (answers.Reader.TryRead(out var answer))
                arrived.Add(answer);
            await units.RunAsync(unit => RecordAsync(arrived, unit, cancellationToken), cancellationToken, "record");
        }

        await sending;
    }

    private async Task<Answer> SendAsync(Submission submission, CancellationToken cancellationToken)
    {
        points.Pass("payout-submitter/SubmissionPump/before-send");
        var outcome = await rpc.SendTransactionAsync(submission.SendXdr, TransactionHash.Parse(submission.SendHash), cancellationToken);
        points.Pass("payout-submitter/SubmissionPump/sent");
        // "Bad" is a number that is used, and one whose turn has not come.
        var place = SendTable.CodeOfEnvelope(outcome) == TransactionResultCode.txBAD_SEQ ? await PlaceAsync(submission, cancellationToken) : SlotPlace.NotAsked;
        var prices = escalation.IsOn && outcome is SendOutcome.TryAgainLater or SendOutcome.Refused { Code: TransactionResultCode.txINSUFFICIENT_FEE or TransactionResultCode.txINSUFFICIENT_BALANCE }
            ? await market.PricesAsync(cancellationToken) : new FeePrices(0, 0);
        return new Answer(submission, outcome, place, prices);
    }

    private async Task<SlotPlace> PlaceAsync(Submission submission, CancellationToken cancellationToken)
    {
        try
        {
            return SendTable.PlaceOf(await rpc.GetAccountAsync(AccountId.Parse(submission.Channel), cancellationToken), submission.SequenceNumber);
        }
        catch (SorobanRpcException)
        {
            return SlotPlace.NotAsked;
        }
    }

    private async Task<bool> RecordAsync(List<Answer> arrived, UnitOfWork<SubmitterDbContext> unit, CancellationToken cancellationToken)
    {
        var rows = await unit.LockByHashAsync(arrived.Select(x => x.Submission.TransactionHash), cancellationToken);
        foreach (var (sent, outcome, place, prices) in arrived)
        {
            var answer = SendTable.NameOf(outcome);
            SubmitterMetrics.Submissions.WithLabels(answer).Inc();
            // The ledger's word may have come in the meantime: then the answer tells nothing any more.
            if (!rows.TryGetValue(sent.TransactionHash, out var submission) || submission.State == SubmissionState.Done)
                continue;
            // A fee bump has taken the place of what was answered for: it is sent already.
            if (submission.SendHash != sent.SendHash)
                continue;
            submission.LastAnswer = answer;
            var evidence = new SendEvidence(outcome, submission.Tries, place, ViewOf(submission, prices), submission.BumpHash is not null);
            Apply(SendTable.Decide(evidence), submission, prices, unit);
        }

        return true;
    }

    private void Apply(SendDecision decision, Submission submission, FeePrices prices, UnitOfWork<SubmitterDbContext> unit)
    {
        switch (decision)
        {
            case SendDecision.Watch watch:
                submission.State = SubmissionState.Watching;
                submission.SendAt = null;
                submission.AcceptedAt ??= unit.Now;
                submission.AcceptedLedger = watch.Ledger;
                submission.CheckAt ??= unit.Now + (2 * options.PollInterval);
                Announce(submission, watch.Ledger, unit);
                break;
            case SendDecision.AskLedger:
                submission.State = SubmissionState.Watching;
                submission.SendAt = null;
                submission.CheckAt = unit.Now;
                break;
            case SendDecision.SendAgain again:
                SendLater(submission, again.Pause, unit.Now);
                break;
            case SendDecision.WaitTurn:
                // No refusal of this envelope: it is as if it had not been sent.
                submission.Tries--;
                SendLater(submission, Turns.Pause, unit.Now);
                break;
            case SendDecision.BidMore more:
                if (!escalation.Raise(submission, prices.High, more.AskedFee, mayBePending: false, unit))
                    SendLater(submission, more.PauseOtherwise, unit.Now);
                submission.CheckAt ??= unit.Now + (2 * options.PollInterval);
                break;
            case SendDecision.FundFeeAccount:
                escalation.GiveUpOnAccount(submission, unit);
                break;
            case SendDecision.TellHuman human:
                submission.State = SubmissionState.Watching;
                submission.SendAt = null;
                submission.CheckAt = unit.Now;
                // A human looks at its payout already; a refused burn is tried again with another envelope.
                if (submission.Kind == SubmissionKind.Burn)
                    break;
                SubmitterMetrics.Failures.WithLabels(nameof(PayoutStage.Submit), nameof(FailureCode.Refused)).Inc();
                unit.Publish(new PayoutUnresolved
                {
                    PayoutId = submission.PayoutId,
                    Attempt = submission.Attempt,
                    Slot = submission.Slot,
                    TransactionHash = submission.TransactionHash,
                    Code = FailureCode.Refused,
                    Detail = human.Detail,
                });
                break;
        }
    }

    private static PriceView ViewOf(Submission submission, FeePrices prices) => prices.Median == 0 ? PriceView.NotAsked
        : FeeLadder.RateOf(Transaction.FromBase64(submission.SignedXdr), submission.BumpFeeStroops) < prices.Median ? PriceView.TooLow : PriceView.Fair;

    private void SendLater(Submission submission, TimeSpan pause, DateTimeOffset now)
    {
        // A claim lies ahead: a time that is here already was set meanwhile, because the number before this one is done.
        if (submission.SendAt > now)
            submission.SendAt = now + pause;
        // It may be on the ledger although nobody said so.
        submission.CheckAt ??= now + (2 * options.PollInterval);
    }

    private static void Announce(Submission submission, uint ledger, UnitOfWork<SubmitterDbContext> unit)
    {
        if (submission.Announced || submission.Kind == SubmissionKind.Burn)
            return;
        submission.Announced = true;
        unit.Publish(new PayoutSubmitted
        {
            PayoutId = submission.PayoutId,
            Attempt = submission.Attempt,
            TransactionHash = submission.TransactionHash,
            Ledger = ledger,
        });
    }

    private sealed record Answer(Submission Submission, SendOutcome Outcome, SlotPlace Place, FeePrices Prices);
}
