using Payouts.Contracts;
using Payouts.Rounds.Storage;

namespace Payouts.Rounds.Web;

/// <summary>A round as it is shown.</summary>
internal sealed record RoundView
{
    public required string RoundId { get; init; }

    /// <summary>OPEN, CLOSED, RESOLVED, SETTLED or CANCELLED.</summary>
    public required string State { get; init; }

    public required string Context { get; init; }

    public required long PoolId { get; init; }

    public required long RoundNumber { get; init; }

    public required string Currency { get; init; }

    /// <summary>How many players entered.</summary>
    public required int Entries { get; init; }

    public required Stroops Stakes { get; init; }

    public required Stroops Yield { get; init; }

    public string? Outcome { get; init; }

    /// <summary>Name and version.</summary>
    public string? Policy { get; init; }

    public required Stroops Owed { get; init; }

    public required Stroops Paid { get; init; }

    /// <summary>How many debts.</summary>
    public required int Payouts { get; init; }

    /// <summary>How many of them are paid on the ledger.</summary>
    public required int Confirmed { get; init; }

    public required Stroops WrittenOff { get; init; }

    public required DateTimeOffset OpenedAt { get; init; }

    public DateTimeOffset? ClosedAt { get; init; }

    public DateTimeOffset? ResolvedAt { get; init; }

    public DateTimeOffset? SettledAt { get; init; }

    public DateTimeOffset? CancelledAt { get; init; }

    public string? CancelledBy { get; init; }

    public string? CancelReason { get; init; }

    public static RoundView Of(Round round) => new()
    {
        RoundId = round.Id,
        State = round.State.ToString().ToUpperInvariant(),
        Context = round.Context, PoolId = round.PoolId, RoundNumber = round.RoundNumber, Currency = round.Currency,
        Entries = round.Entries,
        Stakes = round.Stakes, Yield = round.Yield,
        Outcome = round.Outcome?.ToString(),
        Policy = round.Policy is null ? null : $"{round.Policy} v{round.PolicyVersion}",
        Owed = round.Owed, Paid = round.Paid,
        Payouts = round.Payouts, Confirmed = round.Confirmed, WrittenOff = round.WrittenOff,
        OpenedAt = round.OpenedAt, ClosedAt = round.ClosedAt, ResolvedAt = round.ResolvedAt, SettledAt = round.SettledAt,
        CancelledAt = round.CancelledAt, CancelledBy = round.CancelledBy, CancelReason = round.CancelReason,
    };
}

/// <summary>The answer of every door that changes a round.</summary>
internal sealed record RoundAnswer(RoundView Round);

/// <summary>A round, and how many of its payouts ended how.</summary>
internal sealed record RoundDetail(RoundView Round, IReadOnlyDictionary<string, int> Payouts);

/// <summary>A page of rounds, the newest first; no next: it is the last.</summary>
internal sealed record RoundsPage(IReadOnlyList<RoundView> Rounds, string? Next);

/// <summary>A page of entries by player; no next: it is the last.</summary>
internal sealed record EntriesPage(IReadOnlyList<EntryView> Entries, string? Next);

/// <summary>An entry.</summary>
internal sealed record EntryView(string Player, Stroops Stake, string? Choice);

/// <summary>A page of payouts by winner; no next: it is the last.</summary>
internal sealed record PayoutsPage(IReadOnlyList<PayoutView> Payouts, string? Next);

/// <summary>A debt and what became of it.</summary>
internal sealed record PayoutView(string Winner, Stroops Amount, string Outcome, Stroops Paid, PayoutId? PayoutId, string? TransactionHash, long? Ledger);
