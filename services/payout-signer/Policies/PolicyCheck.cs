using Payouts.Contracts;

namespace Payouts.Signer.Policies;

/// <summary>What one request would pay, from the signer's own copy of the debts.</summary>
/// <param name="RoundId">The round that owes it.</param>
/// <param name="Currency">In what.</param>
/// <param name="Contract">The contract that is called, C...</param>
/// <param name="Shares">Each winner and what he gets.</param>
/// <param name="Uncounted">Of the sum, what no earlier request for the same payouts has counted.</param>
public sealed record PolicyCase(string RoundId, string Currency, string Contract, IReadOnlyList<PayoutShare> Shares, Stroops Uncounted)
{
    /// <summary>When no round owes it; else null.</summary>
    public DirectCase? Direct { get; init; }
}

/// <summary>What counts for a direct payout besides.</summary>
/// <param name="IsOn">Whether this installation signs direct payouts.</param>
/// <param name="Day">What was let go directly within 24 hours, in the case's currency.</param>
/// <param name="Approvals">How many people approved it, without the one who ordered it.</param>
public sealed record DirectCase(bool IsOn, Stroops Day, int Approvals);

/// <summary>What was let go before, in the case's currency.</summary>
/// <param name="Round">Of the same round.</param>
/// <param name="Hour">Within 60 minutes.</param>
/// <param name="Day">Within 24 hours.</param>
public sealed record PolicySums(Stroops Round, Stroops Hour, Stroops Day);

/// <summary>Judges a request by the policy, what was let go before, and what people decided. Pure.</summary>
public static class PolicyCheck
{
    /// <summary>The first rule that objects decides; what can never be right comes before what may be right later.</summary>
    /// <param name="policy">Null: only the switches count.</param>
    /// <param name="one">The request.</param>
    /// <param name="sums">What was let go before.</param>
    /// <param name="stopped">Currencies and contracts that a person stopped.</param>
    /// <param name="approvals">How many different people approved every payout of it.</param>
    /// <param name="now">The moment.</param>
    public static PolicyVerdict Judge(SigningPolicy? policy, PolicyCase one, PolicySums sums, IReadOnlySet<string> stopped, int approvals, DateTimeOffset now)
    {
        if (one.Direct is { IsOn: false })
            return Refuse(PolicyRule.DirectNotAllowed, "payouts outside rounds are not signed here: PAYOUTS_DIRECT_PAYOUTS is not true");
        if (policy is not null)
        {
            if (!policy.Currencies.TryGetValue(one.Currency, out var limits))
                return Refuse(PolicyRule.AssetNotAllowed, $"policy {policy.Version} names no currency {one.Currency}");
            if (NeverRight(policy, limits, one, sums) is { } refused)
                return refused;
        }

        if (stopped.Contains(one.Currency) || stopped.Contains(one.Contract))
            return new PolicyVerdict.Wait(PolicyRule.Stopped, $"{(stopped.Contains(one.Currency) ? one.Currency : one.Contract)} is stopped");
        return policy is null ? new PolicyVerdict.Allow(PolicyRule.WithinLimits, "no policy is configured") : MayBeRightLater(policy, policy.Currencies[one.Currency], one, sums, approvals, now);
    }

    private static PolicyVerdict? NeverRight(SigningPolicy policy, CurrencyLimits limits, PolicyCase one, PolicySums sums)
    {
        foreach (var share in one.Shares)
        {
            if (policy.Denied.Contains(share.Winner))
                return Refuse(PolicyRule.DestinationDenied, $"{share.Winner} is never paid");
            if (policy.Listed is { } listed && !listed.Contains(share.Winner))
                return Refuse(PolicyRule.DestinationNotListed, $"{share.Winner} is not among those that are paid");
            if (limits.PerPayout is { } most && share.Amount > most)
                return Refuse(PolicyRule.PayoutLimit, $"{share.Winner} would get {share.Amount} {one.Currency}; {most} is the most");
        }

        if (one.Direct is not null && policy.Direct is { } direct && NeverRightDirectly(policy, direct, one) is { } refused)
            return refused;
        if (limits.PerRound is { } round && sums.Round + one.Uncounted > round)
            return Refuse(PolicyRule.RoundLimit, $"round {one.RoundId} would pay {sums.Round + one.Uncounted} {one.Currency}; {round} is the most");
        // Waiting would not help: it is more than fits into an empty hour or day.
        if (limits.PerHour is { } hour && one.Uncounted > hour)
            return Refuse(PolicyRule.HourLimit, $"{one.Uncounted} {one.Currency} at once; {hour} in 60 minutes is the most");
        return limits.PerDay is { } day && one.Uncounted > day ? Refuse(PolicyRule.DayLimit, $"{one.Uncounted} {one.Currency} at once; {day} in 24 hours is the most") : null;
    }

