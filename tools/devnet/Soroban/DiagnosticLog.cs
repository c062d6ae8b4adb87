using Payouts.Devnet.Contracts;
using Payouts.Stellar.Xdr;

namespace Payouts.Devnet.Soroban;

/// <summary>The host's diagnostic events of one invocation, in the order they happened.</summary>
/// <param name="traces">Whether calls, their events and returns are kept beside what explains an error.</param>
public sealed class DiagnosticLog(bool traces)
{
    private readonly List<ContractEvent> events = [];

    /// <summary>Whether an error has been explained.</summary>
    public bool Explains { get; private set; }

    /// <summary>fn_call: topics name the callee and its function, data are its arguments; the event belongs to the caller, if a contract.</summary>
    public void Called(SCAddress? caller, SCAddress callee, string function, XdrArray<SCVal> args)
    {
        if (traces && callee is SCAddress.Contract { Value.Value: var id })
        {
            SCVal data = args.Count switch { 0 => new SCVal.Void(), 1 => args[0], _ => new SCVal.Vec(new SCVec(args)) };
            Add(caller, ["fn_call".ToSymbol(), new SCVal.Bytes(new SCBytes(id.Value)), function.ToSymbol()], data);
        }
    }

    public void Returned(SCAddress callee, string function, SCVal result)
    {
        if (traces)
        {
            Add(callee, ["fn_return".ToSymbol(), function.ToSymbol()], result);
        }
    }

    public void Emitted(ContractEvent contractEvent)
    {
        if (traces)
        {
            events.Add(contractEvent);
        }
    }

    public void Explain(SCAddress? contract, SCError error, string reason, IReadOnlyList<SCVal> arguments)
    {
        Explains = true;
        SCVal text = new SCVal.String(new SCString(new XdrString(reason)));
        Add(contract, ["error".ToSymbol(), new SCVal.Error(error)], arguments.Count == 0 ? text : new SCVal.Vec(new SCVec([text, .. arguments])));
    }

    public IReadOnlyList<DiagnosticEvent> Succeeded() => [.. events.Select(one => new DiagnosticEvent(true, one))];

    /// <summary>No call is caught here, so a failure inside is a failure of all that was called.</summary>
    public IReadOnlyList<DiagnosticEvent> Failed() => [.. events.Select(one => new DiagnosticEvent(false, one))];

    private void Add(SCAddress? contract, XdrArray<SCVal> topics, SCVal data) => events.Add(new ContractEvent(
        new ExtensionPoint.V0(), (contract as SCAddress.Contract)?.Value, ContractEventType.DIAGNOSTIC, new ContractEventBody.V0(new ContractEventV0(topics, data))));
}
