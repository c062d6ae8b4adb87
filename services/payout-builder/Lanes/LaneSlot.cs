namespace Payouts.Builder.Lanes;

/// <summary>A sequence number of a lane that the ledger has not consumed yet, and who owns it.</summary>
public sealed class LaneSlot
{
    /// <summary>The lane's account, G...</summary>
    public required string Channel { get; init; }

    /// <summary>The number.</summary>
    public required long SequenceNumber { get; init; }

    /// <summary>The owner; null when it was given back before anybody saw an envelope of it. A release that names another owner is late and changes nothing.</summary>
    public Guid? PayoutId { get; set; }

    /// <summary>When it was given to its owner, or given back.</summary>
    public DateTimeOffset LeasedAt { get; set; }

    /// <summary>Without an owner: when its burning was asked for, because others wait behind it. From then on nobody gets it.</summary>
    public DateTimeOffset? BurnAskedAt { get; set; }
}
