using Microsoft.EntityFrameworkCore;
using Payouts.Builder.Lanes;
using Payouts.Builder.Saga;
using Payouts.Contracts;
using Payouts.Hosting.Messaging;
using Payouts.Hosting.Sagas;

namespace Payouts.Builder.Deciding;

/// <summary>What a caller asks for.</summary>
/// <param name="By">Who decides.</param>
/// <param name="Reason">Why.</param>
/// <param name="TransactionHash">Of a question: the transaction that is said to have paid.</param>
public sealed record Decision(string? By, string? Reason, string? TransactionHash = null);

/// <summary>How the desk answered. A closed set.</summary>
public abstract record DecisionAnswer
{
    private DecisionAnswer()
    {
    }

    /// <summary>Taken: proposed or applied, now or by an earlier request with the same key.</summary>
    public sealed record Taken(DecisionStep Step) : DecisionAnswer;

    /// <summary>There is no such payout or decision.</summary>
    public sealed record Unknown(string Detail) : DecisionAnswer;

    /// <summary>The request itself is wrong.</summary>
    public sealed record Wrong(string Detail) : DecisionAnswer;

    /// <summary>Not now, not for this payout, or not by this person.</summary>
    public sealed record Refused(string Detail) : DecisionAnswer;
}

/// <summary>
/// Takes decisions: the payout is locked, the rule asked, the event raised on the state machine, and who, why, before and after are kept, all in
/// one transaction. With four eyes the first person only proposes; the rule is asked again when the second approves.
/// </summary>
public sealed class DecisionDesk(UnitOfWorkFactory<BuilderDbContext> units, PayoutStateMachine machine, DecidingOptions deciding, LaneSignal signal)
{
    private const int TextMax = 500;
    private readonly SagaRaiser<BuilderDbContext, Payout> _raiser = new(machine);

    /// <summary>Decides, or proposes.</summary>
    public Task<DecisionAnswer> DecideAsync(Guid payoutId, DecisionKind kind, Decision decision, string? key, CancellationToken cancellationToken) => units.RunAsync<DecisionAnswer>(async unit =>
    {
        if (Problem(decision, key) is { } problem)
            return new DecisionAnswer.Wrong(problem);
        if (await SagaInstances<BuilderDbContext, Payout>.Of(unit).FindAsync(payoutId, cancellationToken) is not { } payout)
            return new DecisionAnswer.Unknown($"there is no payout {payoutId}");
        if (key is not null && await unit.Db.Set<DecisionStep>().AsNoTracking().SingleOrDefaultAsync(x => x.IdempotencyKey == key, cancellationToken) is { } known)
            return Same(known, payoutId, kind, decision)
                ? new DecisionAnswer.Taken(await LastAsync(unit, known.DecisionId, cancellationToken))
                : new DecisionAnswer.Refused($"the Idempotency-Key was used for decision {known.DecisionId}, {known.Kind} of payout {known.PayoutId} by {known.ByWhom}; take a new key for another decision");
        if (await OpenAsync(unit, payoutId, cancellationToken) is { } open && DecisionRules.NeedsApproval(kind))
            return new DecisionAnswer.Refused($"{open.Kind}, proposed by {open.ByWhom}, waits for its approval until {open.ExpiresAt:O}: POST /decisions/{open.DecisionId}/approve or /withdraw first");
        if (DecisionRules.Refuse(kind, payout, decision.TransactionHash) is { } why)
            return new DecisionAnswer.Refused(why);
        var id = unit.NewId();
        if (deciding.FourEyes && DecisionRules.NeedsApproval(kind))
        {
            var facts = PayoutFacts.Of(payout);
            return Keep(unit, Step(unit, id, 1, payout, kind, DecisionStatus.Proposed, decision, facts, facts, key, expires: unit.Now + deciding.ApprovalMax));
        }

        return Keep(unit, await ApplyAsync(unit, id, 1, payout, kind, decision, key, decision.By!, cancellationToken));
    }, cancellationToken);

