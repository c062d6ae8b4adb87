using Microsoft.EntityFrameworkCore;
using Payouts.Builder.Saga;
using Payouts.Contracts;
using Payouts.Hosting.Background;
using Payouts.Hosting.Configuration;
using Payouts.Hosting.Database;
using Payouts.Hosting.Messaging;
using Payouts.Hosting.Sagas;
using Payouts.Stellar;

namespace Payouts.Builder.Lanes;

/// <summary>
/// Gives free slots to the payouts that have waited longest, the emptiest lanes first. Lane, slot, payout and the command to build commit
/// together, so a slot is never leased to nobody and never to two.
/// </summary>
public sealed class LaneDispatcher(
    UnitOfWorkFactory<BuilderDbContext> units,
    PayoutStateMachine machine,
    BuilderOptions options,
    LaneSignal signal,
    TimeProvider time,
    ILogger<LaneDispatcher> logger)
    : BackgroundLoop("leasing channels", time, logger)
{
    private const int LeasesPerTransactionMax = 200;
    private static readonly TimeSpan IncompletePause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);
    private readonly SagaRaiser<BuilderDbContext, Payout> _raiser = new(machine);

    /// <inheritdoc />
    protected override TimeSpan Pause => PollInterval;

    /// <inheritdoc />
    protected override async Task<bool> StepAsync(CancellationToken cancellationToken) =>
        await units.RunAsync(unit => LeaseAsync(unit, cancellationToken), cancellationToken);

    /// <inheritdoc />
    protected override Task WaitAsync(TimeSpan pause, CancellationToken cancellationToken) => signal.WaitAsync(pause, cancellationToken);

    /// <summary>Leases what can be leased now, at most one slot of each lane; true when there may be more behind what was looked at.</summary>
    private async Task<bool> LeaseAsync(UnitOfWork<BuilderDbContext> unit, CancellationToken cancellationToken)
    {
        if ((await WaitingAsync(unit, 1, cancellationToken)).Count == 0)
            return false;
        var leases = new List<Action<Payout>>();
        var slots = new List<SequenceSlot>();
        foreach (var free in await FreeSlotsAsync(unit, cancellationToken))
        {
            slots.Add(new SequenceSlot { Channel = free.Channel, SequenceNumber = free.SequenceNumber });
            leases.Add(payout => (free.PayoutId, free.LeasedAt) = (payout.CorrelationId, unit.Now));
        }

        var channels = await FreeChannelsAsync(unit, cancellationToken);
        foreach (var (channel, sequenceNumber) in Numbers(channels))
        {
            slots.Add(new SequenceSlot { Channel = channel.Account, SequenceNumber = sequenceNumber });
            leases.Add(payout => Take(channel, sequenceNumber, payout, unit));
        }

        var limit = Math.Min((long)slots.Count * options.RecipientsMax, Math.Max(LeasesPerTransactionMax, options.RecipientsMax));
        var waiting = await WaitingAsync(unit, (int)limit, cancellationToken);
        var seen = PayoutGroups.Of(waiting, options.RecipientsMax);
        var groups = await WholeAsync(seen, unit, cancellationToken);
        for (var i = 0; i < Math.Min(groups.Count, slots.Count); i++)
        {
            var (leader, others) = (groups[i][0], groups[i].Skip(1).ToList());
            leases[i](leader);
            foreach (var member in others)
                await _raiser.RaiseAsync(unit, member, machine.GroupJoined, new GroupJoined { PayoutId = member.Id, LeaderId = leader.CorrelationId }, cancellationToken);
            await _raiser.RaiseAsync(unit, leader, machine.SlotLeased, new SlotLeased
            {
                PayoutId = leader.Id,
                Slot = slots[i],
                Members = others.ConvertAll(x => new GroupMember { PayoutId = x.CorrelationId, Winner = x.Winner, Amount = x.Amount }),
            }, cancellationToken);
        }

        // What was put off is out of the way of those behind it; they must not wait for another look, at which it may be the first again.
        return slots.Count > 0 && seen.Count > 0;
    }

    /// <summary>A prize is paid to all winners of a round in one call: a group without one of them must not go.</summary>
    private async Task<IReadOnlyList<IReadOnlyList<Payout>>> WholeAsync(IReadOnlyList<IReadOnlyList<Payout>> groups, UnitOfWork<BuilderDbContext> unit, CancellationToken cancellationToken)
    {
        if (options.Contract.Layout.Shape != PayoutShape.Prize)
            return groups;
        var whole = new List<IReadOnlyList<Payout>>();
        var taken = new HashSet<string>(StringComparer.Ordinal);
        foreach (var group in groups)
        {
            var round = group[0].RoundId;
            var states = await unit.Db.Payouts.Where(x => x.RoundId == round && x.CurrentState != "Cancelled" && x.CurrentState != "WrittenOff")
                .Select(x => x.CurrentState).ToListAsync(cancellationToken);
            if (states.Count == group.Count)
            {
                whole.Add(group);
                continue;
            }

            // The look was too short to see them all; or the others are on hold, or another replica looks at them: out of the way of those who can go.
            // Where only their timers differ they wait for the last one: each by its own they would never be due together.
            var waiting = await RoundAsync(round, unit, cancellationToken);
            var last = waiting.Count == states.Count ? waiting.Max(x => x.WakeAt ?? unit.Now) : default(DateTimeOffset?);
            if (last <= unit.Now && states.Count <= options.RecipientsMax)
            {
                if (taken.Add(round))
                    whole.Add(waiting);
                continue;
            }

            foreach (var payout in group)
                payout.WakeAt = last > unit.Now ? last : unit.Now + IncompletePause;
            // One of the round is held, and one decision about him moves it.
            if (states.Count > options.RecipientsMax && !states.Contains("OnHold") && taken.Add(round))
                await HoldAsync(group[0], states.Count, unit, cancellationToken);
        }

        return whole;
    }

    /// <summary>It would wait for ever: somebody must see why.</summary>
    private Task HoldAsync(Payout payout, int owed, UnitOfWork<BuilderDbContext> unit, CancellationToken cancellationToken) =>
        _raiser.RaiseAsync(unit, payout, machine.HoldRequested, new HoldRequested
        {
            PayoutId = payout.Id,
            Code = FailureCode.TooManyRecipients,
            By = "payout-builder",
            Reason = $"{payout.RoundId} has {owed} winners in one call and {SettingNames.RecipientsMax} is {options.RecipientsMax}; raise it and retry this one, the others wait for it",
        }, cancellationToken);

    /// <summary>
    /// The next number of each lane. With execution off nothing waits for the ledger, so lanes are as deep as needed.
    /// </summary>
    private IEnumerable<(Channel Channel, long SequenceNumber)> Numbers(List<Channel> channels) => options.LiveExecution || channels.Count == 0
        ? channels.Select(channel => (channel, channel.NextSequence!.Value))
        : Enumerable.Range(0, LeasesPerTransactionMax).Select(i => (channels[i % channels.Count], channels[i % channels.Count].NextSequence!.Value + (i / channels.Count)));

    private void Take(Channel channel, long sequenceNumber, Payout payout, UnitOfWork<BuilderDbContext> unit)
    {
        channel.NextSequence = sequenceNumber + 1;
        channel.LastUsedAt = unit.Now;
        if (!options.LiveExecution)
            return;
        channel.OpenSlots++;
        unit.Db.Slots.Add(new LaneSlot { Channel = channel.Account, SequenceNumber = sequenceNumber, PayoutId = payout.CorrelationId, LeasedAt = unit.Now });
    }

    /// <summary>Numbers that were given back with others behind them: they go first, for those wait. Those of a channel that retires are burned.</summary>
    private static Task<List<LaneSlot>> FreeSlotsAsync(UnitOfWork<BuilderDbContext> unit, CancellationToken cancellationToken) =>
        unit.LockAsync<BuilderDbContext, LaneSlot>(
            """
            select s.* from slots s where s.payout_id is null and s.burn_asked_at is null
            and exists (select 1 from channels c where c.account = s.channel and c.listed and c.retiring_since is null)
            order by s.leased_at limit {0}
            """,
            skipLocked: true, [LeasesPerTransactionMax], cancellationToken);

    private Task<List<Channel>> FreeChannelsAsync(UnitOfWork<BuilderDbContext> unit, CancellationToken cancellationToken) =>
        unit.LockAsync<BuilderDbContext, Channel>(
            """
            select * from channels where listed and retiring_since is null and read_from_ledger is null and next_sequence is not null and open_slots < {0} and (rests_until is null or rests_until <= {1})
            order by open_slots, last_used_at, account limit {2}
            """,
            skipLocked: true, [options.LaneDepth, unit.Now.UtcDateTime, LeasesPerTransactionMax], cancellationToken);

    /// <summary>Those of a round that wait, whatever their timers say.</summary>
    private static Task<List<Payout>> RoundAsync(string round, UnitOfWork<BuilderDbContext> unit, CancellationToken cancellationToken) =>
        unit.LockAsync<BuilderDbContext, Payout>(
            "select * from payouts where round_id = {0} and current_state = 'Building' and channel is null order by planned_at, payout_id", skipLocked: true, [round], cancellationToken);

    private static Task<List<Payout>> WaitingAsync(UnitOfWork<BuilderDbContext> unit, int limit, CancellationToken cancellationToken) =>
        unit.LockAsync<BuilderDbContext, Payout>(
            """
            select * from payouts where current_state = 'Building' and channel is null and (wake_at is null or wake_at <= {0})
            order by planned_at, round_id, payout_id limit {1}
            """,
            skipLocked: true, [unit.Now.UtcDateTime, limit], cancellationToken);
}
