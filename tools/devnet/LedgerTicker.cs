using Payouts.Devnet.Faults;
using Payouts.Devnet.Ledger;
using Payouts.Devnet.State;

namespace Payouts.Devnet;

/// <summary>Closes a ledger at every tick of the close time, unless a stall is in force.</summary>
internal sealed class LedgerTicker(Chain chain, TimeProvider clock, ILogger<LedgerTicker> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (chain.Options.CloseTime == TimeSpan.Zero)
        {
            return;
        }

        using var timer = new PeriodicTimer(chain.Options.CloseTime, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
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
