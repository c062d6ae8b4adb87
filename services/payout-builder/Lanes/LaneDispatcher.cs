using Payouts.Builder.Saga;
using Payouts.Contracts;
using Payouts.Hosting.Background;
using Payouts.Hosting.Database;
using Payouts.Hosting.Messaging;
using Payouts.Hosting.Sagas;

namespace Payouts.Builder.Lanes;

/// <summary>
/// Gives free channels to the payouts that have waited longest. Channel row, payout row and the command to build commit together,
/// so a slot is never leased to nobody and never to two.
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
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);
    private readonly SagaRaiser<BuilderDbContext, Payout> _raiser = new(machine);

    /// <inheritdoc />
    protected override TimeSpan Pause => PollInterval;

    /// <inheritdoc />
    protected override async Task<bool> StepAsync(CancellationToken cancellationToken) =>
        await units.RunAsync(unit => LeaseAsync(unit, cancellationToken), cancellationToken) == LeasesPerTransactionMax;

    /// <inheritdoc />
    protected override Task WaitAsync(TimeSpan pause, CancellationToken cancellationToken) => signal.WaitAsync(pause, cancellationToken);

    /// <summary>Leases what can be leased now; returns how many.</summary>
    private async Task<int> LeaseAsync(UnitOfWork<BuilderDbContext> unit, CancellationToken cancellationToken)
    {
        var waiting = await WaitingAsync(unit, 1, cancellationToken);
        if (waiting.Count == 0)
            return 0;
        var channels = await FreeChannelsAsync(unit, cancellationToken);
        if (channels.Count == 0)
            return 0;
        var slots = Slots(channels);
        waiting = await WaitingAsync(unit, slots.Count, cancellationToken);
        for (var i = 0; i < waiting.Count; i++)
        {
            var payout = waiting[i];
            var channel = slots[i];
            var slot = new SequenceSlot { Channel = channel.Account, SequenceNumber = channel.NextSequence!.Value };
            channel.NextSequence++;
            channel.LastUsedAt = unit.Now;
            if (options.LiveExecution)
                (channel.LeasedTo, channel.LeasedSequence) = (payout.CorrelationId, slot.SequenceNumber);
            await _raiser.RaiseAsync(unit, payout, machine.SlotLeased, new SlotLeased { PayoutId = payout.Id, Slot = slot }, cancellationToken);
        }

        return waiting.Count;
    }

    /// <summary>
    /// One open slot a lane: the ledger takes a lane's slots in order, and one that waits for its signature would hold up those behind
    /// it. With execution off nothing waits for the ledger, so lanes are as deep as needed.
    /// </summary>
    private List<Channel> Slots(List<Channel> channels) => options.LiveExecution
        ? channels
        : [.. Enumerable.Range(0, LeasesPerTransactionMax).Select(i => channels[i % channels.Count])];

    private static Task<List<Channel>> FreeChannelsAsync(UnitOfWork<BuilderDbContext> unit, CancellationToken cancellationToken) =>
        unit.LockAsync<BuilderDbContext, Channel>(
            "select * from channels where leased_to is null and next_sequence is not null order by last_used_at limit {0}",
            skipLocked: true, [LeasesPerTransactionMax], cancellationToken);

    private static Task<List<Payout>> WaitingAsync(UnitOfWork<BuilderDbContext> unit, int limit, CancellationToken cancellationToken) =>
        unit.LockAsync<BuilderDbContext, Payout>(
            """
            select * from payouts where current_state = 'Building' and channel is null and (wake_at is null or wake_at <= {0})
            order by planned_at limit {1}
            """,
            skipLocked: true, [unit.Now.UtcDateTime, limit], cancellationToken);
}
