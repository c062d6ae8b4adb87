using System.Globalization;
using Payouts.Stellar.Xdr;

namespace Payouts.Devnet.Soroban;

/// <summary>Host errors as the text every Soroban tool prints: Error(Contract, #3), Error(Auth, InvalidAction).</summary>
public static class HostErrors
{
    public static string Text(SCError error) => error switch
    {
        SCError.Contract(var code) => $"Error(Contract, #{code.ToString(CultureInfo.InvariantCulture)})",
        SCError.WasmVm(var code) => Text("WasmVm", code),
        SCError.Context(var code) => Text("Context", code),
        SCError.Storage(var code) => Text("Storage", code),
        SCError.Object(var code) => Text("Object", code),
        SCError.Crypto(var code) => Text("Crypto", code),
        SCError.Events(var code) => Text("Events", code),
        SCError.Budget(var code) => Text("Budget", code),
        SCError.Value(var code) => Text("Value", code),
        SCError.Auth(var code) => Text("Auth", code),
        _ => "Error(Context, InternalError)",
    };

    private static string Text(string type, SCErrorCode code) =>
        $"Error({type}, {string.Concat(code.ToString()["SCEC_".Length..].Split('_').Select(word => word[0] + word[1..].ToLowerInvariant()))})";
}