    private static PolicyVerdict.Refuse? NeverRightDirectly(SigningPolicy policy, IReadOnlyDictionary<string, DirectLimits> direct, PolicyCase one)
    {
        if (!direct.TryGetValue(one.Currency, out var limits))
            return Refuse(PolicyRule.DirectNotAllowed, $"policy {policy.Version} names no direct payouts in {one.Currency}");
        if (limits.PerPayout is { } most && one.Shares.FirstOrDefault(x => x.Amount > most) is { } share)
            return Refuse(PolicyRule.PayoutLimit, $"{share.Winner} would get {share.Amount} {one.Currency} directly; {most} is the most");
        return limits.PerDay is { } day && one.Uncounted > day ? Refuse(PolicyRule.DayLimit, $"{one.Uncounted} {one.Currency} directly at once; {day} in 24 hours is the most") : null;
    }

    private static PolicyVerdict MayBeRightLater(SigningPolicy policy, CurrencyLimits limits, PolicyCase one, PolicySums sums, int approvals, DateTimeOffset now)
    {
        var directly = one.Direct is null ? null : policy.Direct?[one.Currency];
        if (directly is not null && one.Direct!.Approvals < directly.Approvals)
            return new PolicyVerdict.Wait(PolicyRule.ApprovalMissing, $"a direct payout: {one.Direct.Approvals} of {directly.Approvals} people other than who ordered it approved it");
        var needsPeople = limits.ApproveAbove is { } threshold && one.Shares.Any(x => x.Amount > threshold);
        if (needsPeople && approvals < limits.Approvals)
            return new PolicyVerdict.Wait(PolicyRule.ApprovalMissing, $"more than {limits.ApproveAbove} {one.Currency}: {approvals} of {limits.Approvals} people approved it");
        if (policy.Hours is { } hours && !hours.Contains(now))
            return new PolicyVerdict.Wait(PolicyRule.Closed, $"outside business hours, {hours.From:HH\\:mm} to {hours.To:HH\\:mm} {hours.Zone.Id}");
        if (limits.PerHour is { } hour && sums.Hour + one.Uncounted > hour)
            return new PolicyVerdict.Wait(PolicyRule.HourLimit, $"{sums.Hour} of {hour} {one.Currency} were let go within 60 minutes");
        if (limits.PerDay is { } day && sums.Day + one.Uncounted > day)
            return new PolicyVerdict.Wait(PolicyRule.DayLimit, $"{sums.Day} of {day} {one.Currency} were let go within 24 hours");
        if (directly?.PerDay is { } directDay && one.Direct!.Day + one.Uncounted > directDay)
            return new PolicyVerdict.Wait(PolicyRule.DayLimit, $"{one.Direct.Day} of {directDay} {one.Currency} were let go directly within 24 hours");
        return needsPeople || directly is { Approvals: > 0 }
            ? new PolicyVerdict.Allow(PolicyRule.Approved, $"{Math.Max(approvals, one.Direct?.Approvals ?? 0)} people approved it")
            : new PolicyVerdict.Allow(PolicyRule.WithinLimits, $"policy {policy.Version}");
    }

    private static PolicyVerdict.Refuse Refuse(PolicyRule rule, string detail) => new(rule, detail);
}
