using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Payouts.Contracts;
using Payouts.Rounds.Game;
using Payouts.Rounds.Policies;
using Payouts.Rounds.Rules;
using Payouts.Rounds.Trail;

namespace Payouts.Rounds.Storage;

/// <summary>A round and its counters. Its entries and payouts are rows of their own, written set-based.</summary>
internal sealed class Round : Trailed
{
    public required string Id { get; init; }

    public RoundState State { get; private set; }

    public required string Context { get; init; }

    public required long PoolId { get; init; }

    public required long RoundNumber { get; init; }

    public required string Currency { get; init; }

    /// <summary>How many players entered.</summary>
    public int Entries { get; private set; }

    /// <summary>Sum of their stakes.</summary>
    public Stroops Stakes { get; private set; }

    public Stroops Yield { get; private set; }

    public string? Policy { get; private set; }

    public int? PolicyVersion { get; private set; }

    public ResolutionOutcome? Outcome { get; private set; }

    /// <summary>Tells a repeat of the draw from another draw.</summary>
    public string? DrawDigest { get; private set; }

    public Stroops Owed { get; private set; }

    /// <summary>How many debts.</summary>
    public int Payouts { get; private set; }

    /// <summary>How many of them are paid on the ledger.</summary>
    public int Confirmed { get; private set; }

    /// <summary>What the ledger shows as paid.</summary>
    public Stroops Paid { get; private set; }

    /// <summary>How many of them an operator took out of what is owed.</summary>
    public int WrittenOffCount { get; private set; }

    /// <summary>What that was.</summary>
    public Stroops WrittenOff { get; private set; }

    public DateTimeOffset OpenedAt { get; init; }

    public DateTimeOffset? ClosedAt { get; private set; }

    public DateTimeOffset? ResolvedAt { get; private set; }

    public DateTimeOffset? SettledAt { get; private set; }

    public DateTimeOffset? CancelledAt { get; private set; }

    /// <summary>Who called the round off.</summary>
    public string? CancelledBy { get; private set; }

    public string? CancelReason { get; private set; }

    /// <inheritdoc />
    public override string TrailName => Id;

    public RoundKey Key => new(Context, (uint)PoolId, (uint)RoundNumber);

    /// <summary>Every debt is paid or written off, none too little or too much.</summary>
    public bool IsPaid => Confirmed + WrittenOffCount == Payouts && Paid + WrittenOff == Owed;

    public static Round Open(RoundOpening opening, DateTimeOffset now) => new()
    {
        Id = opening.RoundId,
        State = RoundState.Open,
        Context = opening.Key.Context,
        PoolId = opening.Key.PoolId,
        RoundNumber = opening.Key.RoundNumber,
        Currency = opening.Currency,
        OpenedAt = now,
    };

    public void Enter(IReadOnlyList<Entry> entries)
    {
        Entries += entries.Count;
        Stakes = entries.Aggregate(Stakes, (sum, entry) => sum + entry.Stake);
    }

    public void Close(RoundState to, DateTimeOffset now) => (State, ClosedAt) = (to, now);

    public void Resolve(RoundState to, RoundDraw draw, Resolution resolution, IRoundPolicy policy, DateTimeOffset now)
    {
        (State, ResolvedAt, Yield, DrawDigest) = (to, now, draw.Yield, draw.Digest);
        (Policy, PolicyVersion, Outcome) = (policy.Name, policy.Version, resolution.Outcome);
        (Owed, Payouts) = (resolution.Owed, resolution.Payouts.Count);
    }

    /// <summary>What is owed, for those who pay it.</summary>
    public RoundResolved Announce(IReadOnlyList<OwedPayout> payouts) => new()
    {
        RoundId = Id,
        Context = Key.Context,
        PoolId = Key.PoolId,
        RoundNumber = Key.RoundNumber,
        Currency = Currency,
        Owed = payouts.Aggregate(Stroops.Zero, (sum, payout) => sum + payout.Amount),
        Payouts = payouts,
    };

    public void Confirm(int payouts, Stroops paid) => (Confirmed, Paid) = (Confirmed + payouts, Paid + paid);

    public void WriteOff(int payouts, Stroops amount) => (WrittenOffCount, WrittenOff) = (WrittenOffCount + payouts, WrittenOff + amount);

    public void Cancel(RoundState to, Resolution resolution, IRoundPolicy policy, string by, string why, DateTimeOffset now)
    {
        (State, CancelledAt, CancelledBy, CancelReason) = (to, now, by, why);
        (Policy, PolicyVersion, Outcome) = (policy.Name, policy.Version, resolution.Outcome);
        (Owed, Payouts) = (resolution.Owed, resolution.Payouts.Count);
    }

    /// <inheritdoc />
    public override Dictionary<string, string?> Columns() => new(StringComparer.Ordinal)
    {
        ["id"] = Id,
        ["state"] = State.ToString().ToUpperInvariant(),
        ["context"] = Context,
        ["pool_id"] = TrailText.Of(PoolId),
        ["round_number"] = TrailText.Of(RoundNumber),
        ["currency"] = Currency,
        ["entries"] = TrailText.Of(Entries),
        ["stakes"] = TrailText.Of(Stakes),
        ["house_yield"] = TrailText.Of(Yield),
        ["policy"] = Policy,
        ["policy_version"] = PolicyVersion is { } version ? TrailText.Of(version) : null,
        ["outcome"] = Outcome?.ToString(),
        ["draw_digest"] = DrawDigest,
        ["owed"] = TrailText.Of(Owed),
        ["payouts"] = TrailText.Of(Payouts),
        ["confirmed"] = TrailText.Of(Confirmed),
        ["paid"] = TrailText.Of(Paid),
        ["written_off_count"] = TrailText.Of(WrittenOffCount),
        ["written_off"] = TrailText.Of(WrittenOff),
        ["opened_at"] = TrailText.Of(OpenedAt),
        ["closed_at"] = TrailText.Of(ClosedAt),
        ["resolved_at"] = TrailText.Of(ResolvedAt),
        ["settled_at"] = TrailText.Of(SettledAt),
        ["cancelled_at"] = TrailText.Of(CancelledAt),
        ["cancelled_by"] = CancelledBy,
        ["cancel_reason"] = CancelReason,
    };

    public void Settle(RoundState to, DateTimeOffset now) => (State, SettledAt) = (to, now);
}

internal sealed class RoundConfiguration : IEntityTypeConfiguration<Round>
{
    public void Configure(EntityTypeBuilder<Round> round)
    {
        round.ToTable("rounds");
        round.HasKey(x => x.Id);
        round.Ignore(x => x.Key);
        round.Ignore(x => x.TrailName);
        round.Ignore(x => x.IsPaid);
        // Every transition is conditional on the state it starts from, beside the row lock: a lost race changes no row.
        round.Property(x => x.State).HasConversion(state => state.ToString().ToUpperInvariant(), text => Enum.Parse<RoundState>(text, ignoreCase: true))
            .IsConcurrencyToken();
        round.Property(x => x.Outcome).HasConversion<string>();
        round.Property(x => x.Yield).HasColumnName("house_yield");
    }
}
