using Microsoft.EntityFrameworkCore;
using Payouts.Contracts;
using Payouts.Hosting.Messaging;
using Payouts.Rounds.Rules;
using Payouts.Rounds.Storage;

namespace Payouts.Rounds.Treasury;

/// <summary>What is owed and not paid yet, by rounds and outside them.</summary>
internal static class OpenDebts
{
    /// <summary>
    /// What the treasury can still owe in those of these currencies that it has a limit for. Whoever asks may add to the debts until its transaction ends, so nobody else
    /// is answered before: two draws of one moment cannot share the same room. The last thing that a transaction locks, or two could wait for each other.
    /// </summary>
    public static async Task<Dictionary<string, Stroops>> TakeRoomAsync(
        this ITreasury treasury, IEnumerable<string> currencies, IRoundsSql sql, UnitOfWork<RoundsDbContext> unit, CancellationToken cancellationToken)
    {
        var limits = currencies.Distinct(StringComparer.Ordinal).Where(currency => treasury.LimitOf(currency) is not null).ToDictionary(currency => currency, currency => treasury.LimitOf(currency)!.Value, StringComparer.Ordinal);
        var room = new Dictionary<string, Stroops>(StringComparer.Ordinal);
        if (limits.Count == 0)
            return room;
        // No round's name holds a line feed.
        await sql.LockNamesAsync(unit.Transaction, [.. limits.Keys.Select(currency => $"treasury\n{currency}")], cancellationToken);
        foreach (var (currency, limit) in limits)
            room[currency] = limit - await InAsync(unit.Db, currency, cancellationToken);
        return room;
    }

    private static async Task<Stroops> InAsync(RoundsDbContext db, string currency, CancellationToken cancellationToken)
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
