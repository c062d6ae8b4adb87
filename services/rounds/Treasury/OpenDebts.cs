using Microsoft.EntityFrameworkCore;
using Payouts.Contracts;
using Payouts.Rounds.Rules;
using Payouts.Rounds.Storage;

namespace Payouts.Rounds.Treasury;

/// <summary>What is owed and not paid yet, by rounds and outside them.</summary>
internal static class OpenDebts
{
    /// <summary>In one currency, as committed.</summary>
    public static async Task<Stroops> InAsync(RoundsDbContext db, string currency, CancellationToken cancellationToken)
    {
        // Summed here: money is text in one of the databases.
        var rounds = await db.Rounds.AsNoTracking()
            .Where(x => x.Currency == currency && x.SettledAt == null && (x.State == RoundState.Resolved || x.State == RoundState.Cancelled))
            .Select(x => new { x.Owed, x.Paid, x.WrittenOff }).ToListAsync(cancellationToken);
        // A failed or cancelled payout is still owed: an operator can have it tried again.
        var direct = await db.Direct.AsNoTracking()
            .Where(x => x.Currency == currency && (x.Outcome == null || (x.Outcome != PayoutOutcome.Confirmed && x.Outcome != PayoutOutcome.WrittenOff)))
            .Select(x => x.Amount).ToListAsync(cancellationToken);
        return direct.Aggregate(rounds.Aggregate(Stroops.Zero, (sum, x) => sum + x.Owed - x.Paid - x.WrittenOff), (sum, amount) => sum + amount);
    }
}
