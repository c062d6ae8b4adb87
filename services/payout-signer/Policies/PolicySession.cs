using Payouts.Contracts;
using Payouts.Hosting.Messaging;
using Payouts.Signer.Orders;
using Payouts.Signer.Requests;

namespace Payouts.Signer.Policies;

/// <summary>Judges the requests of one transaction, one after the other: what the first uses up is gone for the second.</summary>
public sealed class PolicySession
{
    private static readonly TimeSpan Hour = TimeSpan.FromMinutes(60);
    private readonly SigningPolicy? _policy;
    private readonly bool _directPayouts;
    private readonly string _contract;
    private readonly IReadOnlySet<string> _stopped;
    private readonly UnitOfWork<SignerDbContext> _unit;

    internal PolicySession(SigningPolicyChoice policy, string contract, IReadOnlySet<string> stopped, UnitOfWork<SignerDbContext> unit) =>
        (_policy, _directPayouts, _contract, _stopped, _unit) = (policy.Value, policy.DirectPayouts, contract, stopped, unit);

    internal Dictionary<PayoutId, int> Approvals { get; set; } = [];

    internal HashSet<PayoutId> Counted { get; set; } = [];

    internal List<PolicyMinute> Minutes { get; set; } = [];

    internal List<PolicyRound> Rounds { get; set; } = [];

    /// <summary>Judges a request that pays <paramref name="debts"/>, all of one round. What is allowed is counted, and the decision is recorded when it is another than before.</summary>
    public PolicyVerdict Judge(SignRequest request, IReadOnlyList<Order> debts)
    {
        var (round, currency) = (debts[0].RoundId, debts[0].Currency);
        var uncounted = debts.Where(x => !Counted.Contains(x.PayoutId)).ToList();
        var one = CaseOf(debts, Sum(uncounted.Select(x => x.Amount)));
        if (debts.Any(x => x.IsDirect))
            one = one with { Direct = new DirectCase(_directPayouts, Sum(Minutes.Where(x => x.Currency == DirectName.Of(currency)).Select(x => x.Amount)), debts.Min(x => Approvals.GetValueOrDefault(x.PayoutId))) };
        var verdict = PolicyCheck.Judge(_policy, one, SumsOf(round, currency), _stopped, ApprovalsOf(debts), _unit.Now);
        if (verdict is PolicyVerdict.Allow && _policy is { CountsSums: true })
            Count(uncounted, round, currency);
        // Without a policy, what is allowed is no decision; and who waits is judged every few seconds.
        if ((_policy is not null || verdict is not PolicyVerdict.Allow) && request.Decision != verdict.Rule.ToString())
            Record(request, verdict);
        return verdict;
    }

    /// <summary>Judges an envelope whose call was judged before, when it was authorized: it may go unless a person stopped its currency or contract.</summary>
    public PolicyVerdict JudgeStops(SignRequest request, IReadOnlyList<Order> debts)
    {
        var verdict = PolicyCheck.Judge(null, CaseOf(debts, Stroops.Zero), new PolicySums(Stroops.Zero, Stroops.Zero, Stroops.Zero), _stopped, approvals: 0, _unit.Now);
        if (verdict is not PolicyVerdict.Allow && request.Decision != verdict.Rule.ToString())
            Record(request, verdict);
        return verdict;
    }

    /// <summary>A request that waited until its envelope was of no use.</summary>
    public void RecordEnd(SignRequest request, string detail) => Record(request, new PolicyVerdict.Refuse(PolicyRule.WaitedTooLong, detail));

    /// <summary>The beginning of a moment's minute.</summary>
    internal static DateTimeOffset MinuteOf(DateTimeOffset moment) => new(moment.UtcTicks - (moment.UtcTicks % TimeSpan.TicksPerMinute), TimeSpan.Zero);

    private PolicyCase CaseOf(IReadOnlyList<Order> debts, Stroops uncounted) =>
        new(debts[0].RoundId, debts[0].Currency, _contract, [.. debts.Select(x => new PayoutShare { Winner = x.Winner, Amount = x.Amount })], uncounted);

    private PolicySums SumsOf(string round, string currency)
    {
        var hour = MinuteOf(_unit.Now - Hour);
        var day = Minutes.Where(x => x.Currency == currency).ToList();
        return new PolicySums(
            Sum(Rounds.Where(x => x.RoundId == round && x.Currency == currency).Select(x => x.Amount)),
            Sum(day.Where(x => x.Minute >= hour).Select(x => x.Amount)),
            Sum(day.Select(x => x.Amount)));
    }

    /// <summary>Of the payouts above the threshold, the one that the fewest people approved.</summary>
    private int ApprovalsOf(IReadOnlyList<Order> debts)
    {
        if (_policy is null || !_policy.Currencies.TryGetValue(debts[0].Currency, out var limits) || limits.ApproveAbove is not { } threshold)
            return 0;
        return debts.Where(x => x.Amount > threshold).Select(x => Approvals.GetValueOrDefault(x.PayoutId)).DefaultIfEmpty(0).Min();
    }

    private void Count(List<Order> debts, string round, string currency)
    {
        var sum = Sum(debts.Select(x => x.Amount));
        if (sum == Stroops.Zero)
            return;
        foreach (var debt in debts)
        {
            Counted.Add(debt.PayoutId);
            _unit.Db.Set<PolicyCounted>().Add(new PolicyCounted { PayoutId = debt.PayoutId, At = _unit.Now });
        }

        CountMinute(currency, sum);
        // What is paid outside rounds counts in its currency, and by itself besides.
        if (debts.Exists(x => x.IsDirect))
            CountMinute(DirectName.Of(currency), sum);
        var inRound = Rounds.Find(x => x.RoundId == round && x.Currency == currency) ?? Added(Rounds, new PolicyRound { RoundId = round, Currency = currency });
        (inRound.Amount, inRound.At) = (inRound.Amount + sum, _unit.Now);
    }

    private void CountMinute(string currency, Stroops sum)
    {
        var minute = MinuteOf(_unit.Now);
        var row = Minutes.Find(x => x.Currency == currency && x.Minute == minute) ?? Added(Minutes, new PolicyMinute { Currency = currency, Minute = minute });
        row.Amount += sum;
    }

    private T Added<T>(List<T> rows, T row)
        where T : class
    {
        rows.Add(row);
        _unit.Db.Set<T>().Add(row);
        return row;
    }

    private void Record(SignRequest request, PolicyVerdict verdict)
    {
        _unit.Db.Set<PolicyDecision>().Add(new PolicyDecision
        {
            Id = _unit.NewId(),
            RequestId = request.RequestId,
            PayoutId = request.PayoutId,
            Verdict = verdict.GetType().Name,
            Rule = verdict.Rule,
            Detail = verdict.Detail,
            PolicyVersion = _policy?.Version,
            At = _unit.Now,
        });
        _unit.BeforeCommit(_ =>
        {
            SignerMetrics.PolicyDecisions.WithLabels(verdict.GetType().Name, verdict.Rule.ToString()).Inc();
            return Task.CompletedTask;
        });
    }

    private static Stroops Sum(IEnumerable<Stroops> amounts) => amounts.Aggregate(Stroops.Zero, (sum, amount) => sum + amount);
}