    /// <summary>The second person says yes.</summary>
    public Task<DecisionAnswer> ApproveAsync(Guid decisionId, Decision approval, CancellationToken cancellationToken) =>
        AnswerAsync(decisionId, approval, async (unit, proposed, payout) =>
        {
            if (string.Equals(proposed.ByWhom.Trim(), approval.By!.Trim(), StringComparison.OrdinalIgnoreCase))
                return new DecisionAnswer.Refused($"{proposed.ByWhom} proposed it: somebody else approves it");
            if (DecisionRules.Refuse(proposed.Kind, payout, proposed.TransactionHash) is { } why)
            {
                var facts = PayoutFacts.Of(payout);
                Keep(unit, Step(unit, decisionId, 2, payout, proposed.Kind, DecisionStatus.Refused, approval, facts, facts, detail: why));
                return new DecisionAnswer.Refused($"since it was proposed the payout has moved on: {why}");
            }

            var decision = new Decision($"{proposed.ByWhom} and {approval.By}", $"{proposed.Reason}; {approval.Reason}", proposed.TransactionHash);
            return Keep(unit, await ApplyAsync(unit, decisionId, 2, payout, proposed.Kind, decision, null, approval.By!, cancellationToken));
        }, cancellationToken);

    /// <summary>Anybody takes it back.</summary>
    public Task<DecisionAnswer> WithdrawAsync(Guid decisionId, Decision withdrawal, CancellationToken cancellationToken) =>
        AnswerAsync(decisionId, withdrawal, (unit, proposed, payout) =>
        {
            var facts = PayoutFacts.Of(payout);
            return Task.FromResult<DecisionAnswer>(Keep(unit, Step(unit, decisionId, 2, payout, proposed.Kind, DecisionStatus.Withdrawn, withdrawal, facts, facts)));
        }, cancellationToken);

    private Task<DecisionAnswer> AnswerAsync(
        Guid decisionId, Decision answer, Func<UnitOfWork<BuilderDbContext>, DecisionStep, Payout, Task<DecisionAnswer>> work, CancellationToken cancellationToken) => units.RunAsync<DecisionAnswer>(async unit =>
    {
        if (Problem(answer, null) is { } problem)
            return new DecisionAnswer.Wrong(problem);
        if (await unit.Db.Set<DecisionStep>().AsNoTracking().SingleOrDefaultAsync(x => x.DecisionId == decisionId && x.Step == 1, cancellationToken) is not { } proposed)
            return new DecisionAnswer.Unknown($"there is no decision {decisionId}");
        // The payout's lock is the decision's: two approvals wait for each other here.
        var payout = await SagaInstances<BuilderDbContext, Payout>.Of(unit).FindAsync(proposed.PayoutId, cancellationToken) ?? throw new InvalidOperationException($"payout {proposed.PayoutId} is gone");
        var last = await LastAsync(unit, decisionId, cancellationToken);
        if (last.Status != DecisionStatus.Proposed)
            return last.ByWhom == answer.By ? new DecisionAnswer.Taken(last) : new DecisionAnswer.Refused($"it is {last.Status} since {last.At:O}, by {last.ByWhom}; decide again if that is not right");
        if (unit.Now < last.ExpiresAt)
            return await work(unit, proposed, payout);
        var facts = PayoutFacts.Of(payout);
        Keep(unit, Step(unit, decisionId, 2, payout, proposed.Kind, DecisionStatus.Expired, answer, facts, facts, detail: "nobody approved it in time"));
        return new DecisionAnswer.Refused($"it expired at {last.ExpiresAt:O}: propose it again");
    }, cancellationToken);

