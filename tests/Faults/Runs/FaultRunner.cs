using System.Collections.Concurrent;
using Payouts.Tests.Faults.Secrets;
using Payouts.Tests.Support;

namespace Payouts.Tests.Faults.Runs;

/// <summary>Brings the faults of a plan upon a suite, in its order, up to three at a time; the same server or process is not struck twice at once.</summary>
internal sealed class FaultRunner(FaultySuite faulty, EvidenceRoom? evidence, CancellationToken cancellationToken)
{
    private const int AtOnceMax = 3;
    private const int BrokerStartsMax = 4;
    private readonly SemaphoreSlim _atOnce = new(AtOnceMax);
    private readonly ConcurrentDictionary<string, SemaphoreSlim> _targets = new(StringComparer.Ordinal);
    private readonly List<Task> _running = [];

    /// <summary>Faults that struck, by kind.</summary>
    public ConcurrentDictionary<string, int> Struck { get; } = new(StringComparer.Ordinal);

    /// <summary>Starts of the broker that hung until it was killed.</summary>
    public int BrokerHangs { get; private set; }

    /// <summary>SIGKILLs that were sent, by process.</summary>
    public ConcurrentDictionary<string, int> Kills { get; } = new(StringComparer.Ordinal);

    /// <summary>Waits for the fault's turn and begins it.</summary>
    public async Task BeginAsync(PlannedFault planned)
    {
        await HoldAsync(planned.After);
        await _atOnce.WaitAsync(cancellationToken);
        _running.Add(StrikeAsync(planned.Fault));
    }

    /// <summary>Returns when every fault is over; rethrows what one of them failed with.</summary>
    public async Task EndAsync()
    {
        await Task.WhenAll(_running);
        faulty.Suite.Devnet.Ledger.Faults.Clear();
    }

    private async Task StrikeAsync(Fault fault)
    {
        try
        {
            // Always in the same order, so that two faults never wait for each other.
            foreach (var target in Targets(fault))
                await Lock(target).WaitAsync(cancellationToken);
            try
            {
                await StrikeLockedAsync(fault);
                Struck.AddOrUpdate(fault.Kind, 1, (_, before) => before + 1);
            }
            finally
            {
                foreach (var target in Targets(fault))
                    Lock(target).Release();
            }
        }
        finally
        {
            _atOnce.Release();
        }
    }

    private async Task StrikeLockedAsync(Fault fault)
    {
        switch (fault)
        {
            case Fault.Killed killed:
                foreach (var process in killed.Processes)
                    Kills.AddOrUpdate(process, 1, (_, before) => before + 1);
                if (evidence is not null)
                    await Task.WhenAll(killed.Processes.Select(process => evidence.BeforeKillAsync(process, cancellationToken)));
                await Task.WhenAll(killed.Processes.Select(process => faulty.Suite[process].KillAsync(cancellationToken)));
                break;
            case Fault.Frozen frozen:
                faulty.Suite[frozen.Process].Pause();
                await HoldAsync(frozen.For);
                faulty.Suite[frozen.Process].Resume();
                break;
            case Fault.BrokerRestarted:
                await faulty.Broker.StopAsync(cancellationToken);
                await StartBrokerAsync();
                break;
            case Fault.DatabaseRestarted { Crash: true }:
                await faulty.Database.KillAsync(cancellationToken);
                await faulty.Database.StartAsync(cancellationToken);
                break;
            case Fault.DatabaseRestarted:
                await faulty.Database.RestartAsync(cancellationToken);
                break;
            case Fault.Cut cut:
                faulty.Proxy(cut.Process, cut.Peer).CutConnections();
                break;
            case Fault.Disturbed disturbed:
                faulty.Proxy(disturbed.Process, disturbed.Peer).Set(disturbed.Mode);
                await HoldAsync(disturbed.For);
                faulty.Proxy(disturbed.Process, disturbed.Peer).Set(TcpProxyMode.Forward);
                break;
            case Fault.Network network:
                var rule = faulty.Suite.Devnet.Ledger.Faults.Add(network.Rule);
                await HoldAsync(network.For);
                faulty.Suite.Devnet.Ledger.Faults.Remove(rule);
                break;
            default:
                throw new InvalidOperationException($"nobody knows how to bring about {fault}");
        }
    }

    /// <summary>A starved broker may hang while it starts; whoever runs it kills it and tries again.</summary>
    private async Task StartBrokerAsync()
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                await faulty.Broker.StartAsync(cancellationToken);
                return;
            }
            catch (ProbeTimeoutException) when (tries < BrokerStartsMax)
            {
                BrokerHangs++;
                await faulty.Broker.KillAsync(cancellationToken);
            }
        }
    }

    private static IEnumerable<string> Targets(Fault fault) => fault switch
    {
        Fault.Killed killed => killed.Processes.Order(StringComparer.Ordinal),
        Fault.Frozen frozen => [frozen.Process],
        Fault.BrokerRestarted => ["broker"],
        Fault.DatabaseRestarted => ["database"],
        Fault.Cut cut => [$"{cut.Process} to {cut.Peer}"],
        Fault.Disturbed disturbed => [$"{disturbed.Process} to {disturbed.Peer}"],
        Fault.Network network => [$"network {network.Rule.Kind}"],
        _ => [],
    };

    private SemaphoreSlim Lock(string target) => _targets.GetOrAdd(target, _ => new SemaphoreSlim(1));

    // How long a fault lasts is part of the plan: nothing is waited for here.
    private async Task HoldAsync(TimeSpan duration)
    {
        using var timer = new PeriodicTimer(duration);
        await timer.WaitForNextTickAsync(cancellationToken);
    }
}
