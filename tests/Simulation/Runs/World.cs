using Microsoft.Extensions.Time.Testing;
using Payouts.Builder;
using Payouts.Hosting.Configuration;
using Payouts.Hosting.Web;
using Payouts.Rounds;
using Payouts.Signer;
using Payouts.Stellar.Rpc;
using Payouts.Submitter;
using Payouts.Tests.Simulation.Chance;
using Payouts.Tests.Simulation.Judging;
using Payouts.Tests.Simulation.Parties;
using Payouts.Tests.Simulation.Wiring;

namespace Payouts.Tests.Simulation.Runs;

/// <summary>Everything that one seed needs: the four services, their databases, broker, devnet, signer, people, one clock.</summary>
internal sealed class World
{
    private static readonly IServiceModule[] Modules = [new RoundsModule(), new PayoutBuilderModule(), new PayoutSignerModule(), new PayoutSubmitterModule()];

    private readonly Surroundings _surroundings;
    private readonly List<TimeProvider> _clocks;

    public World(long seed, RunOptions options, Database database)
    {
        (Seed, Options, Database) = (seed, options, database);
        Scenario = options.Scenario ?? Scenario.Of(seed);
        Trace = new Trace(options.Listener);
        Dice = Dice.For(seed, "scheduler");
        Network = new LocalNetwork(seed, Scenario, Clock);
        Broker = new Broker(Dice.For(seed, "broker"), Tally) { LostPerMille = options.Planted == PlantedFault.BrokerLoses ? 20 : 0 };
        Points = new Points(Dice.For(seed, "points"), Scenario, Tally, Trace);
        var witness = new SlotWitness(Network, Tally);
        Broker.Published = witness.Heard;
        Signer = new ExternalSigner(Network, Broker, Dice.For(seed, "signer"), Scenario, Tally, Trace, Clock, witness);
        People = new People(Network, Broker, Dice.For(seed, "people"), Tally, Trace, Clock);
        Operators = new Operators(Network.Debts, Dice.For(seed, "operators"), Tally, Trace);
        Referee = new Referee(Network.Debts, database, Dice.For(seed, "referee"), Tally, Trace);
        Admin = new Admin(Network, Dice.For(seed, "admin"), Tally, Trace, Clock);
        Faults = new NetworkFaults(Network, Dice.For(seed, "faults"), Tally, Trace);
        Late = new LateRequests(Network.Endpoint, Dice.For(seed, "late"), Trace, Tally);
        Safety = new SafetyJudge(Network, database);
        Final = new FinalJudge(Network, database, Scenario, Tally);
        _clocks = [.. Scenario.ClockSkewSeconds.Select(x => x == 0 ? (TimeProvider)Clock : new SkewedClock(Clock, TimeSpan.FromSeconds(x)))];
        _surroundings = new Surroundings
        {
            Settings = Settings(),
            Broker = Broker,
            Points = Points,
            Dice = Dice.For(seed, "names"),
            Tally = Tally,
            Network = Client,
            Log = options.WithLogs ? options.Listener : null,
        };
    }

    public long Seed { get; }

    public RunOptions Options { get; }

    public Scenario Scenario { get; }

