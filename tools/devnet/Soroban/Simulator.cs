using Payouts.Devnet.Contracts;
using Payouts.Devnet.Faults;
using Payouts.Devnet.Ledger;
using Payouts.Devnet.Operations;
using Payouts.Stellar.Xdr;

namespace Payouts.Devnet.Soroban;

public enum SimulationAuth
{
    /// <summary>Enforce when the operation carries entries, record when it carries none.</summary>
    Default,
    Enforce,
    Record,
    RecordAllowNonRoot,
}

/// <param name="UpgradedAuth">Whether recorded entries carry version 2 credentials (CAP-71).</param>
public readonly record struct SimulationRequest(SimulationAuth Auth, bool UpgradedAuth, uint InstructionLeeway);

/// <summary>Runs a transaction without effect and says what it would need (soroban-simulation, with its safety margins).</summary>
public sealed class Simulator(ContractRegistry contracts, EventFactory events, AddressCredentials credentials, FaultScript faults, bool traces, bool restorePreambles, Func<long> nonce)
{
    private const uint InstructionsMargin = 50_000;
    private const int SizeMarginBytes = 500;

    /// <summary>A decorated signature; the size margin assumes that a transaction carries as many as it may.</summary>
    private const int SignatureBytes = 72;
    private const int SignaturesMax = 20;

    public Simulation Run(Transaction transaction, ILedgerView state, LedgerInfo info, SimulationRequest request)
    {
        var operation = transaction.Operations[0];
        return operation.Body switch
        {
            OperationBody.InvokeHostFunction { Value: { HostFunction: HostFunction.InvokeContract call } op } =>
                Invoke(transaction, operation, call.Value, op, state, info, request),
            OperationBody.InvokeHostFunction => new Simulation.Failure("This devnet models InvokeContract only: deploying and uploading are not supported", []),
            OperationBody.RestoreFootprint when Declared(transaction) is { } declared => Footprint(transaction, declared, state, info, null),
            OperationBody.ExtendFootprintTtl extend when Declared(transaction) is { } declared => Footprint(transaction, declared, state, info, extend.Value.ExtendTo),
            OperationBody.RestoreFootprint or OperationBody.ExtendFootprintTtl => new Simulation.Failure(
                "To perform a SimulateTransaction for ExtendFootprintTtl or RestoreFootprint operations, SorobanTransactionData must be provided", []),
            _ => new Simulation.Failure("Transaction contains unsupported operation type: " + operation.Body.Discriminant, []),
        };
    }

    private Simulation Invoke(
        Transaction transaction,
        Operation operation,
        InvokeContractArgs call,
        InvokeHostFunctionOp op,
        ILedgerView state,
        LedgerInfo info,
        SimulationRequest request)
    {
        var ledger = new LedgerTxn(state);
        var source = (operation.SourceAccount ?? transaction.SourceAccount).AccountId().Address();
        var mode = request.Auth;
        var record = mode is SimulationAuth.Record or SimulationAuth.RecordAllowNonRoot || (mode == SimulationAuth.Default && op.Auth.Count == 0);
        var recorder = new RecordingAuthorizer(source, nonce, allowNonRoot: mode == SimulationAuth.RecordAllowNonRoot, request.UpgradedAuth);
        IAuthorizer authorizer = record ? recorder : new EnforcingAuthorizer(op.Auth, source, credentials);
        var budget = new Budget(NetworkLimits.TxInstructionsMax);
        var storage = new HostStorage(ledger, info, budget, footprint: null);
        var host = new SorobanHost(storage, budget, authorizer, contracts, events, traces);
        SCVal returned;
        try
        {
            returned = host.InvokeRoot(call);
        }
        catch (HostException error)
        {
            if (!host.Diagnostics.Explains)
            {
                host.Diagnostics.Explain(null, error.Error, error.Message, error.Arguments);
            }

            var failed = host.Diagnostics.Failed();
            return new Simulation.Failure(Simulation.ErrorText(error.Error, failed), failed);
        }

        IReadOnlyList<SorobanAuthorizationEntry> auth = record ? recorder.Entries() : [.. op.Auth];
        if (storage.Archived.Count > 0 && (restorePreambles || faults.Strike(FaultKind.RestorePreamble) is not null))
        {
            return AfterRestoring(transaction, operation, call, op, storage, state, info, request);
        }

        var resources = Resources(storage, budget, request.InstructionLeeway);
        var archived = ArchivedIndexes(resources.Footprint, storage.Archived);
        var eventsBytes = host.Events.Sum(one => XdrCodec.ToBytes(one).Length) + XdrCodec.ToBytes(returned).Length;
        var rent = RentChanges.Fee(Restored(ledger, storage, info), info.Sequence);
        var authorized = operation with { Body = new OperationBody.InvokeHostFunction(op with { Auth = auth.ToXdrArray() }) };
        var filled = transaction with { Operations = [authorized] };
        return new Simulation.Success(Priced(filled, resources, archived, eventsBytes, rent), returned, auth)
        {
            Events = traces ? host.Diagnostics.Succeeded() : [.. host.Events.Select(one => new DiagnosticEvent(true, one))],
            StateChanges = [.. ledger.Changes().Select(change => new StateChange(change.Key.Decode(), change.Before?.Entry, change.After?.Entry))],
        };
    }

    /// <summary>As before protocol 23: the archived entries come back by a transaction of their own, then this one runs as if they had never been away.</summary>
    private Simulation AfterRestoring(
        Transaction transaction,
        Operation operation,
        InvokeContractArgs call,
        InvokeHostFunctionOp op,
        HostStorage storage,
        ILedgerView state,
        LedgerInfo info,
        SimulationRequest request)
    {
        var restored = new LedgerTxn(state);
        storage.Archived.ForEach(key => restored.Put(key, state.Get(key)!.WithLiveUntil(info.Sequence + info.PersistentTtlLedgers - 1)));
        var after = Invoke(transaction, operation, call, op, restored, info, request);
        return after is Simulation.Success success ? success with { Restore = RestoreOf(transaction, storage.Archived, state, info) } : after;
    }

