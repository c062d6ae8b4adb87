using Payouts.Contracts;
using Payouts.Rounds.Game;

namespace Payouts.Rounds.Policies;

/// <summary>How a round ended.</summary>
internal enum ResolutionOutcome
{
    /// <summary>Winners are owed prizes.</summary>
    Won,

    /// <summary>Nobody won: stakes are owed back.</summary>
    Refunded,

    /// <summary>Nobody is owed anything.</summary>
    NothingOwed,
}

/// <summary>Who is owed what: sorted by winner, one debt each, every amount above zero.</summary>
internal sealed record Resolution(ResolutionOutcome Outcome, IReadOnlyList<OwedPayout> Payouts)
{
    /// <summary>Who lost, sorted; empty where the policy does not say who did.</summary>
    public IReadOnlyList<string> Eliminated { get; init; } = [];

    /// <summary>Sum of the debts.</summary>
    public Stroops Owed { get; } = Payouts.Aggregate(Stroops.Zero, (sum, payout) => sum + payout.Amount);

    /// <summary>Every stake above zero goes back.</summary>
    public static Resolution Refund(IReadOnlyDictionary<string, Bet> bets) => Of(ResolutionOutcome.Refunded, bets.Select(bet => (bet.Key, bet.Value.Stake)));

    /// <summary>Brings debts into the one order that everybody sees, without those of zero.</summary>
    public static Resolution Of(ResolutionOutcome outcome, IEnumerable<(string Winner, Stroops Amount)> debts)
    {
        var payouts = debts.Where(debt => debt.Amount.IsPositive).OrderBy(debt => debt.Winner, StringComparer.Ordinal)
            .Select(debt => new OwedPayout { Winner = debt.Winner, Amount = debt.Amount }).ToList();
        return new Resolution(payouts.Count == 0 ? ResolutionOutcome.NothingOwed : outcome, payouts);
    }
}

/// <summary>A resolution, or why there is none.</summary>
internal sealed record PolicyResult(Resolution? Resolution, IReadOnlyList<Problem> Problems)
{
    public static implicit operator PolicyResult(Resolution resolution) => new(resolution, []);

    public static implicit operator PolicyResult(List<Problem> problems) => new(null, problems);
}
