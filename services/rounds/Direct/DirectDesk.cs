using Microsoft.EntityFrameworkCore;
using Payouts.Contracts;
using Payouts.Hosting.Messaging;
using Payouts.Rounds.Game;
using Payouts.Rounds.Storage;
using Payouts.Rounds.Trail;
using Payouts.Rounds.Treasury;

namespace Payouts.Rounds.Direct;

/// <summary>Whether this installation takes direct payouts at all.</summary>
/// <param name="IsOn">PAYOUTS_DIRECT_PAYOUTS.</param>
internal sealed record DirectSwitch(bool IsOn);

/// <summary>
/// Orders direct payouts inside a transaction, whichever door they came through: each reference once, each debt once, no key of a round. What is
/// new is stored and announced by the same transaction.
/// </summary>
internal sealed class DirectDesk(IRoundsSql sql, ITreasury treasury, DirectSwitch allowed, ILogger<DirectDesk> logger)
{
    /// <summary>Orders what is new; returns the orders, those that were known among them.</summary>
    /// <exception cref="GameEventRefusedException">One of them can never be taken, or not while the switch is off.</exception>
    public async Task<IReadOnlyList<DirectPayout>> OrderAsync(IReadOnlyList<DirectRequest> requests, UnitOfWork<RoundsDbContext> unit, CancellationToken cancellationToken)
    {
        if (requests.FirstOrDefault(x => Problems(x).Count > 0) is { } wrong)
            throw new GameEventRefusedException(new Refusal(Problems(wrong)));
        await sql.LockNamesAsync(unit.Transaction,
            [.. requests.Select(x => $"direct\n{x.Reference}").Concat(DirectKeys.LocksOf(requests.Select(x => x.Key)))], cancellationToken);
        var orders = new List<DirectPayout>(requests.Count);
        var room = await TreasuryRoom.HoldAsync(treasury, requests.Select(x => x.Currency), sql, unit, cancellationToken);
        foreach (var request in requests)
            orders.Add(await OrderOneAsync(request, room, unit, cancellationToken));
        return orders;
    }

    private List<Problem> Problems(DirectRequest request) => allowed.IsOn ? [.. request.Problems]
        : [new Problem(RefusalCode.DirectPayoutsOff, "payouts outside rounds are switched off: PAYOUTS_DIRECT_PAYOUTS is not true"), .. request.Problems];

    private async Task<DirectPayout> OrderOneAsync(DirectRequest request, TreasuryRoom room, UnitOfWork<RoundsDbContext> unit, CancellationToken cancellationToken)
    {
        var rows = unit.Db.Direct;
        if (await Find(rows, x => x.Reference == request.Reference, cancellationToken) is { } known)
            return request.IsSameAs(known) ? known
                : throw Refuse(RefusalCode.ReferenceConflict, $"reference: \"{known.Reference}\" was ordered as {known.Amount} {known.Currency} to {known.Winner} under {known.Key}, because \"{FieldChecks.Shorten(known.Reason)}\"; an order never changes");
        var (context, pool, number) = (request.Key.Context, (long)request.Key.PoolId, (long)request.Key.RoundNumber);
        if (await Find(rows, x => x.Context == context && x.PoolId == pool && x.RoundNumber == number && x.Winner == request.Winner, cancellationToken) is { } debt)
            throw Refuse(RefusalCode.DebtOrdered, $"context, poolId, roundNumber, winner: {debt.Key} to {debt.Winner} is direct payout \"{debt.Reference}\" already; the contract pays a key's winner once");
        if (await unit.Db.Rounds.AsNoTracking().Where(x => x.Context == context && x.PoolId == pool && x.RoundNumber == number).Select(x => x.Id).FirstOrDefaultAsync(cancellationToken) is { } round)
            throw Refuse(RefusalCode.KeyUsed, $"context, poolId, roundNumber: {request.Key} belongs to round \"{round}\"; take a key that is no round's");
        TakeRoom(request, room);
        var order = DirectPayout.Order(request, unit.Now);
        rows.Add(order);
        RoundTrail.Of(unit).Record(order, TrailAction.Ordered, order.OrderedBy ?? Actors.Game, order.Reason);
        unit.Publish(order.Announce());
        unit.AfterCommit(() => Log.DirectPayoutOrdered(logger, order.Reference, order.Amount, order.Currency, order.OrderedBy ?? "a message"));
        return order;
    }

    /// <summary>What this transaction ordered itself is not in the database yet.</summary>
    private static async Task<DirectPayout?> Find(DbSet<DirectPayout> rows, System.Linq.Expressions.Expression<Func<DirectPayout, bool>> which, CancellationToken cancellationToken) =>
        (rows.Local.Count == 0 ? null : rows.Local.FirstOrDefault(which.Compile())) ?? await rows.AsNoTracking().FirstOrDefaultAsync(which, cancellationToken);

    /// <summary>As for a draw: what the treasury is not good for is not announced as owed.</summary>
    private static void TakeRoom(DirectRequest request, TreasuryRoom room)
    {
        if (room.LeftIn(request.Currency) is { } left && request.Amount > left)
            throw Refuse(RefusalCode.TreasuryShort, $"treasury: {request.Amount} {request.Currency} would be owed, and it is good for {left} more; fill it, raise its limit, and send this again");
        room.Owe(request.Currency, request.Amount);
    }

    private static GameEventRefusedException Refuse(RefusalCode code, string text) => new(new Refusal([new Problem(code, text)]));
}
