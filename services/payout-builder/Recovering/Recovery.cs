using Microsoft.EntityFrameworkCore;
using Payouts.Builder.Lanes;
using Payouts.Builder.Saga;
using Payouts.Hosting.Database;
using Payouts.Hosting.Messaging;

namespace Payouts.Builder.Recovering;

/// <summary>
/// After an old backup was put back, of whichever service, or the broker lost its queues: every payout that has not ended is looked at anew, and no channel's
/// number is given out before the ledger was read (docs/adr/0033).
/// </summary>
public sealed class Recovery(UnitOfWorkFactory<BuilderDbContext> units)
{
    private const int PayoutsPerTransactionMax = 200;

    /// <summary>Changes the rows; returns how many payouts there were.</summary>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        await units.RunAsync(unit => DistrustNumbersAsync(unit, cancellationToken), cancellationToken, "channels");
        var total = 0;
        List<Payout> recovered;
        var last = Guid.Empty;
        do
        {
            recovered = await units.RunAsync(unit => RecoverAsync(last, unit, cancellationToken), cancellationToken, "payouts");
            total += recovered.Count;
            last = recovered.Count > 0 ? recovered[^1].CorrelationId : last;
        }
        while (recovered.Count == PayoutsPerTransactionMax);
        return total;
    }

    /// <summary>Numbers that were given out and used are forgotten here; the ledger knows them.</summary>
    private static async Task<bool> DistrustNumbersAsync(UnitOfWork<BuilderDbContext> unit, CancellationToken cancellationToken)
    {
        var channels = await unit.LockAsync<BuilderDbContext, Channel>("select * from channels order by account", skipLocked: false, [], cancellationToken);
        foreach (var channel in channels)
            channel.ReadFromLedger ??= 0;
        return channels.Count > 0;
    }

    private static async Task<List<Payout>> RecoverAsync(Guid after, UnitOfWork<BuilderDbContext> unit, CancellationToken cancellationToken)
    {
        var open = await unit.LockAsync<BuilderDbContext, Payout>(
            """
            select * from payouts where payout_id > {0} and (current_state not in ('Built', 'Confirmed', 'Cancelled', 'WrittenOff') or slot_watched)
            order by payout_id limit {1}
            """,
            skipLocked: false, [after, PayoutsPerTransactionMax], cancellationToken);
        foreach (var payout in open)
        {
            payout.Recover(unit.Now);
            unit.Db.Transitions.Add(new PayoutTransition
            {
                PayoutId = payout.CorrelationId, Number = ++payout.Version, FromState = payout.CurrentState, ToState = payout.CurrentState, Event = "Recovered", Attempt = payout.Attempt,
                TransactionHash = payout.TransactionHash, Detail = "after a restore: what it waits for may have come and is forgotten", At = unit.Now,
            });
        }

        return open;
    }
}
