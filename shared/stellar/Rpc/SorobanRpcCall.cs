namespace Payouts.Stellar.Rpc;

/// <summary>How one request ended, for metering. A closed set, fit for a metric's label.</summary>
public enum SorobanRpcCallOutcome
{
    Success,
    Unreachable,
    ConnectionLost,
    Timeout,
    HttpStatus,
    RpcError,
    InvalidResponse,
    Cancelled,
}

/// <summary>One request to one endpoint, finished.</summary>
/// <param name="Method">The JSON-RPC method.</param>
/// <param name="Endpoint">Scheme, host and port.</param>
public sealed record SorobanRpcCall(string Method, string Endpoint, SorobanRpcCallOutcome Outcome, TimeSpan Duration);
