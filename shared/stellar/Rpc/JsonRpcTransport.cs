using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Payouts.Stellar.Rpc;

/// <summary>
/// One JSON-RPC request to one endpoint: writes it, reads the answer and says exactly how it failed. No retries here, and the caller's
/// <see cref="CancellationToken"/> is the only time limit.
/// </summary>
internal sealed class JsonRpcTransport(HttpClient http, long responseBytesMax, TimeProvider time, Action<SorobanRpcCall> completed)
{
    // Enough of the server's text to understand it; an answer is never copied whole into a log.
    private const int DetailLengthMax = 300;

    // The default encoder writes base64's plus sign as six characters; the body is JSON for a server and never part of a page.
    private static readonly JsonWriterOptions Writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private long _lastId;

    /// <exception cref="SorobanRpcException">No usable answer.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; whether by a timeout is for the caller to know.</exception>
    public async Task<TResult> CallAsync<TParams, TResult>(
        Uri endpoint, string method, TParams? parameters, JsonTypeInfo<TParams>? parametersType, JsonTypeInfo<TResult> resultType,
        Func<bool> isTimeout, CancellationToken cancellationToken)
        where TParams : class
        where TResult : class
    {
        var label = Label(endpoint);
        var started = time.GetTimestamp();
        var outcome = SorobanRpcCallOutcome.Cancelled;
        try
        {
            var result = await RequestAsync(endpoint, label, method, parameters, parametersType, resultType, cancellationToken).ConfigureAwait(false);
            outcome = SorobanRpcCallOutcome.Success;
            return result;
        }
        catch (SorobanRpcException exception)
        {
            outcome = Enum.Parse<SorobanRpcCallOutcome>(exception.Kind.ToString());
            throw;
        }
        catch (OperationCanceledException) when (isTimeout())
        {
            outcome = SorobanRpcCallOutcome.Timeout;
            throw;
        }
        finally
        {
            completed(new SorobanRpcCall(method, label, outcome, time.GetElapsedTime(started)));
        }
    }

    /// <summary>Scheme, host and port: the path and the query of a provider's address may hold a key.</summary>
    public static string Label(Uri endpoint) => endpoint.GetLeftPart(UriPartial.Authority).Replace(endpoint.UserInfo + "@", "", StringComparison.Ordinal);

    private async Task<TResult> RequestAsync<TParams, TResult>(
        Uri endpoint, string label, string method, TParams? parameters, JsonTypeInfo<TParams>? parametersType, JsonTypeInfo<TResult> resultType,
        CancellationToken cancellationToken)
        where TParams : class
        where TResult : class
    {
        var id = Interlocked.Increment(ref _lastId);
        using var request = new HttpRequestMessage(HttpMethod.Post, endpoint) { Content = Body(id, method, parameters, parametersType) };
        try
        {
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
            if (response.StatusCode != HttpStatusCode.OK)
            {
                throw Error(SorobanRpcErrorKind.HttpStatus, $"HTTP status {(int)response.StatusCode}", (int)response.StatusCode);
            }

            await response.Content.LoadIntoBufferAsync(responseBytesMax, cancellationToken).ConfigureAwait(false);
            await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            using var answer = await JsonDocument.ParseAsync(stream, cancellationToken: cancellationToken).ConfigureAwait(false);
            return Read(answer.RootElement, id, resultType, Error);
        }
        catch (JsonException exception)
        {
            throw Error(SorobanRpcErrorKind.InvalidResponse, $"the answer is not the JSON that {method} promises", inner: exception);
        }
        catch (HttpRequestException exception)
        {
            throw Error(KindOf(exception), $"{exception.HttpRequestError}", inner: exception);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            // Nobody cancelled: the HttpClient's own limits (connecting, whole request) ran out.
            throw Error(SorobanRpcErrorKind.Timeout, "the HTTP client gave up waiting", inner: exception);
        }
        catch (IOException exception)
        {
            throw Error(SorobanRpcErrorKind.ConnectionLost, "the connection broke while the answer was read", inner: exception);
        }

        SorobanRpcException Error(SorobanRpcErrorKind kind, string detail, int? code = null, Exception? inner = null) =>
            new(kind, method, label, detail, code, inner);
    }

    private static TResult Read<TResult>(
        JsonElement answer, long id, JsonTypeInfo<TResult> resultType, Func<SorobanRpcErrorKind, string, int?, Exception?, SorobanRpcException> error)
        where TResult : class
    {
        if (answer.ValueKind != JsonValueKind.Object)
        {
            throw error(SorobanRpcErrorKind.InvalidResponse, "the answer is not a JSON object", null, null);
        }

        var hasId = answer.TryGetProperty("id", out var echoed) && echoed.ValueKind != JsonValueKind.Null;
        var isOurs = hasId && echoed.ValueKind == JsonValueKind.Number && echoed.TryGetInt64(out var echo) && echo == id;
        if (answer.TryGetProperty("error", out var problem) && problem.ValueKind == JsonValueKind.Object)
        {
            // A server that could not read the request knows no id; but another request's refusal says nothing about this one.
            if (hasId && !isOurs)
            {
                throw error(SorobanRpcErrorKind.InvalidResponse, "the error is about another request's id", null, null);
            }

            var code = problem.TryGetProperty("code", out var c) && c.TryGetInt32(out var number) ? number : (int?)null;
            var message = problem.TryGetProperty("message", out var m) && m.ValueKind == JsonValueKind.String ? m.GetString()! : "no message";
            throw error(SorobanRpcErrorKind.RpcError, Shorten($"error {code}: {message}"), code, null);
        }

        // An answer to another request, through a broken gateway, must not be taken for this one's.
        if (!isOurs)
        {
            throw error(SorobanRpcErrorKind.InvalidResponse, "the answer does not carry this request's id", null, null);
        }

        return answer.TryGetProperty("result", out var result) && result.Deserialize(resultType) is { } value
            ? value
            : throw error(SorobanRpcErrorKind.InvalidResponse, "the answer has no result", null, null);
    }

    private static ByteArrayContent Body<TParams>(long id, string method, TParams? parameters, JsonTypeInfo<TParams>? parametersType)
        where TParams : class
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer, Writing))
        {
            json.WriteStartObject();
            json.WriteString("jsonrpc", "2.0");
            json.WriteNumber("id", id);
            json.WriteString("method", method);
            if (parameters is not null && parametersType is not null)
            {
                json.WritePropertyName("params");
                JsonSerializer.Serialize(json, parameters, parametersType);
            }

            json.WriteEndObject();
        }

        var content = new ByteArrayContent(buffer.WrittenSpan.ToArray());
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return content;
    }

    // Only these four happen before a byte of the request is written.
    private static SorobanRpcErrorKind KindOf(HttpRequestException exception) => exception.HttpRequestError switch
    {
        HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError
            or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError => SorobanRpcErrorKind.Unreachable,
        HttpRequestError.ConfigurationLimitExceeded => SorobanRpcErrorKind.InvalidResponse,
        _ => SorobanRpcErrorKind.ConnectionLost,
    };

    private static string Shorten(string text) => text.Length <= DetailLengthMax ? text : text[..DetailLengthMax] + "...";
}
