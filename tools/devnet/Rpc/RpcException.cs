namespace Payouts.Devnet.Rpc;

/// <summary>An answer with a JSON-RPC error object (HTTP 200), with the code and literal message of the real server.</summary>
public sealed class RpcException(int code, string message) : Exception(message)
{
    public const int ParseError = -32700;
    public const int InvalidRequest = -32600;
    public const int NoSuchMethod = -32601;
    public const int InvalidParams = -32602;
    public const int InternalError = -32603;

    public int Code { get; } = code;

    public static RpcException Params(string message) => new(InvalidParams, message);

    public static RpcException Range(string message) => new(InvalidRequest, message);

    public static RpcException Internal(string message) => new(InternalError, message);
}
