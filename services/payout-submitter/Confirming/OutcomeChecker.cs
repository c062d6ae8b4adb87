using Microsoft.EntityFrameworkCore;
using Payouts.Hosting.Background;
using Payouts.Hosting.Database;
using Payouts.Hosting.Messaging;
using Payouts.Hosting.Rpc;
using Payouts.Hosting.Steps;
using Payouts.Stellar;
using Payouts.Stellar.Rpc;
using Payouts.Submitter.Sending;

namespace Payouts.Submitter.Confirming;

/// <summary>
/// The backstop of the ledger's events: asks by hash for what they did not tell (FAILED tells nothing there), proves envelopes dead
/// whose validity is over, and hands to a human what cannot be known.
/// </summary>
public sealed class OutcomeChecker(
    UnitOfWorkFactory<SubmitterDbContext> units,
    IDbContextFactory<SubmitterDbContext> contexts,
    ISorobanRpcClient rpc,
    LedgerClock clock,
    Outcomes outcomes,
    Escalation escalation,
    FeeMarket market,
    SubmissionSignal signal,
    SubmitterOptions options,
    IStepPoints points,
    TimeProvider time,
    ILogger<OutcomeChecker> logger)
    : BackgroundLoop("asking for outcomes", time, logger)
{
    private const int BatchSizeMax = 100;

    /// <summary>How long a node's queue keeps a transaction.</summary>
    private const uint PendingLedgers = 4;

    private static readonly TimeSpan Claim = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LatePauseMax = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan PauseMax = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(500);

    /// <param name="Evidence">What was found.</param>
    /// <param name="Ledger">As of which ledger.</param>
    /// <param name="Verdict">When a transaction was found.</param>
    /// <param name="Hash">Its hash, as the ledger records it.</param>
    private sealed record Finding(LedgerEvidence Evidence, uint Ledger, LedgerVerdict? Verdict = null, string? Hash = null);

    /// <inheritdoc />
    protected override TimeSpan Pause => PollInterval;

    /// <inheritdoc />
    protected override async Task<bool> StepAsync(CancellationToken cancellationToken)
    {
        var due = await units.RunAsync(unit => ClaimAsync(unit, cancellationToken), cancellationToken, "claim");
        if (due.Count == 0)
            return false;
        var findings = new Dictionary<string, (Submission Asked, Finding Finding)>(StringComparer.Ordinal);
        await Parallel.ForEachAsync(due, new ParallelOptions { MaxDegreeOfParallelism = options.QuestionsAtOnceMax, CancellationToken = cancellationToken }, async (submission, token) =>
        {
            var finding = await AskAsync(submission, token);
            lock (findings)
                findings[submission.TransactionHash] = (submission, finding);
        });
        points.Pass("payout-submitter/OutcomeChecker/asked");
        var prices = escalation.IsOn && findings.Values.Any(x => x.Finding.Evidence == LedgerEvidence.Late) ? await market.PricesAsync(cancellationToken) : new FeePrices(0, 0);
        await units.RunAsync(async unit =>
        {
            foreach (var (hash, submission) in await unit.LockByHashAsync(findings.Keys, cancellationToken))
            {
                var (asked, finding) = findings[hash];
                // A slot may be watched for longer than was asked for: what was found is no proof for that, and it is asked again at once.
                if (submission.State != SubmissionState.Done && (asked.ValidUntil, asked.MaxLedger) == (submission.ValidUntil, submission.MaxLedger))
                    Apply(submission, finding, prices, unit);
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
        if (submission.Kind != SubmissionKind.Watch && await FindAsync(submission.TransactionHash, submission, cancellationToken) is { } own)
            return new Finding(LedgerEvidence.Applied, own.Ledger, LedgerJudge.Judge(own, submission, options), own.Hash.ToString());
        foreach (var hash in submission.Rivals.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            // One that failed without saying how may not have taken the number: then the burn still can, or the watch sees it, and that is told by its own end.
            if (await FindAsync(hash, submission, cancellationToken) is { } rival && LedgerJudge.JudgePayment(rival, submission, options) is var verdict and not LedgerVerdict.Unclear)
                return new Finding(LedgerEvidence.RivalApplied, rival.Ledger, verdict, rival.Hash.ToString());
        }

        var overByTime = now.IsTold && now.ClosedAt > submission.ValidUntil;
        if (!overByTime && now.Ledger + 1 < submission.MaxLedger)
            return new Finding(submission.AcceptedLedger + options.BumpAfterLedgers <= now.Ledger ? LedgerEvidence.Late : LedgerEvidence.StillValid, now.Ledger);
        // One consistent snapshot: the account's sequence number at a ledger from which on the envelope cannot be applied.
        var account = await rpc.GetAccountAsync(AccountId.Parse(submission.Channel), cancellationToken);
        var past = account.LatestLedger + 1 >= submission.MaxLedger || (overByTime && account.LatestLedger >= now.Ledger);
        var place = SendTable.PlaceOf(account, submission.SequenceNumber);
        if (past && place == SlotPlace.Consumed && await OtherBurnAsync(submission, cancellationToken) is { } burn)
            return new Finding(LedgerEvidence.Applied, burn.Ledger, LedgerJudge.Judge(burn, submission, options), burn.Hash.ToString());
        return new Finding(!past ? LedgerEvidence.StillValid : place switch
        {
            SlotPlace.Later or SlotPlace.Next => LedgerEvidence.Dead,
            SlotPlace.Consumed => LedgerEvidence.NumberConsumed,
            // An account that is gone proves nothing: it may have been merged away after it consumed the number.
            _ => LedgerEvidence.NotProvable,
        }, account.LatestLedger);
    }

    /// <summary>Of a burn: an earlier or later burn of the same slot that was applied in its place. Either says the same of the slot.</summary>
    private async Task<TransactionRecord?> OtherBurnAsync(Submission submission, CancellationToken cancellationToken)
    {
        if (submission.Kind != SubmissionKind.Burn)
            return null;
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var others = await db.Submissions.AsNoTracking().Where(x => x.Kind == SubmissionKind.Burn && x.Channel == submission.Channel
            && x.SequenceNumber == submission.SequenceNumber && x.TransactionHash != submission.TransactionHash).ToListAsync(cancellationToken);
        foreach (var other in others)
        {
            if (await FindAsync(other.TransactionHash, other, cancellationToken) is { } found)
                return found;
        }

        return null;
    }

    /// <summary>
    /// An applied transaction, asked for by the hashes of the envelope's fee bumps and then by its own. An RPC resolves the hash inside a fee
    /// bump too, but answers with the hash that it was asked for; the ledger's record has the other.
    /// </summary>
    private async Task<TransactionRecord?> FindAsync(string hash, Submission submission, CancellationToken cancellationToken)
    {
        if (submission.Bumps > 0 || submission.Rivals.Length > 0)
        {
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            foreach (var bump in await db.FeeBumps.AsNoTracking().Where(x => x.TransactionHash == hash).Select(x => x.BumpHash).ToListAsync(cancellationToken))
            {
                if (await LookUpAsync(bump, cancellationToken) is { } bumped)
                    return bumped;
            }
        }

        return await LookUpAsync(hash, cancellationToken);
    }

    private async Task<TransactionRecord?> LookUpAsync(string hash, CancellationToken cancellationToken) =>
        await rpc.GetTransactionAsync(TransactionHash.Parse(hash), cancellationToken) is TransactionLookup.Found found ? found.Transaction : null;

    private void Apply(Submission submission, Finding finding, FeePrices prices, UnitOfWork<SubmitterDbContext> unit)
    {
        if (finding.Evidence is LedgerEvidence.NumberConsumed or LedgerEvidence.NotProvable)
            submission.PollsAfterEnd++;
        switch (OutcomeTable.Decide(finding.Evidence, submission.PollsAfterEnd >= options.PollsAfterEndMax))
        {
            case OutcomeDecision.Conclude:
                outcomes.Conclude(submission, finding.Verdict!, unit, finding.Hash!);
                break;
            case OutcomeDecision.Expire:
                outcomes.Expired(submission, finding.Ledger, unit);
                break;
            case OutcomeDecision.TellHuman human:
                outcomes.Unresolved(submission, human.Code, human.Detail, unit);
                break;
            case OutcomeDecision.Raise:
                submission.CheckAt = unit.Now + NextPause(submission, unit.Now);
                Raise(submission, finding.Ledger, prices, unit);
                break;
            case OutcomeDecision.AskAgain:
                submission.CheckAt = unit.Now + NextPause(submission, unit.Now);
                break;
        }
    }

    private void Raise(Submission submission, uint ledger, FeePrices prices, UnitOfWork<SubmitterDbContext> unit)
    {
        // Another look may have dealt with it since it was asked for.
        if (submission.AcceptedLedger is not { } accepted || accepted + options.BumpAfterLedgers > ledger)
            return;
        if (escalation.Raise(submission, prices.High, askedFee: 0, mayBePending: ledger < accepted + PendingLedgers, unit) || escalation.IsOn)
            return;
        submission.State = SubmissionState.Sending;
        submission.SendAt = unit.Now;
        submission.AcceptedLedger = null;
        unit.AfterCommit(signal.Set);
    }

    /// <summary>Soon at first, for FAILED is told only here; then ever less often, for the events tell the rest.</summary>
    private TimeSpan NextPause(Submission submission, DateTimeOffset now)
    {
        var waited = now - (submission.AcceptedAt ?? submission.CreatedAt);
        var pause = waited < options.PollInterval ? options.PollInterval : waited;
        // What is waited for by the ledger is looked at while it may become late.
        var longest = submission.AcceptedLedger is null ? PauseMax : LatePauseMax;
        return pause < longest ? pause : longest;
    }
}
