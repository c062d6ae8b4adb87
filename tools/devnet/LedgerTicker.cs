using Payouts.Devnet.Faults;
using Payouts.Devnet.Ledger;
using Payouts.Devnet.State;

namespace Payouts.Devnet;

/// <summary>Closes a ledger at every tick of the close time, unless a stall is in force.</summary>
internal sealed class LedgerTicker(Chain chain, TimeProvider clock, ILogger<LedgerTicker> log) : BackgroundService
{
    private PeriodicTimer? _timer;

    /// <summary>The timer runs from here, not from whenever <see cref="ExecuteAsync"/> gets a thread: a started network misses no tick of its clock.</summary>
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        if (chain.Options.CloseTime > TimeSpan.Zero)
        {
            _timer = new PeriodicTimer(chain.Options.CloseTime, clock);
        }

        return base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (_timer is null)
        {
            return;
        }

        try
        {
            while (await _timer.WaitForNextTickAsync(stoppingToken))
            {
                Close();
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopping between two ledgers is the normal end.
            log.Stopped(chain.Read(c => c.History.Latest.Sequence));
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (chain.Options.StateFile is { } path)
        {
            StateFile.Save(chain, path);
        }
    }

    public override void Dispose()
    {
        _timer?.Dispose();
        base.Dispose();
    }

    private void Close()
    {
        if (chain.Faults.Strike(FaultKind.LedgerStall) is not null)
        {
            return;
        }

        try
        {
            chain.CloseLedger();
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            // The network must go on: one transaction that breaks the model may not end all later ledgers.
            log.CloseFailed(chain.Read(c => c.History.Latest.Sequence) + 1, error);
        }
    }
}
