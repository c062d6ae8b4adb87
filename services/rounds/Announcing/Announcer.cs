using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using Payouts.Contracts;
using Payouts.Hosting.Messaging;
using Payouts.Rounds.Storage;

namespace Payouts.Rounds.Announcing;

/// <summary>What was announced again.</summary>
/// <param name="Rounds">Rounds with debts that somebody may still want paid.</param>
/// <param name="Direct">Direct payouts.</param>
/// <param name="LeftOut">Debts that a human ended unpaid: announcing them again could have them paid.</param>
internal sealed record Announced(int Rounds, int Direct, IReadOnlyList<LeftOut> LeftOut);

/// <summary>A debt that a human ended unpaid.</summary>
internal sealed record LeftOut(string RoundId, string Winner, Stroops Amount, string Currency, PayoutOutcome Outcome);

/// <summary>
/// Says once more what is owed, for services whose database or queue lost it. A debt is one payout however often it is announced: who knows it ignores it, and
/// payout-builder answers with how it ended (docs/adr/0033).
/// </summary>
internal sealed class Announcer(UnitOfWorkFactory<RoundsDbContext> units)
{
    private const int AnnouncedPerTransactionMax = 20;

    /// <summary>Announces what was decided at <paramref name="since"/> or later, and everything that is not settled.</summary>
    public async Task<Announced> SinceAsync(DateTimeOffset since, CancellationToken cancellationToken)
    {
        var leftOut = new List<LeftOut>();
        var rounds = await PagesAsync(
            (last, unit) => RoundsAsync(x => x.Payouts > 0 && string.Compare(x.Id, last) > 0
                && (x.ResolvedAt >= since || x.CancelledAt >= since || ((x.ResolvedAt != null || x.CancelledAt != null) && x.SettledAt == null)), leftOut, unit, cancellationToken),
            cancellationToken);
        var direct = await PagesAsync(
            (last, unit) => DirectAsync(x => string.Compare(x.Reference, last) > 0 && (x.OrderedAt >= since || x.Outcome == null), leftOut, unit, cancellationToken), cancellationToken);
        return new Announced(rounds, direct, leftOut);
    }

    /// <summary>Announces one round.</summary>
    public async Task<Announced> RoundAsync(string roundId, CancellationToken cancellationToken)
    {
        var leftOut = new List<LeftOut>();
        var rounds = await units.RunAsync(unit => RoundsAsync(x => x.Id == roundId && x.Payouts > 0, leftOut, unit, cancellationToken), cancellationToken);
        return new Announced(rounds.Count, 0, leftOut);
    }

    private async Task<int> PagesAsync(Func<string, UnitOfWork<RoundsDbContext>, Task<(int Count, string? Last)>> page, CancellationToken cancellationToken)
    {
        var (total, last) = (0, (string?)"");
        while (last is not null)
        {
            var from = last;
            var read = await units.RunAsync(unit => page(from, unit), cancellationToken);
            (total, last) = (total + read.Count, read.Last);
        }

        return total;
    }

    private static async Task<(int Count, string? Last)> RoundsAsync(Expression<Func<Round, bool>> which, List<LeftOut> leftOut, UnitOfWork<RoundsDbContext> unit, CancellationToken cancellationToken)
    {
        var rounds = await unit.Db.Rounds.AsNoTracking().Where(which).OrderBy(x => x.Id).Take(AnnouncedPerTransactionMax).ToListAsync(cancellationToken);
        var count = 0;
        foreach (var round in rounds)
        {
            var debts = await unit.Db.Payouts.AsNoTracking().Where(x => x.RoundId == round.Id).OrderBy(x => x.Winner).ToListAsync(cancellationToken);
            leftOut.AddRange(debts.Where(x => EndedUnpaid(x.Outcome)).Select(x => new LeftOut(round.Id, x.Winner, x.Amount, round.Currency, x.Outcome!.Value)));
            var owed = debts.Where(x => !EndedUnpaid(x.Outcome)).Select(x => new OwedPayout { Winner = x.Winner, Amount = x.Amount }).ToList();
            // Of a round past the retention nothing is left to say.
            if (owed.Count == 0)
                continue;
            count++;
            unit.Publish(round.Announce(owed));
        }

        return (count, rounds.Count == AnnouncedPerTransactionMax ? rounds[^1].Id : null);
    }

    private static async Task<(int Count, string? Last)> DirectAsync(Expression<Func<DirectPayout, bool>> which, List<LeftOut> leftOut, UnitOfWork<RoundsDbContext> unit, CancellationToken cancellationToken)
    {
        var orders = await unit.Db.Direct.AsNoTracking().Where(which).OrderBy(x => x.Reference).Take(AnnouncedPerTransactionMax).ToListAsync(cancellationToken);
        foreach (var order in orders.Where(x => !EndedUnpaid(x.Outcome)))
            unit.Publish(order.Announce());
        leftOut.AddRange(orders.Where(x => EndedUnpaid(x.Outcome)).Select(x => new LeftOut(x.TrailName, x.Winner, x.Amount, x.Currency, x.Outcome!.Value)));
        return (orders.Count(x => !EndedUnpaid(x.Outcome)), orders.Count == AnnouncedPerTransactionMax ? orders[^1].Reference : null);
    }

    private static bool EndedUnpaid(PayoutOutcome? outcome) => outcome is PayoutOutcome.Cancelled or PayoutOutcome.WrittenOff;
}
