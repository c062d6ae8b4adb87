using Microsoft.EntityFrameworkCore;
using Payouts.Contracts;
using Payouts.Hosting.Database;
using Payouts.Hosting.Messaging;
using Payouts.Signer.Configuration;
using Payouts.Signer.Orders;

namespace Payouts.Signer.Policies;

/// <summary>Brings the policy's memory into a transaction: what was let go before, what people approved and stopped.</summary>
/// <param name="policy">What PAYOUTS_SIGNING_POLICY_FILE says; holds null without one.</param>
/// <param name="installation">The contract that is called.</param>
public sealed class PolicyDesk(SigningPolicyChoice policy, SignerPolicy installation)
{
    private static readonly TimeSpan Day = TimeSpan.FromHours(24);

    /// <summary>What is needed to judge requests that pay these debts. With limits over time the transaction holds the sums until it ends.</summary>
    public async Task<PolicySession> OpenAsync(UnitOfWork<SignerDbContext> unit, IReadOnlyCollection<Order> debts, CancellationToken cancellationToken)
    {
        var switches = unit.Db.Set<PolicySwitch>().AsNoTracking();
        var stopped = await switches.Where(x => x.Stopped && !switches.Any(later => later.Subject == x.Subject && later.Id.CompareTo(x.Id) > 0))
            .Select(x => x.Subject).ToHashSetAsync(StringComparer.Ordinal, cancellationToken);
        var session = new PolicySession(policy, installation.Call.Contract.ToString(), stopped, unit);
        if (policy.Value is null || debts.Count == 0)
            return session;
        var ids = debts.Select(x => x.PayoutId).Distinct().ToList();
        var approvals = await unit.Db.Set<PolicyApproval>().AsNoTracking().Where(x => ids.Contains(x.PayoutId)).Select(x => new { x.PayoutId, x.ByWhom }).ToListAsync(cancellationToken);
        // Ana's key and Ana's token may write her name differently: upper and lower case alike, as four eyes has it.
        // Who ordered a direct payout is not among them.
        var orderedBy = debts.DistinctBy(x => x.PayoutId).ToDictionary(x => x.PayoutId, x => x.OrderedBy);
        session.Approvals = approvals.GroupBy(x => x.PayoutId).ToDictionary(x => x.Key, x => x.Where(y => !IsSame(y.ByWhom, orderedBy[x.Key]))
            .DistinctBy(y => y.ByWhom, StringComparer.OrdinalIgnoreCase).Count());
        if (!policy.Value.CountsSums)
            return session;
        await unit.LockAsync<SignerDbContext, PolicyLock>("select * from policy_lock", skipLocked: false, [], cancellationToken);
        var currencies = debts.Select(x => x.Currency).Concat(debts.Where(x => x.IsDirect).Select(x => DirectName.Of(x.Currency))).Distinct().ToList();
        var rounds = debts.Select(x => x.RoundId).Distinct().ToList();
        // Whole minutes: the one in which the window begins counts in full, so a limit is never exceeded by the rounding.
        var since = PolicySession.MinuteOf(unit.Now - Day);
        session.Counted = await unit.Db.Set<PolicyCounted>().AsNoTracking().Where(x => ids.Contains(x.PayoutId)).Select(x => x.PayoutId).ToHashSetAsync(cancellationToken);
        session.Minutes = await unit.Db.Set<PolicyMinute>().AsTracking().Where(x => currencies.Contains(x.Currency) && x.Minute >= since).ToListAsync(cancellationToken);
        session.Rounds = await unit.Db.Set<PolicyRound>().AsTracking().Where(x => rounds.Contains(x.RoundId)).ToListAsync(cancellationToken);
        return session;
    }

    private static bool IsSame(string one, string? other) => string.Equals(one.Trim(), other?.Trim(), StringComparison.OrdinalIgnoreCase);
}

/// <summary>The configured policy, or none.</summary>
/// <param name="Value">Null: nothing is limited.</param>
public sealed record SigningPolicyChoice(SigningPolicy? Value)
{
    /// <summary>Whether anything is signed that no round owes.</summary>
    public bool DirectPayouts { get; init; }
}
