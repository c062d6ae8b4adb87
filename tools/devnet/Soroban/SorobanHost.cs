using Payouts.Devnet.Contracts;
using Payouts.Devnet.Ledger;
using Payouts.Devnet.Operations;
using Payouts.Stellar;
using Payouts.Stellar.Xdr;

namespace Payouts.Devnet.Soroban;

/// <summary>Runs one contract invocation: call frames, storage, authorization, events, budget.</summary>
public sealed class SorobanHost(HostStorage storage, Budget budget, IAuthorizer authorizer, ContractRegistry contracts, EventFactory eventFactory, bool traces)
{
    private const int CallDepthMax = 10;

    private readonly List<CallFrame> frames = [];

    public HostStorage Storage => storage;

    public LedgerInfo Info => storage.Info;

    public Budget Budget => budget;

    public EventFactory EventFactory => eventFactory;

    public List<ContractEvent> Events { get; } = [];

    /// <summary>What explains a failure and, where calls are traced, each call, its events and its return; oldest first.</summary>
    public DiagnosticLog Diagnostics { get; } = new(traces);

    public IReadOnlyList<CallFrame> Frames => frames;

    /// <summary>The call of the transaction itself.</summary>
    public SCVal InvokeRoot(InvokeContractArgs call)
    {
        budget.Charge(Budget.Invocation);
        return call.FunctionName.Value.TryGetText(out var function) && ScVal.IsSymbol(function)
            ? Invoke(call.ContractAddress, function, call.Args)
            : throw HostException.Value(SCErrorCode.SCEC_INVALID_INPUT, "the function's name is no symbol: a-z, A-Z, 0-9 and _ are right");
    }

    /// <summary>A call from the contract that is running now. A failure inside is a failure of the whole.</summary>
    public SCVal Call(SCAddress contract, string function, params XdrArray<SCVal> args)
    {
        budget.Charge(Budget.NestedCall);
        try
        {
            return Invoke(contract, function, args);
        }
        catch (HostException error)
        {
            Diagnostics.Explain(frames[^1].Contract, error.Error, "contract call failed", [function.ToSymbol(), new SCVal.Vec(new SCVec(args))]);
            throw;
        }
    }

    /// <summary>The address must have authorized the running call with these arguments.</summary>
    public void RequireAuth(SCAddress address)
    {
        // A contract that calls directly has thereby authorized what it calls.
        if (frames.Count > 1 && frames[^2].Contract == address)
        {
            return;
        }

        authorizer.Require(this, address);
    }

    public void Emit(SCAddress contract, XdrArray<SCVal> topics, SCVal data) => Emit(new ContractEvent(
        new ExtensionPoint.V0(), ((SCAddress.Contract)contract).Value, ContractEventType.CONTRACT, new ContractEventBody.V0(new ContractEventV0(topics, data))));

    public void Emit(ContractEvent contractEvent)
    {
        budget.Charge(Budget.Event);
        Events.Add(contractEvent);
        Diagnostics.Emitted(contractEvent);
    }

    private SCVal Invoke(SCAddress contract, string function, XdrArray<SCVal> args)
    {
        if (frames.Count >= CallDepthMax)
        {
            throw new HostException(new SCError.Context(SCErrorCode.SCEC_EXCEEDED_LIMIT), "call depth exceeded");
        }

        if (frames.Any(frame => frame.Contract == contract))
        {
            throw new HostException(new SCError.Context(SCErrorCode.SCEC_INVALID_ACTION), "contract re-entry is not allowed");
        }

        Diagnostics.Called(frames.Count > 0 ? frames[^1].Contract : null, contract, function, args);
        frames.Add(new CallFrame(contract, function, args));
        authorizer.Push();
        try
        {
            var result = contracts.Load(this, contract).Invoke(new ContractCall(this, contract, function, args));
            authorizer.Pop();
            frames.RemoveAt(frames.Count - 1);
            Diagnostics.Returned(contract, function, result);
            return result;
        }
        catch (HostException error)
        {
            // The innermost frame explains the error; those above only report that their call failed.
            if (!Diagnostics.Explains)
            {
                Diagnostics.Explain(contract, error.Error, error.Message, error.Arguments);
            }

            frames.RemoveAt(frames.Count - 1);
            throw;
        }
    }
}

/// <summary>One running call.</summary>
public sealed record CallFrame(SCAddress Contract, string Function, XdrArray<SCVal> Args);