    public Database Database { get; }

    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 7, 1, 12, 0, 0, TimeSpan.Zero));

    public Dice Dice { get; }

    public Tally Tally { get; } = new();

    public Trace Trace { get; }

    public LocalNetwork Network { get; }

    public Broker Broker { get; }

    public Points Points { get; }

    public ExternalSigner Signer { get; }

    public People People { get; }

    public Operators Operators { get; }

    public Referee Referee { get; }

    public Admin Admin { get; }

    public NetworkFaults Faults { get; }

    public LateRequests Late { get; }

    public SafetyJudge Safety { get; }

    public FinalJudge Final { get; }

    /// <summary>How many processes there are: the services, and the services once more for each further replica.</summary>
    public int ProcessesCount => Modules.Length * Scenario.Replicas;

    /// <summary>Brings the databases to this version; the start of a real service does it by itself.</summary>
    public static async Task MigrateAsync(Database database)
    {
        var world = new World(1, new RunOptions(), database);
        for (var i = 0; i < Modules.Length; i++)
            await world.Start(i).MigrateAsync();
    }

    /// <summary>A process of a service from its database, with nothing in memory.</summary>
    public ServiceProcess Start(int process) => new(Modules[process % Modules.Length], _surroundings, _clocks[process], replica: process / Modules.Length);

    private ISorobanRpcClient Client(ServiceProcess process, TimeProvider clock)
    {
        var http = new HttpClient(new RpcDoor(process, Network.Endpoint, Points, Late, Trace, Tally)) { Timeout = Timeout.InfiniteTimeSpan };
        return Planted.Wrap(Options.Planted, process, new SorobanRpcClient(
            http,
            new SorobanRpcOptions
            {
                Endpoints = [new Uri("http://devnet.test/")],
                // A second try would wait by a timer, which the scheduler does not see.
                ReadAttemptsMax = 1,
            },
            clock));
    }

    private Dictionary<string, string?> Settings() => new()
    {
        [SettingNames.DatabaseUrl] = Database.Url,
        [SettingNames.RabbitMqUrl] = "inmemory",
        [SettingNames.SorobanRpcUrl] = "http://devnet.test/",
        [SettingNames.NetworkPassphrase] = Network.Ledger.Network.Passphrase,
        [SettingNames.ContractId] = Network.Ledger.PayoutContract.ToString(),
        [SettingNames.TokenContracts] = $"{Network.Currency}={Network.Token}",
        [SettingNames.SourceAccount] = LocalNetwork.Admin.AccountId.ToString(),
        [SettingNames.ChannelAccounts] = string.Join(',', Network.Channels.Select(x => x.AccountId)),
        [SettingNames.ChannelSecret] = LocalNetwork.ChannelSecret,
        [SettingNames.LiveExecution] = "true",
        [SettingNames.ValiditySeconds] = FormattableString.Invariant($"{Scenario.ValiditySeconds}"),
        [SettingNames.LaneDepth] = FormattableString.Invariant($"{Scenario.LaneDepth}"),
        [SettingNames.LaneHeadWaitSeconds] = FormattableString.Invariant($"{Scenario.LaneHeadWaitSeconds}"),
        [SettingNames.MaxAttempts] = FormattableString.Invariant($"{Scenario.AttemptsMax}"),
        [SettingNames.MethodName] = LocalNetwork.MethodOf(Scenario.Shape),
        [SettingNames.ArgumentLayout] = LocalNetwork.LayoutOf(Scenario.Shape),
        [SettingNames.RecipientsMax] = FormattableString.Invariant($"{Scenario.RecipientsMax}"),
        [SettingNames.FeeAccount] = Scenario.HasFeeAccount ? LocalNetwork.FeeAccount.AccountId.ToString() : null,
        [SettingNames.FourEyes] = Scenario.FourEyes ? "true" : "false",
        [SettingNames.DirectPayouts] = Scenario.DirectPayouts > 0 ? "true" : "false",
        [SettingNames.SigningForm] = Scenario.Authorizes ? "authorization" : "envelope",
        [SettingNames.AuthorizationSeconds] = Scenario.SignerThinks is null ? "600" : "86400",
        [SettingNames.ConfirmMaxPolls] = FormattableString.Invariant($"{Scenario.PollsAfterEndMax}"),
    };

    /// <summary>A service's host whose clock is wrong by some seconds.</summary>
    private sealed class SkewedClock(TimeProvider right, TimeSpan wrongBy) : TimeProvider
    {
        public override long TimestampFrequency => right.TimestampFrequency;

        public override DateTimeOffset GetUtcNow() => right.GetUtcNow() + wrongBy;

        public override long GetTimestamp() => right.GetTimestamp();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            right.CreateTimer(callback, state, dueTime, period);
    }
}
