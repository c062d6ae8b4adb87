using Payouts.Devnet.Contracts;
using Payouts.Stellar.Xdr;

namespace Payouts.Devnet.Soroban;

/// <summary>Diagnostic events of stellar-core itself, which name no contract.</summary>
public static class CoreDiagnostics
{
    public static DiagnosticEvent Error(InvokeHostFunctionResult result, string reason) => Error(
        result is InvokeHostFunctionResult.EntryArchived ? new SCError.Storage(SCErrorCode.SCEC_INVALID_INPUT) : new SCError.Budget(SCErrorCode.SCEC_EXCEEDED_LIMIT), reason);

    public static DiagnosticEvent Error(SCError error, string reason) => new(false, new ContractEvent(
        new ExtensionPoint.V0(),
        null,
        ContractEventType.DIAGNOSTIC,
        new ContractEventBody.V0(new ContractEventV0(
            ["error".ToSymbol(), new SCVal.Error(error)], new SCVal.String(new SCString(new XdrString(reason)))))));
}
