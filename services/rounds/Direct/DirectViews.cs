using System.Diagnostics.CodeAnalysis;
using Payouts.Contracts;
using Payouts.Rounds.Storage;

namespace Payouts.Rounds.Direct;

/// <summary>What was ordered: the same however often it is asked for.</summary>
internal record DirectOrderView
{
    public required string Reference { get; init; }

    /// <summary>direct: and the reference: the name under which other services and the trail know it.</summary>
    public required string RoundId { get; init; }

    public required string Context { get; init; }

    public required long PoolId { get; init; }

    public required long RoundNumber { get; init; }

    public required string Winner { get; init; }

    public required Stroops Amount { get; init; }

    public required string Currency { get; init; }

    public required string Reason { get; init; }

    /// <summary>Absent where no name is known.</summary>
    public string? OrderedBy { get; init; }

    public required DateTimeOffset OrderedAt { get; init; }

    public static DirectOrderView Of(DirectPayout order) => new()
    {
        Reference = order.Reference, RoundId = order.TrailName, Context = order.Context, PoolId = order.PoolId, RoundNumber = order.RoundNumber,
        Winner = order.Winner, Amount = order.Amount, Currency = order.Currency, Reason = order.Reason, OrderedBy = order.OrderedBy, OrderedAt = order.OrderedAt,
    };
}

/// <summary>What was ordered, and what became of it.</summary>
internal sealed record DirectPayoutView : DirectOrderView
{
    [SetsRequiredMembers]
    private DirectPayoutView(DirectPayout order)
        : base(DirectOrderView.Of(order)) => Outcome = order.Outcome?.ToString() ?? "Pending";

    /// <summary>Pending, Confirmed, Failed, Cancelled or WrittenOff.</summary>
    public required string Outcome { get; init; }

    public required Stroops Paid { get; init; }

    public PayoutId? PayoutId { get; init; }

    public string? TransactionHash { get; init; }

    public long? Ledger { get; init; }

    public DateTimeOffset? SettledAt { get; init; }

    public static new DirectPayoutView Of(DirectPayout order) => new(order)
    {
        Paid = order.Paid, PayoutId = order.PayoutId, TransactionHash = order.TransactionHash, Ledger = order.Ledger, SettledAt = order.SettledAt,
    };
}

/// <summary>A page of direct payouts by reference; no next: it is the last.</summary>
internal sealed record DirectPayoutsPage(IReadOnlyList<DirectPayoutView> Payouts, string? Next);
