using System.Globalization;
using System.Text.RegularExpressions;

namespace Payouts.Stellar.Rpc;

/// <summary>Why a call of the Soroban RPC brought no answer. A closed set.</summary>
public enum SorobanRpcErrorKind
{
    /// <summary>No connection was made: the request surely never reached the server.</summary>
    Unreachable,

    /// <summary>The connection broke after it was made: the server may have acted.</summary>
    ConnectionLost,

    /// <summary>No answer in time: the server may have acted.</summary>
    Timeout,

    /// <summary>An HTTP status other than 200.</summary>
    HttpStatus,

    /// <summary>A JSON-RPC error object.</summary>
    RpcError,

    /// <summary>An answer that is not what the method promises.</summary>
    InvalidResponse,
}

/// <summary>The one exception of the RPC client's reads. It names method and endpoint (never the URL's path, which may hold a key).</summary>
public sealed partial class SorobanRpcException(
    SorobanRpcErrorKind kind, string method, string endpoint, string detail, int? code = null, Exception? inner = null)
    : Exception($"{method} at {endpoint}: {detail}", inner)
{
    private const int ParseError = -32700;
    private const int InvalidRequest = -32600;
    private const int MethodNotFound = -32601;
    private const int InvalidParams = -32602;

    public SorobanRpcErrorKind Kind { get; } = kind;

    public string Method { get; } = method;

    /// <summary>Scheme, host and port.</summary>
    public string Endpoint { get; } = endpoint;

    /// <summary>What was wrong, without method and endpoint.</summary>
    public string Detail { get; } = detail;

    /// <summary>The HTTP status or the JSON-RPC error code.</summary>
    public int? Code { get; } = code;

    /// <summary>Whether the server understood the request and refused it for what it says: the same request fails again, everywhere.</summary>
    public bool IsRejection => Kind == SorobanRpcErrorKind.RpcError && Code is ParseError or InvalidRequest or MethodNotFound or InvalidParams;

    /// <summary>Whether the same read may succeed later or at another endpoint.</summary>
    public bool IsTransient => Kind switch
    {
        SorobanRpcErrorKind.HttpStatus => Code is 408 or 429 or >= 500,
        _ => !IsRejection,
    };

    /// <summary>The ledgers that the server holds, when it refused a request for lying outside of them.</summary>
    public (uint Oldest, uint Latest)? LedgerRange
    {
        get
        {
            var match = IsRejection ? RangePattern().Match(Detail) : Match.Empty;
            return match.Success
                && uint.TryParse(match.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var oldest)
                && uint.TryParse(match.Groups[2].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var latest)
                ? (oldest, latest)
                : null;
        }
    }

    [GeneratedRegex(@"ledger range: (\d+) - (\d+)", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex RangePattern();
}
