using Payouts.Contracts;
using Payouts.Hosting.Messaging;
using Payouts.Rounds.Rules;
using Payouts.Rounds.Storage;

namespace Payouts.Rounds.Settlement;

/// <summary>The one place where a round becomes SETTLED.</summary>
internal static class RoundSettlement
{
    /// <summary>Settles the round and says so, when every debt is confirmed or written off, and what was paid and written off = owed. The caller has locked the round.</summary>
    public static void SettleIfPaid(Round round, UnitOfWork<RoundsDbContext> unit, ILogger logger)
    {
        if (round.State != RoundState.Resolved || round.Confirmed + round.WrittenOffCount < round.Payouts)
            return;
        if (!round.IsPaid)
        {
            Log.PaidIsNotOwed(logger, round.Id, round.Paid, round.Owed);
            return;
        }

        round.Settle(RoundTransitions.Of(round.State, RoundTrigger.AllPaid).To!.Value, unit.Now);
        unit.Publish(new RoundSettled { RoundId = round.Id, Owed = round.Owed, Paid = round.Paid, WrittenOff = round.WrittenOffCount > 0 ? round.WrittenOff : null, Payouts = round.Payouts });
        Log.RoundSettled(logger, round.Id, round.Payouts, round.Paid);
    }
}
