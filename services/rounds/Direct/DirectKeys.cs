using Microsoft.EntityFrameworkCore;
using Payouts.Contracts;
using Payouts.Rounds.Game;
using Payouts.Rounds.Storage;

namespace Payouts.Rounds.Direct;

/// <summary>
/// Keeps the contract's keys of rounds and of direct payouts apart: whoever pays under a key of the other would stop a whole round, or have the
/// contract refuse what is owed. Whoever gives a key out locks it, then looks at the other table.
/// </summary>
internal static class DirectKeys
{
    /// <summary>What LockNamesAsync is given for these keys. No round's name holds a line feed.</summary>
    public static List<string> LocksOf(IEnumerable<RoundKey> keys) => [.. keys.Distinct().Select(key => $"key\n{key}")];

    /// <summary>Those of these keys, or of keys made of their parts, under which something is paid directly; each with the name of one such payout.</summary>
    public static async Task<Dictionary<RoundKey, string>> HeldAsync(RoundsDbContext db, IReadOnlyCollection<RoundKey> keys, CancellationToken cancellationToken)
    {
        // A wider net than the keys themselves: tuples have no one form in both databases.
        var contexts = keys.Select(x => x.Context).Distinct().ToList();
        var pools = keys.Select(x => (long)x.PoolId).Distinct().ToList();
        var numbers = keys.Select(x => (long)x.RoundNumber).Distinct().ToList();
        var held = await db.Direct.AsNoTracking()
            .Where(x => EF.Parameter(contexts).Contains(x.Context) && EF.Parameter(pools).Contains(x.PoolId) && EF.Parameter(numbers).Contains(x.RoundNumber))
            .GroupBy(x => new { x.Context, x.PoolId, x.RoundNumber }).Select(x => new { x.Key.Context, x.Key.PoolId, x.Key.RoundNumber, Reference = x.Min(y => y.Reference) })
            .ToListAsync(cancellationToken);
        return held.ToDictionary(x => new RoundKey(x.Context, (uint)x.PoolId, (uint)x.RoundNumber), x => DirectName.Of(x.Reference!));
    }
}
