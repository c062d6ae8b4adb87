using Payouts.Contracts;

namespace Payouts.Signer.Policies;

/// <summary>
/// What may be signed beyond what an order says, as PAYOUTS_SIGNING_POLICY_FILE has it: which assets, to whom, how much in which time, when, and what a
/// human must approve first. Contract and method are settings of the installation, not of the policy: no other call is ever signed.
/// </summary>
public sealed record SigningPolicy
{
    /// <summary>The operator's own name of this version; stands beside every decision that it made.</summary>
    public required string Version { get; init; }

    /// <summary>The currencies that may be paid, as rounds name them; any other is refused.</summary>
    public required IReadOnlyDictionary<string, CurrencyLimits> Currencies { get; init; }

    /// <summary>Narrower limits of what no round owes, by currency; a currency that it does not name is then paid by rounds only. Null: the currencies' limits and no others.</summary>
    public IReadOnlyDictionary<string, DirectLimits>? Direct { get; init; }

    /// <summary>When something is signed at all; null: always.</summary>
    public OpenHours? Hours { get; init; }

    /// <summary>Accounts that are never paid.</summary>
    public IReadOnlySet<string> Denied { get; init; } = new HashSet<string>();

    /// <summary>When given, the only accounts that are paid.</summary>
    public IReadOnlySet<string>? Listed { get; init; }

    /// <summary>Whether sums over time or over a round are limited, so that decisions must be made one after the other.</summary>
    public bool CountsSums => Currencies.Values.Any(x => x.PerRound is not null || x.PerHour is not null || x.PerDay is not null)
        || Direct?.Values.Any(x => x.PerDay is not null) == true;
}

/// <summary>The limits of one currency; null: none.</summary>
public sealed record CurrencyLimits
{
    /// <summary>The most that one winner gets from one round; above it the payout is refused.</summary>
    public Stroops? PerPayout { get; init; }

    /// <summary>The most that all winners of one round get; what would exceed it is refused.</summary>
    public Stroops? PerRound { get; init; }

    /// <summary>The most within 60 minutes; what would exceed it waits.</summary>
    public Stroops? PerHour { get; init; }

    /// <summary>The most within 24 hours; what would exceed it waits.</summary>
    public Stroops? PerDay { get; init; }

    /// <summary>A payout of more than this waits for humans.</summary>
    public Stroops? ApproveAbove { get; init; }

    /// <summary>How many different people must approve it, 1 to 5.</summary>
    public int Approvals { get; init; } = 2;
}

/// <summary>The limits of direct payouts in one currency; null: none.</summary>
public sealed record DirectLimits
{
    /// <summary>The most that one of them pays; above it the payout is refused.</summary>
    public Stroops? PerPayout { get; init; }

    /// <summary>The most within 24 hours; what would exceed it waits.</summary>
    public Stroops? PerDay { get; init; }

    /// <summary>How many different people, other than who ordered it, must approve each, 0 to 5.</summary>
    public int Approvals { get; init; } = 1;
}

/// <summary>Business hours in a time zone. From 20:00 to 04:00 goes over midnight and belongs to the day on which it begins.</summary>
public sealed record OpenHours(TimeZoneInfo Zone, IReadOnlySet<DayOfWeek> Days, TimeOnly From, TimeOnly To)
{
    /// <summary>Whether a moment is inside: from <see cref="From"/>, before <see cref="To"/>.</summary>
    public bool Contains(DateTimeOffset moment)
    {
        var local = TimeZoneInfo.ConvertTime(moment, Zone);
        var (day, time) = (local.DayOfWeek, TimeOnly.FromTimeSpan(local.TimeOfDay));
        if (From < To)
            return Days.Contains(day) && time >= From && time < To;
        var dayBefore = (DayOfWeek)(((int)day + 6) % 7);
        return (Days.Contains(day) && time >= From) || (Days.Contains(dayBefore) && time < To);
    }
}
