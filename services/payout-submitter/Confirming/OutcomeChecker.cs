using Payouts.Contracts;
using Payouts.Hosting.Background;
using Payouts.Hosting.Database;
using Payouts.Hosting.Messaging;
using Payouts.Hosting.Rpc;
using Payouts.Hosting.Steps;
using Payouts.Stellar;
using Payouts.Stellar.Rpc;

namespace Payouts.Submitter.Confirming;

/// <summary>
/// The backstop of the ledger's events: asks by hash for what they did not tell (FAILED tells nothing there), proves envelopes dead
/// whose validity is over, and hands to a human what cannot be known.
/// </summary>
public sealed class OutcomeChecker(
    UnitOfWorkFactory<SubmitterDbContext> units,
    ISorobanRpcClient rpc,
    LedgerClock clock,
    Outcomes outcomes,
    SubmitterOptions options,
    IStepPoints points,
    TimeProvider time,
    ILogger<OutcomeChecker> logger)
    : BackgroundLoop("asking for outcomes", time, logger)
{
    private const int BatchSizeMax = 100;
    private const int QuestionsAtOnceMax = 16;
    private static readonly TimeSpan Claim = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan PauseMax = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(500);

    private sealed record Finding(LedgerVerdict? Verdict, uint? ProvenDeadAt, bool ValidityOver, bool SequenceConsumed)
    {
        /// <summary>The transaction of the verdict, when it is not the submission's own.</summary>
        public string? Rival { get; init; }
    }

    /// <inheritdoc />
    protected override TimeSpan Pause => PollInterval;

    /// <inheritdoc />
    protected override async Task<bool> StepAsync(CancellationToken cancellationToken)
    {
        var due = await units.RunAsync(unit => ClaimAsync(unit, cancellationToken), cancellationToken, "claim");
        if (due.Count == 0)
            return false;
        var findings = new Dictionary<string, Finding>(StringComparer.Ordinal);
        await Parallel.ForEachAsync(due, new ParallelOptions { MaxDegreeOfParallelism = QuestionsAtOnceMax, CancellationToken = cancellationToken }, async (submission, token) =>
        {
            var finding = await AskAsync(submission, token);
            lock (findings)
                findings[submission.TransactionHash] = finding;
        });
        points.Pass("payout-submitter/OutcomeChecker/asked");
        await units.RunAsync(async unit =>
        {
            foreach (var (hash, submission) in await unit.LockByHashAsync(findings.Keys, cancellationToken))
            {
                if (submission.State != SubmissionState.Done)
                    Apply(submission, findings[hash], unit);
            }

            return true;
        }, cancellationToken, "record");
        return due.Count == BatchSizeMax;
    }

    private static async Task<IReadOnlyList<Submission>> ClaimAsync(UnitOfWork<SubmitterDbContext> unit, CancellationToken cancellationToken)
    {
        var due = await unit.LockAsync<SubmitterDbContext, Submission>(
            "select * from submissions where check_at <= {0} order by check_at limit {1}", skipLocked: true,
            [unit.Now.UtcDateTime, BatchSizeMax], cancellationToken);
        foreach (var submission in due)
            submission.CheckAt = unit.Now + Claim;
        return due;
    }

    private async Task<Finding> AskAsync(Submission submission, CancellationToken cancellationToken)
    {
        // The clock is read first: what follows is at least as new, so a ledger past the validity is past it in the proof too.
        var now = await clock.NowAsync(cancellationToken);
        if (await rpc.GetTransactionAsync(TransactionHash.Parse(submission.TransactionHash), cancellationToken) is TransactionLookup.Found found)
            return new Finding(LedgerJudge.Judge(found.Transaction, submission, options), null, ValidityOver: false, SequenceConsumed: true);
        if (await FindRivalAsync(submission, cancellationToken) is { } rival)
            return rival;
        var overByTime = now.ClosedAt > submission.ValidUntil;
        if (!overByTime && now.Ledger + 1 < submission.MaxLedger)
            return new Finding(null, null, ValidityOver: false, SequenceConsumed: false);
        // One consistent snapshot: the account's sequence number at a ledger from which on the envelope cannot be applied.
        var account = await rpc.GetAccountAsync(AccountId.Parse(submission.Channel), cancellationToken);
        var consumed = account.SequenceNumber >= submission.SequenceNumber;
        // An account that is gone proves nothing: it may have been merged away after it consumed the number.
        var unconsumed = account.SequenceNumber < submission.SequenceNumber;
        var past = account.LatestLedger + 1 >= submission.MaxLedger || (overByTime && account.LatestLedger >= now.Ledger);
        return new Finding(null, past && unconsumed ? account.LatestLedger : null, past, consumed);
    }

    /// <summary>Whether one of the payments that share a burn's slot was applied in its place.</summary>
    private async Task<Finding?> FindRivalAsync(Submission burn, CancellationToken cancellationToken)
    {
        foreach (var hash in burn.Rivals.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (await rpc.GetTransactionAsync(TransactionHash.Parse(hash), cancellationToken) is TransactionLookup.Found found)
                return new Finding(LedgerJudge.JudgePayment(found.Transaction, burn, options), null, ValidityOver: false, SequenceConsumed: true) { Rival = hash };
        }

        return null;
    }

    private void Apply(Submission submission, Finding finding, UnitOfWork<SubmitterDbContext> unit)
    {
        if (finding.Verdict is { } verdict)
            outcomes.Conclude(submission, verdict, unit, finding.Rival);
        else if (finding.ProvenDeadAt is { } ledger)
            outcomes.Expired(submission, ledger, unit);
        else if (finding.ValidityOver && ++submission.PollsAfterEnd >= options.PollsAfterEndMax)
            outcomes.Unresolved(submission,
                finding.SequenceConsumed ? FailureCode.SlotConsumedElsewhere : FailureCode.OutcomeUnknown,
                finding.SequenceConsumed
                    ? "the slot's sequence number is consumed, but no transaction with this hash is found: RPC retention, a lagging RPC, or another user of the account; compare get_payout of the contract"
                    : "the network tells neither the transaction nor a proof of its death",
                unit);
        else
            submission.CheckAt = unit.Now + NextPause(submission, unit.Now);
    }

    /// <summary>Soon at first, for FAILED is told only here; then ever less often, for the events tell the rest.</summary>
    private TimeSpan NextPause(Submission submission, DateTimeOffset now)
    {
        var waited = now - (submission.AcceptedAt ?? submission.CreatedAt);
        var pause = waited < options.PollInterval ? options.PollInterval : waited;
        return pause < PauseMax ? pause : PauseMax;
    }
}
