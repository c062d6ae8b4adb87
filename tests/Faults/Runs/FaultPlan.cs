using Payouts.Devnet.Faults;
using Payouts.Tests.Suite;
using Payouts.Tests.Support;

namespace Payouts.Tests.Faults.Runs;

/// <summary>Servers that a process reaches through a proxy of its own.</summary>
internal enum Peer
{
    Broker,
    Database,
    Rpc,
}

/// <summary>One fault of a plan.</summary>
internal abstract record Fault
{
    /// <summary>What it is counted as.</summary>
    public abstract string Kind { get; }

    /// <summary>SIGKILL; the supervisor starts the process again.</summary>
    internal sealed record Killed(IReadOnlyList<string> Processes) : Fault
    {
        public override string Kind => Processes.Count == 1 ? "process killed" : "two processes killed at once";
    }

    /// <summary>SIGSTOP, and SIGCONT after a while.</summary>
    internal sealed record Frozen(string Process, TimeSpan For) : Fault
    {
        public override string Kind => "process frozen";
    }

    /// <summary>The broker is stopped in order and started again.</summary>
    internal sealed record BrokerRestarted : Fault
    {
        public override string Kind => "broker restarted";
    }

    /// <summary>The database is stopped fast (sessions are ended), or its server process is killed (recovery from the log), and started again.</summary>
    internal sealed record DatabaseRestarted(bool Crash) : Fault
    {
        public override string Kind => Crash ? "database crashed" : "database restarted";
    }

    /// <summary>Every connection of a process to one of its servers is reset.</summary>
    internal sealed record Cut(string Process, Peer Peer) : Fault
    {
        public override string Kind => $"connections to {Name(Peer)} cut";
    }

    /// <summary>The network between a process and one of its servers does something for a while.</summary>
    internal sealed record Disturbed(string Process, Peer Peer, TcpProxyMode Mode, TimeSpan For) : Fault
    {
        public override string Kind => Mode switch
        {
            TcpProxyMode.BlackHole => $"{Name(Peer)} stalled",
            TcpProxyMode.HoldRequests or TcpProxyMode.HoldReplies => $"{Name(Peer)} half open",
            _ => $"{Name(Peer)} unreachable",
        };
    }

    /// <summary>The network misbehaves for a while.</summary>
    internal sealed record Network(FaultRule Rule, TimeSpan For) : Fault
    {
        public override string Kind => $"network: {Rule.Kind}";
    }

    private static string Name(Peer peer) => peer switch
    {
        Peer.Broker => "broker",
        Peer.Database => "database",
        _ => "RPC",
    };
}

/// <summary>A fault and the pause before it.</summary>
internal sealed record PlannedFault(int Number, TimeSpan After, Fault Fault);

/// <summary>What strikes, in which order, drawn from a seed: the same seed and count give the same plan on any machine.</summary>
internal static class FaultPlan
{
    public static readonly IReadOnlyList<string> Services = ["rounds", "payout-builder", "payout-signer", "payout-submitter"];
    private const int Purpose = 7;

    /// <summary>Drawn like cards from a deck that holds every kind: none stays out for long. With several replicas a fault is one process's, and the others go on.</summary>
    public static IReadOnlyList<PlannedFault> Draw(long seed, int count, int replicas)
    {
        var random = SeededRandom.Of(seed, Purpose);
        var deck = new Queue<Func<Random, Fault>>();
        var plan = new List<PlannedFault>();
        for (var number = 1; number <= count; number++)
        {
            if (deck.Count == 0)
                deck = new Queue<Func<Random, Fault>>(Shuffled(random, replicas));
            plan.Add(new PlannedFault(number, TimeSpan.FromMilliseconds(random.Next(1_500, 6_000)), deck.Dequeue()(random)));
        }

        return plan;
    }

    /// <summary>The names of all processes of a service.</summary>
    public static IEnumerable<string> ProcessesOf(string service, int replicas) => Enumerable.Range(1, replicas).Select(number => SuiteProcesses.ReplicaName(service, number));

