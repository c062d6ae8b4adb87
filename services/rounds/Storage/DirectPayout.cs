using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Payouts.Contracts;
using Payouts.Rounds.Direct;
using Payouts.Rounds.Game;
using Payouts.Rounds.Trail;

namespace Payouts.Rounds.Storage;

/// <summary>A payout outside a round: what was ordered, never changed, and how it ended. The row stays for ever, as a round's own does: it is what makes a repeat a repeat.</summary>
internal sealed class DirectPayout : Trailed
{
    /// <summary>The requester's own name of it.</summary>
    public required string Reference { get; init; }

    public required string Context { get; init; }

    public required long PoolId { get; init; }

    public required long RoundNumber { get; init; }

    /// <summary>G...</summary>
    public required string Winner { get; init; }

    public required Stroops Amount { get; init; }

    public required string Currency { get; init; }

    public required string Reason { get; init; }

    /// <summary>Who ordered it, when a name was known.</summary>
    public string? OrderedBy { get; init; }

    public DateTimeOffset OrderedAt { get; init; }

    /// <summary>Null until the payout reached an end.</summary>
    public PayoutOutcome? Outcome { get; private set; }

    public Stroops Paid { get; private set; }

    public PayoutId? PayoutId { get; private set; }

    public string? TransactionHash { get; private set; }

    public long? Ledger { get; private set; }

    public DateTimeOffset? SettledAt { get; private set; }

    /// <inheritdoc />
    public override string TrailName => DirectName.Of(Reference);

    public RoundKey Key => new(Context, (uint)PoolId, (uint)RoundNumber);

    /// <summary>Paid or written off: another end would contradict it.</summary>
    public bool HasEnded => Outcome is PayoutOutcome.Confirmed or PayoutOutcome.WrittenOff;

    public static DirectPayout Order(DirectRequest request, DateTimeOffset now) => new()
    {
        Reference = request.Reference,
        Context = request.Key.Context,
        PoolId = request.Key.PoolId,
        RoundNumber = request.Key.RoundNumber,
        Winner = request.Winner,
        Amount = request.Amount,
        Currency = request.Currency,
        Reason = request.Reason,
        OrderedBy = request.OrderedBy,
        // As exactly as PostgreSQL keeps it: a repeat is answered from the row, and must read the same.
        OrderedAt = RoundTrail.Microseconds(now),
    };

    public DirectPayoutOrdered Announce() => new()
    {
        Reference = Reference,
        Context = Context,
        PoolId = Key.PoolId,
        RoundNumber = Key.RoundNumber,
        Winner = Winner,
        Amount = Amount,
        Currency = Currency,
        Reason = Reason,
        OrderedBy = OrderedBy,
    };

    public void End(PayoutSettled end, DateTimeOffset now)
    {
        Outcome = end.Outcome;
        Paid = end.Paid;
        PayoutId = end.PayoutId;
        TransactionHash = end.TransactionHash;
        Ledger = end.Ledger;
        SettledAt = now;
    }

    /// <inheritdoc />
    public override Dictionary<string, string?> Columns() => new(StringComparer.Ordinal)
    {
        ["reference"] = Reference,
        ["context"] = Context,
        ["pool_id"] = TrailText.Of(PoolId),
        ["round_number"] = TrailText.Of(RoundNumber),
        ["winner"] = Winner,
        ["amount"] = TrailText.Of(Amount),
        ["currency"] = Currency,
        ["reason"] = Reason,
        ["ordered_by"] = OrderedBy,
        ["ordered_at"] = TrailText.Of(OrderedAt),
        ["outcome"] = Outcome?.ToString(),
        ["paid"] = TrailText.Of(Paid),
        ["payout_id"] = PayoutId?.Value.ToString("D"),
        ["transaction_hash"] = TransactionHash,
        ["ledger"] = Ledger is { } ledger ? TrailText.Of(ledger) : null,
        ["settled_at"] = TrailText.Of(SettledAt),
    };
}

internal sealed class DirectPayoutConfiguration : IEntityTypeConfiguration<DirectPayout>
{
    public void Configure(EntityTypeBuilder<DirectPayout> payout)
    {
        payout.ToTable("direct_payouts");
        payout.HasKey(x => x.Reference);
        payout.Property(x => x.Outcome).HasConversion<string>();
        payout.Ignore(x => x.Key);
        payout.Ignore(x => x.TrailName);
        payout.Ignore(x => x.HasEnded);
    }
}
