namespace Payouts.Devnet.Faults;

/// <summary>The faults in force, drawn from one seed so that a run can be repeated. Safe to use from any thread.</summary>
public sealed class FaultScript(long seed)
{
    /// <summary>A lagging node can be this far behind; older states are not kept.</summary>
    public const int LagLedgersMax = 32;

    private const int Purpose = 1;

    private readonly Lock gate = new();
    private readonly List<ActiveFault> active = [];
    private Random draw = SeededRandom.Of(seed, Purpose);
    private int nextId = 1;

    /// <returns>The id to remove the rule with.</returns>
    /// <exception cref="ArgumentException">The rule cannot be used; the message says why.</exception>
    public int Add(FaultRule rule)
    {
        if (rule.Problem() is { } problem)
        {
            throw new ArgumentException(problem, nameof(rule));
        }

        lock (gate)
        {
            active.Add(new ActiveFault(nextId, rule));
            return nextId++;
        }
    }

    public bool Remove(int id)
    {
        lock (gate)
        {
            return active.RemoveAll(fault => fault.Id == id) > 0;
        }
    }

    public void Clear()
    {
        lock (gate)
        {
            active.Clear();
        }
    }

    /// <summary>Starts the draws again from a seed, so that a script can be replayed exactly.</summary>
    public void Reseed(long newSeed)
    {
        lock (gate)
        {
            draw = SeededRandom.Of(newSeed, Purpose);
        }
    }

    public IReadOnlyList<FaultStatus> List()
    {
        lock (gate)
        {
            return [.. active.Select(fault => new FaultStatus(fault.Id, fault.Rule, fault.Strikes))];
        }
    }

    /// <summary>What strikes this call on the wire.</summary>
    public WireFault OnCall(string? method)
    {
        lock (gate)
        {
            if (active.Count == 0)
            {
                return default;
            }

            var result = default(WireFault);
            foreach (var fault in active.ToArray())
            {
                if (IsWire(fault.Rule.Kind) && (fault.Rule.Method is null || fault.Rule.Method == method) && Strikes(fault))
                {
                    result = result.With(fault.Rule);
                }
            }

            return result;
        }
    }

    /// <summary>The first rule of this kind that strikes now, counted as one strike; null when none does.</summary>
    public FaultRule? Strike(FaultKind kind)
    {
        lock (gate)
        {
            foreach (var fault in active)
            {
                if (fault.Rule.Kind == kind && Strikes(fault))
                {
                    return fault.Rule;
                }
            }

            return null;
        }
    }

    /// <summary>The rule of this kind in force, without counting a strike (states rather than events).</summary>
    public FaultRule? InForce(FaultKind kind)
    {
        lock (gate)
        {
            return active.Find(fault => fault.Rule.Kind == kind)?.Rule;
        }
    }

    private bool Strikes(ActiveFault fault)
    {
        if (fault.Seen++ < fault.Rule.Skip || draw.NextDouble() >= fault.Rule.Probability)
        {
            return false;
        }

        fault.Strikes++;
        if (fault.Strikes == fault.Rule.Count)
        {
            active.Remove(fault);
        }

        return true;
    }

    private static bool IsWire(FaultKind kind) => kind is FaultKind.LostReply or FaultKind.LostRequest or FaultKind.Latency or FaultKind.TooManyRequests
        or FaultKind.ServiceUnavailable or FaultKind.GatewayTimeout or FaultKind.LaggingNode;

    private sealed class ActiveFault(int id, FaultRule rule)
    {
        public int Id { get; } = id;

        public FaultRule Rule { get; } = rule;

        public int Seen { get; set; }

        public int Strikes { get; set; }
    }
}

/// <param name="Strikes">How often it has struck so far.</param>
public sealed record FaultStatus(int Id, FaultRule Rule, int Strikes);