    private static Func<Random, Fault>[] Shuffled(Random random, int replicas)
    {
        string[] processes = [.. Services.SelectMany(service => ProcessesOf(service, replicas))];
        string[] payers = [.. ProcessesOf("payout-builder", replicas), .. ProcessesOf("payout-submitter", replicas)];
        // Each service is killed twice in a deck, whichever of its processes it is.
        var kills = Enumerable.Range(0, Math.Max(2, replicas)).SelectMany(turn => Services.Select(service => SuiteProcesses.ReplicaName(service, (turn % replicas) + 1)));
        // The kinds that cost most come once in a deck: a broker is away for many seconds.
        Func<Random, Fault>[] cards =
        [
            .. kills.Concat(ProcessesOf("local-signer", replicas)).Select(process => (Func<Random, Fault>)(_ => new Fault.Killed([process]))),
            TwoKilled, TwoKilled,
            x => new Fault.Frozen(Any(x), Seconds(x, 1, 6)), x => new Fault.Frozen(Any(x), Seconds(x, 1, 6)), x => new Fault.Frozen(Any(x), Seconds(x, 6, 12)),
            _ => new Fault.BrokerRestarted(),
            _ => new Fault.DatabaseRestarted(Crash: false), _ => new Fault.DatabaseRestarted(Crash: true),
            x => new Fault.Cut(Any(x), Peer.Broker), x => new Fault.Cut(Any(x), Peer.Broker),
            x => new Fault.Cut(Any(x), Peer.Database), x => new Fault.Cut(Any(x), Peer.Database),
            x => new Fault.Cut(Payer(x), Peer.Rpc),
            x => new Fault.Disturbed(Any(x), Peer.Broker, TcpProxyMode.BlackHole, Seconds(x, 2, 8)),
            x => new Fault.Disturbed(Any(x), Peer.Database, TcpProxyMode.BlackHole, Seconds(x, 2, 8)),
            x => new Fault.Disturbed(Payer(x), Peer.Rpc, TcpProxyMode.BlackHole, Seconds(x, 2, 8)),
            x => new Fault.Disturbed(Any(x), Peer.Broker, Half(x), Seconds(x, 2, 8)),
            x => new Fault.Disturbed(Any(x), Peer.Database, Half(x), Seconds(x, 2, 8)),
            x => new Fault.Disturbed(Payer(x), Peer.Rpc, Half(x), Seconds(x, 2, 8)),
            x => new Fault.Disturbed(Any(x), Peer.Database, TcpProxyMode.Refuse, Seconds(x, 1, 4)),
            x => new Fault.Disturbed(Any(x), Peer.Broker, TcpProxyMode.Refuse, Seconds(x, 1, 4)),
            x => Network(x, new FaultRule { Kind = FaultKind.LostReply, Method = "sendTransaction", Probability = 0.5 }),
            x => Network(x, new FaultRule { Kind = FaultKind.LostReply, Probability = 0.3 }),
            x => Network(x, new FaultRule { Kind = FaultKind.LostRequest, Probability = 0.3 }),
            x => Network(x, new FaultRule { Kind = FaultKind.GatewayTimeout, Probability = 0.3 }),
            x => Network(x, new FaultRule { Kind = FaultKind.ServiceUnavailable, Probability = 0.5 }),
            x => Network(x, new FaultRule { Kind = FaultKind.TooManyRequests, Probability = 0.5 }),
            x => Network(x, new FaultRule { Kind = FaultKind.LaggingNode, Ledgers = x.Next(1, 6), Probability = 0.5 }),
            x => Network(x, new FaultRule { Kind = FaultKind.LedgerStall }),
            x => Network(x, new FaultRule { Kind = FaultKind.FeeSurge, FeeStroops = 20_000 }),
            x => Network(x, new FaultRule { Kind = FaultKind.QueueFull }),
            x => Network(x, new FaultRule { Kind = FaultKind.Latency, LatencyMs = 800 }),
        ];
        random.Shuffle(cards);
        return cards;

        string Any(Random x) => processes[x.Next(processes.Length)];

        string Payer(Random x) => payers[x.Next(payers.Length)];

        // Both of one service, too: then it is away altogether.
        Fault.Killed TwoKilled(Random x)
        {
            var two = processes.ToArray();
            x.Shuffle(two);
            return new Fault.Killed(two[..2]);
        }
    }

    private static Fault.Network Network(Random random, FaultRule rule) => new(rule, Seconds(random, 2, 7));

    private static TcpProxyMode Half(Random random) => random.Next(2) == 0 ? TcpProxyMode.HoldRequests : TcpProxyMode.HoldReplies;

    private static TimeSpan Seconds(Random random, int from, int to) => TimeSpan.FromMilliseconds(random.Next(from * 1000, to * 1000));
}
