using Payouts.Devnet.Contracts;
using Payouts.Devnet.Faults;
using Payouts.Devnet.History;
using Payouts.Devnet.Operations;
using Payouts.Devnet.Options;
using Payouts.Devnet.Queue;
using Payouts.Devnet.Soroban;
using Payouts.Devnet.State;
using Payouts.Devnet.Transactions;
using Payouts.Stellar;
using Payouts.Stellar.Xdr;

namespace Payouts.Devnet.Ledger;

/// <summary>The network: state, queue and history behind one lock. Signatures are verified outside of it where that is possible.</summary>
public sealed class Chain
{
    public const int FriendbotPurses = 32;

    private readonly Lock gate = new();
    private readonly LedgerCloser closer;
    private readonly TimeProvider clock;
    private TaskCompletionSource nextClose = NewSignal();

    public Chain(DevnetOptions options, FaultScript faults, TimeProvider clock)
    {
        Options = options;
        Faults = faults;
        this.clock = clock;
        Network = new Network(options.NetworkPassphrase);
        TokenIds = new TokenContractIds(Network);
        Events = new EventFactory(TokenIds);
        State = new LedgerState(FaultScript.LagLedgersMax + 1);
        Genesis = new Genesis(options, TokenIds);
        History = new LedgerHistory(options.RetentionLedgers, options.RetentionMegabytes * 1024L * 1024);
        Queue = new TransactionQueue(options, faults);
        Credentials = new AddressCredentials(Network);
        Contracts = new ContractRegistry();
        var applier = new TransactionApplier(new SorobanExecutor(Contracts, Events, Credentials, options.Diagnostics), Events);
        closer = new LedgerCloser(State, Queue, History, applier, Events, faults);
        if (!StateFile.TryLoad(options, State, History))
        {
            Genesis.Fill(State, FriendbotPurses);
            var fees = new PhaseFees(options.BaseFeeStroops, options.BaseFeeStroops);
            History.Add(new LedgerRecord(LedgerHeaders.Genesis(options, Now, fees), [], fees));
        }
    }

    public DevnetOptions Options { get; }

    public FaultScript Faults { get; }

    public Network Network { get; }

    public TokenContractIds TokenIds { get; }

    public EventFactory Events { get; }

    public ContractRegistry Contracts { get; }

    public AddressCredentials Credentials { get; }

    /// <summary>Only inside <see cref="Read{T}"/>.</summary>
    public LedgerState State { get; }

    /// <summary>Only inside <see cref="Read{T}"/>.</summary>
    public LedgerHistory History { get; }

    /// <summary>Only inside <see cref="Read{T}"/>.</summary>
    public TransactionQueue Queue { get; }

    public Genesis Genesis { get; }

    /// <summary>Seconds of the wall's clock since a close time; 0 when the ledger's clock runs ahead.</summary>
    public ulong SecondsSince(ulong closeTime) => Now > closeTime ? Now - closeTime : 0;

    private ulong Now => (ulong)clock.GetUtcNow().ToUnixTimeSeconds();

    /// <summary>A consistent look: nothing closes and nothing is added meanwhile.</summary>
    public T Read<T>(Func<Chain, T> look)
    {
        lock (gate)
        {
            return look(this);
        }
    }

    /// <summary>The last closed ledger as rules see it. Only inside <see cref="Read{T}"/>.</summary>
    public LedgerInfo Info(LedgerRecord ledger) => new(
        ledger.Sequence,
        ledger.CloseTime,
        ledger.Header.Header.BaseFee,
        ledger.Header.Header.BaseReserve,
        (uint)Options.ProtocolVersion,
        (uint)Options.PersistentTtlLedgers);

    public QueueAnswer Submit(TransactionFrame frame)
    {
        frame.VerifyOwnSignatures();
        lock (gate)
        {
            return Queue.TryAdd(frame, QueueMoment());
        }
    }

    /// <summary>Closes one ledger now.</summary>
    public LedgerRecord CloseLedger()
    {
        TaskCompletionSource closed;
        LedgerRecord ledger;
        lock (gate)
        {
            var last = History.Latest;
            var info = Info(last) with { Sequence = last.Sequence + 1, CloseTime = Math.Max(last.CloseTime + 1, Now) };
            ledger = closer.Close(info);
            var frames = closer.LastApplied;
            var moment = QueueMoment();
            Queue.Classic.OnLedgerClosed(frames.Where(frame => !frame.IsSoroban), frame => TransactionValidator.CheckValid(frame, moment).IsSuccess);
            Queue.Soroban.OnLedgerClosed(frames.Where(frame => frame.IsSoroban), frame => TransactionValidator.CheckValid(frame, moment).IsSuccess);
            closed = nextClose;
            nextClose = NewSignal();
        }

        closed.SetResult();
        return ledger;
    }

    /// <summary>Ends when the next ledger has closed.</summary>
    public Task NextClose()
    {
        lock (gate)
        {
            return nextClose.Task;
        }
    }

    /// <summary>What the queue judges by: the next ledger, with the drift of the clock since the last one.</summary>
    private ValidityMoment QueueMoment()
    {
        var info = Info(History.Latest);
        return new ValidityMoment(State, info, info.Sequence + 1, NetworkLimits.QueueCloseTimeOffsetSeconds + SecondsSince(info.CloseTime), Applying: false);
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