    private async Task<DecisionStep> ApplyAsync(
        UnitOfWork<BuilderDbContext> unit, Guid id, int step, Payout payout, DecisionKind kind, Decision decision, string? key, string last, CancellationToken cancellationToken)
    {
        var before = PayoutFacts.Of(payout);
        var (by, reason) = (decision.By!, decision.Reason!);
        switch (kind)
        {
            case DecisionKind.Hold:
                await _raiser.RaiseAsync(unit, payout, machine.HoldRequested, new HoldRequested { PayoutId = payout.Id, By = by, Reason = reason }, cancellationToken);
                break;
            case DecisionKind.Release or DecisionKind.Retry:
                await _raiser.RaiseAsync(unit, payout, machine.RetryPayout, new RetryPayout { PayoutId = payout.Id, By = by, Reason = reason }, cancellationToken);
                break;
            case DecisionKind.Verify:
                unit.Publish(payout.VerifyCommand() with { TransactionHash = decision.TransactionHash, AskedBy = $"{by}: {reason}" });
                break;
            case DecisionKind.Cancel:
                await _raiser.RaiseAsync(unit, payout, machine.CancelPayout, new CancelPayout { PayoutId = payout.Id, By = by, Reason = reason }, cancellationToken);
                break;
            case DecisionKind.WriteOff:
                await _raiser.RaiseAsync(unit, payout, machine.WriteOffRequested, new WriteOffRequested { PayoutId = payout.Id, By = by, Reason = reason }, cancellationToken);
                break;
            default:
                throw new InvalidOperationException($"{kind} is no decision");
        }

        unit.AfterCommit(signal.Set);
        return Step(unit, id, step, payout, kind, DecisionStatus.Applied, decision with { By = last }, before, PayoutFacts.Of(payout), key);
    }

    private static DecisionAnswer.Taken Keep(UnitOfWork<BuilderDbContext> unit, DecisionStep step)
    {
        unit.Db.Add(step);
        BuilderMetrics.Decisions.WithLabels(step.Kind.ToString(), step.Status.ToString()).Inc();
        return new DecisionAnswer.Taken(step);
    }

    private static DecisionStep Step(
        UnitOfWork<BuilderDbContext> unit, Guid id, int step, Payout payout, DecisionKind kind, DecisionStatus status, Decision decision, PayoutFacts before, PayoutFacts after,
        string? key = null, DateTimeOffset? expires = null, string? detail = null) => new()
    {
        DecisionId = id, Step = step, PayoutId = payout.CorrelationId, Kind = kind, Status = status, ByWhom = decision.By!, Reason = decision.Reason!,
        TransactionHash = decision.TransactionHash, IdempotencyKey = key, ExpiresAt = expires, At = unit.Now, Amount = payout.Amount, Currency = payout.Currency,
        BeforeState = before.State, BeforeCode = before.Code, BeforeSlot = before.Slot, AfterState = after.State, AfterCode = after.Code, AfterSlot = after.Slot, Detail = detail,
    };

    private static string? Problem(Decision decision, string? key) =>
        string.IsNullOrWhiteSpace(decision.By) || string.IsNullOrWhiteSpace(decision.Reason) ? "send {\"by\": who decides, \"reason\": why}"
        : decision.By.Length > TextMax || decision.Reason.Length > TextMax || key?.Length > TextMax || decision.TransactionHash?.Length > TextMax ? $"by, reason, transactionHash and Idempotency-Key have at most {TextMax} characters"
        : !ForeignText.IsStorable(decision.By + decision.Reason + decision.TransactionHash) ? "by, reason and transactionHash hold no NUL character"
        : null;

    private static bool Same(DecisionStep known, Guid payoutId, DecisionKind kind, Decision decision) =>
        known.PayoutId == payoutId && known.Kind == kind && known.ByWhom == decision.By && known.Reason == decision.Reason && known.TransactionHash == decision.TransactionHash;

    private static Task<DecisionStep> LastAsync(UnitOfWork<BuilderDbContext> unit, Guid decisionId, CancellationToken cancellationToken) =>
        unit.Db.Set<DecisionStep>().AsNoTracking().Where(x => x.DecisionId == decisionId).OrderByDescending(x => x.Step).FirstAsync(cancellationToken);

    private static Task<DecisionStep?> OpenAsync(UnitOfWork<BuilderDbContext> unit, Guid payoutId, CancellationToken cancellationToken) =>
        unit.Db.Set<DecisionStep>().AsNoTracking().Where(x => x.PayoutId == payoutId && x.Status == DecisionStatus.Proposed && x.ExpiresAt > unit.Now
            && !unit.Db.Set<DecisionStep>().Any(y => y.DecisionId == x.DecisionId && y.Step == 2)).FirstOrDefaultAsync(cancellationToken);
}
