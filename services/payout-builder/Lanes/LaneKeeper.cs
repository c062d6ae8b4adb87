using Microsoft.EntityFrameworkCore;
using Payouts.Builder.Saga;
using Payouts.Contracts;
using Payouts.Hosting.Background;
using Payouts.Hosting.Database;
using Payouts.Hosting.Messaging;
using Payouts.Hosting.Sagas;

namespace Payouts.Builder.Lanes;

/// <summary>
/// Keeps lanes of several slots moving. The ledger takes a lane's numbers in order, so a signed payout waits for every number before its
/// own, and so does one whose slot restores archived entries: a number whose signature does not come, or that was given back and found nobody, is burned.
/// </summary>
public sealed class LaneKeeper(
    UnitOfWorkFactory<BuilderDbContext> units,
    PayoutStateMachine machine,
    BuilderOptions options,
    TimeProvider time,
    ILogger<LaneKeeper> logger)
    : BackgroundLoop("keeping lanes moving", time, logger)
{
    private const int LanesPerTransactionMax = 100;
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);

    /// <summary>Time for the next payout to take a number that was given back.</summary>
    private static readonly TimeSpan FreeSlotWait = TimeSpan.FromSeconds(5);

    /// <summary>The longest that a restoring transaction waits behind an unsigned payout: well within its validity.</summary>
    private static readonly TimeSpan RestoringWaitMax = PayoutSteps.BurnValidity / 2;

    private readonly SagaRaiser<BuilderDbContext, Payout> _raiser = new(machine);

    /// <inheritdoc />
    protected override TimeSpan Pause => PollInterval;

    /// <inheritdoc />
    protected override async Task<bool> StepAsync(CancellationToken cancellationToken)
    {
        var heads = await units.RunAsync(unit => BurnHeadsAsync(unit, cancellationToken), cancellationToken);
        var free = await units.RunAsync(unit => BurnFreeAsync(unit, cancellationToken), cancellationToken);
        return heads == LanesPerTransactionMax || free == LanesPerTransactionMax;
    }

    private async Task<int> BurnHeadsAsync(UnitOfWork<BuilderDbContext> unit, CancellationToken cancellationToken)
    {
        // A restoring transaction is signed from the start, and must be taken while it is valid: its slot's burning began that long before this end.
        var restoring = unit.Now + PayoutSteps.BurnValidity - (options.LaneHeadWait < RestoringWaitMax ? options.LaneHeadWait : RestoringWaitMax);
        // A burning envelope that was not heard of by its end is followed by another.
        var heads = await unit.LockAsync<BuilderDbContext, Payout>(
            """
            select p.* from payouts p
            where p.current_state in ('Building', 'AwaitingSignature') and p.channel is not null and (p.burn_until is null or p.burn_until <= {0})
            and exists (
                select 1 from payouts b where b.channel = p.channel and b.sequence_number > p.sequence_number
                and ((b.current_state in ('Submitting', 'AwaitingConfirmation') and b.entered_state_at <= {1})
                    or (b.current_state = 'Building' and b.restores > 0 and b.burn_until > {0} and b.burn_until <= {3})))
            and not exists (select 1 from slots s where s.channel = p.channel and s.sequence_number < p.sequence_number)
            order by p.planned_at limit {2}
            """,
            skipLocked: true, [unit.Now.UtcDateTime, (unit.Now - options.LaneHeadWait).UtcDateTime, LanesPerTransactionMax, restoring.UtcDateTime], cancellationToken);
        foreach (var head in heads)
        {
            var behind = await unit.Db.Payouts.CountAsync(x => x.Channel == head.Channel && x.SequenceNumber > head.SequenceNumber
                && (x.CurrentState == "Submitting" || x.CurrentState == "AwaitingConfirmation" || (x.CurrentState == "Building" && x.Restores > 0)), cancellationToken);
            await _raiser.RaiseAsync(unit, head, machine.LaneBlocked, new LaneBlocked { PayoutId = head.Id, Behind = behind }, cancellationToken);
        }

        return heads.Count;
    }

    private async Task<int> BurnFreeAsync(UnitOfWork<BuilderDbContext> unit, CancellationToken cancellationToken)
    {
        // One behind which nobody waits has nothing to be burned for, and must not fill the batch.
        var free = await unit.LockAsync<BuilderDbContext, LaneSlot>(
            """
            select s.* from slots s
            where s.payout_id is null and s.leased_at <= {0} and (s.burn_asked_at is null or s.burn_asked_at <= {1})
            and exists (select 1 from slots b where b.channel = s.channel and b.sequence_number > s.sequence_number and b.payout_id is not null)
            order by s.leased_at limit {2}
            """,
            skipLocked: true,
            [(unit.Now - FreeSlotWait).UtcDateTime, (unit.Now - PayoutSteps.BurnValidity).UtcDateTime, LanesPerTransactionMax], cancellationToken);
        foreach (var slot in free)
        {
            var next = await unit.Db.Slots.Where(x => x.Channel == slot.Channel && x.SequenceNumber > slot.SequenceNumber && x.PayoutId != null)
                .OrderBy(x => x.SequenceNumber).Select(x => x.PayoutId).FirstOrDefaultAsync(cancellationToken);
            if (next is not { } payoutId)
                continue;
            var behind = await unit.Db.Payouts.AsNoTracking().SingleAsync(x => x.CorrelationId == payoutId, cancellationToken);
            slot.BurnAskedAt = unit.Now;
            unit.Publish(behind.BurnFreeCommand(new SequenceSlot { Channel = slot.Channel, SequenceNumber = slot.SequenceNumber }, options.BurnFeeStroops, unit.Now));
        }

        return free.Count;
    }
}
