namespace Payouts.Signer.Policies;

/// <summary>The rule that decided: a closed list, for the audit and for metrics.</summary>
public enum PolicyRule
{
    /// <summary>Inside every limit.</summary>
    WithinLimits,

    /// <summary>Above the threshold, and enough people approved it.</summary>
    Approved,

    /// <summary>The currency or the contract was stopped by a person.</summary>
    Stopped,

    /// <summary>The policy does not name the currency.</summary>
    AssetNotAllowed,

    /// <summary>No round owes it, and direct payouts are switched off or the policy names none in this currency.</summary>
    DirectNotAllowed,

    /// <summary>The account is among those that are never paid.</summary>
    DestinationDenied,

    /// <summary>The account is not among those that are paid.</summary>
    DestinationNotListed,

    /// <summary>One winner would get more than a payout may have.</summary>
    PayoutLimit,

    /// <summary>The round's winners would get more than a round may have.</summary>
    RoundLimit,

    /// <summary>Too much within 60 minutes.</summary>
    HourLimit,

    /// <summary>Too much within 24 hours.</summary>
    DayLimit,

    /// <summary>Above the threshold; not enough people approved it yet.</summary>
    ApprovalMissing,

    /// <summary>Outside business hours.</summary>
    Closed,

    /// <summary>It waited under one of these rules until its envelope was of no use; payout-builder asks anew.</summary>
    WaitedTooLong,
}

/// <summary>What the policy says of one request.</summary>
/// <param name="Rule">The rule that decided.</param>
/// <param name="Detail">The facts, for the operator.</param>
public abstract record PolicyVerdict(PolicyRule Rule, string Detail)
{
    /// <summary>The external signer may be asked.</summary>
    public sealed record Allow(PolicyRule Rule, string Detail) : PolicyVerdict(Rule, Detail);

    /// <summary>Not now; it is judged again when time passes or somebody decides.</summary>
    public sealed record Wait(PolicyRule Rule, string Detail) : PolicyVerdict(Rule, Detail);

    /// <summary>Never as it is.</summary>
    public sealed record Refuse(PolicyRule Rule, string Detail) : PolicyVerdict(Rule, Detail);
}
