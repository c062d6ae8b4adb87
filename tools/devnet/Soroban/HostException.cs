using Payouts.Stellar.Xdr;

namespace Payouts.Devnet.Soroban;

/// <summary>A contract call ends here: the error as the host reports it, with the contract that raised it and why.</summary>
public sealed class HostException(SCError error, string reason, params SCVal[] arguments) : Exception(reason)
{
    public SCError Error { get; } = error;

    public IReadOnlyList<SCVal> Arguments { get; } = arguments;

    public static HostException Storage(SCErrorCode code, string reason) => new(new SCError.Storage(code), reason);

    public static HostException Auth(SCErrorCode code, string reason, params SCVal[] arguments) => new(new SCError.Auth(code), reason, arguments);

    public static HostException Value(SCErrorCode code, string reason) => new(new SCError.Value(code), reason);

    public static HostException Contract(uint code, string reason, params SCVal[] arguments) => new(new SCError.Contract(code), reason, arguments);

    public static HostException Trap(string reason) => new(new SCError.WasmVm(SCErrorCode.SCEC_INVALID_ACTION), reason);
}
