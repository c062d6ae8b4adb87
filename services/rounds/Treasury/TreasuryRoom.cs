using Payouts.Contracts;
using Payouts.Hosting.Messaging;
using Payouts.Rounds.Storage;

namespace Payouts.Rounds.Treasury;

/// <summary>What the treasury can still owe, as one transaction sees it: less with each debt that it decides.</summary>
internal sealed class TreasuryRoom
{
    private readonly Dictionary<string, Stroops> _left = new(StringComparer.Ordinal);

    /// <summary>
    /// Reads the room in those of these currencies that have a limit. Whoever asks may add to the debts until its transaction ends, so nobody else is answered before:
    /// two draws of one moment cannot share the same room. The last thing that a transaction locks, or two could wait for each other.
    /// </summary>
    public static async Task<TreasuryRoom> HoldAsync(ITreasury treasury, IEnumerable<string> currencies, IRoundsSql sql, UnitOfWork<RoundsDbContext> unit, CancellationToken cancellationToken)
    {
        var room = new TreasuryRoom();
        var limited = currencies.Distinct(StringComparer.Ordinal).Where(currency => treasury.LimitOf(currency) is not null).ToList();
        if (limited.Count == 0)
            return room;
        await sql.LockNamesAsync(unit.Transaction, limited.ConvertAll(currency => $"treasury\n{currency}"), cancellationToken);
        foreach (var currency in limited)
            room._left[currency] = treasury.LimitOf(currency)!.Value - await OpenDebts.InAsync(unit.Db, currency, cancellationToken);
        return room;
    }

    /// <summary>Null: the currency has no limit.</summary>
    public Stroops? LeftIn(string currency) => _left.TryGetValue(currency, out var left) ? left : null;

    /// <summary>So much more is owed.</summary>
    public void Owe(string currency, Stroops amount)
    {
        if (LeftIn(currency) is { } left)
            _left[currency] = left - amount;
    }
}
