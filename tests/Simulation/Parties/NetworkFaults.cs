using Payouts.Devnet.Faults;
using Payouts.Tests.Simulation.Chance;

namespace Payouts.Tests.Simulation.Parties;

/// <summary>Puts the devnet's own faults in force and takes them away, and counts which of them struck.</summary>
internal sealed class NetworkFaults(LocalNetwork network, Dice dice, Tally tally, Trace trace)
{
    private const int AtOnceMax = 3;

    // States of the network rather than events: in force counts as struck.
    private static readonly HashSet<FaultKind> States = [FaultKind.FeeSurge, FaultKind.ExpiredRetention, FaultKind.RestorePreamble];

    private readonly Dictionary<int, FaultRule> _inForce = [];
    private readonly Dictionary<int, int> _strikes = [];

    /// <summary>Every kind that this simulation uses. A slow call is a parked one here (SlowCall): the devnet's Latency would wait by a clock.</summary>
    public static IReadOnlyList<FaultKind> Kinds { get; } = [.. Enum.GetValues<FaultKind>().Where(x => x != FaultKind.Latency)];

    private FaultScript Script => network.Chain.Faults;

    /// <summary>One more fault, or one less.</summary>
    public void Change()
    {
        Count();
        if (_inForce.Count >= AtOnceMax || (_inForce.Count > 0 && dice.Chance(400)))
        {
            var id = dice.Pick(_inForce.Keys.Order().ToList());
            trace.Add($"fault ends: {_inForce[id].Kind}");
            Script.Remove(id);
            _inForce.Remove(id);
            return;
        }

        var rule = Draw(dice.Pick(Kinds));
        if (rule.Kind == FaultKind.RestorePreamble)
        {
            network.Ledger.ArchiveInstance(network.Ledger.PayoutContract);
            network.Ledger.ArchiveBalance(network.Ledger.PayoutContract);
        }

        _inForce[Script.Add(rule)] = rule;
        if (States.Contains(rule.Kind))
            tally.Add("fault", rule.Kind.ToString());
        trace.Add($"fault begins: {rule.Kind} {rule.Method ?? "*"} p={rule.Probability} n={rule.Count} ledgers={rule.Ledgers} fee={rule.FeeStroops}");
    }

    /// <summary>The network is well from now on.</summary>
    public void Clear()
    {
        Count();
        Script.Clear();
        _inForce.Clear();
    }

    /// <summary>Counts what struck since the last count.</summary>
    public void Count()
    {
        var listed = Script.List().ToDictionary(x => x.Id);
        foreach (var (id, rule) in _inForce.ToList())
        {
            // A rule that is spent is no longer listed: it struck as often as it could.
            var strikes = listed.TryGetValue(id, out var status) ? status.Strikes : rule.Count ?? 0;
            if (strikes > _strikes.GetValueOrDefault(id))
                tally.Add("fault", rule.Kind.ToString(), strikes - _strikes.GetValueOrDefault(id));
            _strikes[id] = strikes;
            if (status is null)
                _inForce.Remove(id);
        }
    }

    private FaultRule Draw(FaultKind kind) => kind switch
    {
        FaultKind.LaggingNode => new() { Kind = kind, Ledgers = dice.Between(1, 10), Probability = 0.5 },
        FaultKind.LedgerStall => new() { Kind = kind, Count = dice.Between(1, 15) },
        FaultKind.FeeSurge => new() { Kind = kind, FeeStroops = dice.Pick([500, 20_000, 5_000_000]) },
        FaultKind.QueueFull => new() { Kind = kind, FeeStroops = dice.Chance(500) ? 0 : 10_000, Count = dice.Between(1, 10) },
        FaultKind.ExpiredRetention => new() { Kind = kind, Ledgers = dice.Between(0, 5) },
        FaultKind.RestorePreamble => new() { Kind = kind },
        FaultKind.Filtered => new() { Kind = kind, Count = dice.Between(1, 3) },
        _ => new() { Kind = kind, Probability = dice.Chance(300) ? 1 : 0.3, Count = dice.Between(1, 12), Method = dice.Chance(500) ? "sendTransaction" : null },
    };
}
