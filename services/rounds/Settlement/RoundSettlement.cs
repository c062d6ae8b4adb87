using Payouts.Contracts;
using Payouts.Hosting.Messaging;
using Payouts.Rounds.Rules;
using Payouts.Rounds.Storage;
using Payouts.Rounds.Trail;

namespace Payouts.Rounds.Settlement;

/// <summary>The one place where a round becomes SETTLED, or a cancelled one has paid its refunds.</summary>
internal static class RoundSettlement
{
    /// <summary>Settles the round and says so, when every debt is confirmed or written off, and what was paid and written off = owed. The caller has locked the round.</summary>
    public static void SettleIfPaid(Round round, UnitOfWork<RoundsDbContext> unit, ILogger logger)
    {
        if (round.State is not (RoundState.Resolved or RoundState.Cancelled) || round.SettledAt is not null || round.Confirmed + round.WrittenOffCount < round.Payouts)
            return;
        if (!round.IsPaid)
        {
            Log.PaidIsNotOwed(logger, round.Id, round.Paid, round.Owed);
            return;
        }

        var row = RoundTransitions.Of(round.State, RoundTrigger.AllPaid);
        round.Settle(row.To!.Value, unit.Now);
        RoundTrail.Of(unit).Record(round, TrailAction.Settled, Actors.Rounds, row.Reason);
        unit.Publish(new RoundSettled { RoundId = round.Id, Owed = round.Owed, Paid = round.Paid, WrittenOff = round.WrittenOffCount > 0 ? round.WrittenOff : null, Payouts = round.Payouts });
        Log.RoundSettled(logger, round.Id, round.Payouts, round.Paid);
    }
}