    private static SorobanResources Resources(HostStorage storage, Budget budget, uint leeway)
    {
        var readOnly = new List<EntryKey>();
        var readWrite = new List<EntryKey>();
        foreach (var (key, written) in storage.Touched)
        {
            // Restoring writes, even what the call only reads.
            (written || storage.Archived.Contains(key) ? readWrite : readOnly).Add(key);
        }

        readOnly.Sort((left, right) => left.Xdr.SequenceCompareTo(right.Xdr));
        readWrite.Sort((left, right) => left.Xdr.SequenceCompareTo(right.Xdr));
        var footprint = new LedgerFootprint(readOnly.Select(key => key.Decode()).ToXdrArray(), readWrite.Select(key => key.Decode()).ToXdrArray());
        var diskBytes = readOnly.Concat(readWrite).Where(key => ResourceFees.IsClassic(key.Decode()) || storage.Archived.Contains(key))
            .Sum(key => storage.SizeBefore(key));
        var writeBytes = readWrite.Sum(key => storage.Ledger.Get(key)?.SizeBytes ?? 0);
        var instructions = Math.Max((long)(budget.Used * 1.04m), budget.Used + InstructionsMargin) + leeway;
        return new SorobanResources(footprint, (uint)Math.Min(instructions, NetworkLimits.TxInstructionsMax), (uint)diskBytes, (uint)writeBytes);
    }

    private static XdrArray<uint> ArchivedIndexes(LedgerFootprint footprint, List<EntryKey> archived) =>
        archived.Count == 0
            ? []
            : footprint.ReadWrite.Select((key, i) => (Key: EntryKey.Of(key), Index: (uint)i)).Where(one => archived.Contains(one.Key)).Select(one => one.Index).ToXdrArray();

    /// <summary>Archived entries pay rent for their restored life too.</summary>
    private static LedgerTxn Restored(LedgerTxn ledger, HostStorage storage, LedgerInfo info)
    {
        foreach (var key in storage.Archived)
        {
            ledger.Put(key, ledger.Get(key)!.WithLiveUntil(info.Sequence + info.PersistentTtlLedgers - 1));
        }

        return ledger;
    }

    private static Simulation Footprint(Transaction transaction, SorobanTransactionData declared, ILedgerView state, LedgerInfo info, uint? extendTo)
    {
        var ledger = new LedgerTxn(state);
        var keys = (extendTo is null ? declared.Resources.Footprint.ReadWrite : declared.Resources.Footprint.ReadOnly).Select(EntryKey.Of).ToList();
        var bytes = 0;
        foreach (var key in keys)
        {
            if (ledger.Get(key) is not { } entry)
            {
                continue;
            }

            var live = entry.IsLiveAt(info.Sequence);
            if (extendTo is { } ledgers && live)
            {
                ledger.Put(key, entry.WithLiveUntil(Math.Max(entry.LiveUntil ?? 0, info.Sequence + ledgers)));
            }
            else if (extendTo is null && !live)
            {
                bytes += entry.SizeBytes;
                ledger.Put(key, entry.WithLiveUntil(info.Sequence + info.PersistentTtlLedgers - 1));
            }
        }

        var resources = declared.Resources with { Instructions = 0, DiskReadBytes = (uint)bytes, WriteBytes = (uint)bytes };
        return new Simulation.Success(Priced(transaction, resources, [], 0, RentChanges.Fee(ledger, info.Sequence)), null, []);
    }

    private static SorobanTransactionData RestoreOf(Transaction transaction, List<EntryKey> archived, ILedgerView ledger, LedgerInfo info)
    {
        var bytes = (uint)archived.Sum(key => ledger.Get(key)!.SizeBytes);
        var rent = archived.Sum(key => ResourceFees.Rent(ledger.Get(key)!.SizeBytes, info.PersistentTtlLedgers, persistent: true));
        var footprint = new LedgerFootprint([], archived.Select(key => key.Decode()).ToXdrArray());
        var restore = transaction with { Operations = [new Operation(null, new OperationBody.RestoreFootprint(new RestoreFootprintOp(new ExtensionPoint.V0())))] };
        return Priced(restore, new SorobanResources(footprint, 0, bytes, bytes), [], 0, rent);
    }

    /// <summary>Size x 1.1 or + 500 bytes, refundable fee x 1.15.</summary>
    private static SorobanTransactionData Priced(Transaction transaction, SorobanResources resources, XdrArray<uint> archived, int eventsBytes, long rent)
    {
        SorobanTransactionDataExt ext = archived.Count == 0 ? new SorobanTransactionDataExt.V0() : new SorobanTransactionDataExt.V1(new SorobanResourcesExtV0(archived));
        var data = new SorobanTransactionData(ext, resources, 0);
        var whole = new TransactionEnvelope.Tx(new TransactionV1Envelope(transaction with { Ext = new TransactionExt.V1(data) }, []));
        var size = XdrCodec.ToBytes(whole).Length + (SignaturesMax * SignatureBytes);
        var fee = ResourceFees.Compute(resources, Math.Max(size * 11 / 10, size + SizeMarginBytes), eventsBytes, archived.Count);
        var refundable = ((fee.Refundable + rent) * 115 + 99) / 100;
        return data with { ResourceFee = fee.NonRefundable + refundable };
    }

    private static SorobanTransactionData? Declared(Transaction transaction) => (transaction.Ext as TransactionExt.V1)?.Value;
}
