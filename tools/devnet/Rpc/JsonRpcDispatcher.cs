using System.Buffers;
using System.Text.Json;
using Payouts.Devnet.Faults;

namespace Payouts.Devnet.Rpc;

/// <summary>JSON-RPC 2.0 over one HTTP body: single calls, batches and notifications, with the error codes of the real server.</summary>
public sealed class JsonRpcDispatcher(IReadOnlyDictionary<string, RpcMethod> methods, ILogger<JsonRpcDispatcher> log)
{
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 32 };

    /// <summary>The method a body calls, for the fault script; null for batches and for what cannot be read.</summary>
    public static string? MethodOf(JsonDocument? body) =>
        body is { RootElement: { ValueKind: JsonValueKind.Object } root } && root.TryGetProperty("method", out var name) && name.ValueKind == JsonValueKind.String
            ? name.GetString()
            : null;

    public static JsonDocument? Parse(ReadOnlyMemory<byte> body)
    {
        try
        {
            return JsonDocument.Parse(body, Strict);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <returns>False when nothing is to be answered (only notifications).</returns>
    public bool Execute(JsonDocument? body, IBufferWriter<byte> output)
    {
        if (body is null)
        {
            WriteError(output, default, RpcException.ParseError, "invalid JSON request message");
            return true;
        }

        if (body.RootElement.ValueKind != JsonValueKind.Array)
        {
            return Call(body.RootElement, output);
        }

        return Batch(body.RootElement, output);
    }

    private bool Batch(JsonElement calls, IBufferWriter<byte> output)
    {
        if (calls.GetArrayLength() == 0)
        {
            WriteError(output, default, RpcException.InvalidRequest, "empty request batch");
            return true;
        }

        var answered = 0;
        foreach (var call in calls.EnumerateArray())
        {
            var answer = new ArrayBufferWriter<byte>();
            if (Call(call, answer))
            {
                output.Write(answered++ == 0 ? "["u8 : ","u8);
                output.Write(answer.WrittenSpan);
            }
        }

        if (answered > 0)
        {
            output.Write("]"u8);
        }

        return answered > 0;
    }

    private bool Call(JsonElement call, IBufferWriter<byte> output)
    {
        var id = call.ValueKind == JsonValueKind.Object && call.TryGetProperty("id", out var given) ? given : default;
        var answer = new ArrayBufferWriter<byte>(1024);
        try
        {
            Answer(call, id, answer);
        }
        catch (RpcException error)
        {
            answer.Clear();
            WriteError(answer, id, error.Code, error.Message);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            // A client must never be able to stop the judge: what we did not foresee is answered and logged, not thrown.
            log.UnexpectedFailure(MethodName(call), error);
            answer.Clear();
            WriteError(answer, id, RpcException.InternalError, "request failed to process due to internal issue");
        }

        if (id.ValueKind == JsonValueKind.Undefined && MethodName(call) is not null)
        {
            return false;
        }

        output.Write(answer.WrittenSpan);
        return true;
    }

    private void Answer(JsonElement call, JsonElement id, IBufferWriter<byte> answer)
    {
        var name = MethodName(call);
        if (name is null || !call.TryGetProperty("jsonrpc", out var version) || version.ValueKind != JsonValueKind.String || version.GetString() != "2.0")
        {
            throw new RpcException(RpcException.InvalidRequest, "invalid request: jsonrpc must be \"2.0\" and method a string");
        }

        if (!methods.TryGetValue(name, out var method))
        {
            throw new RpcException(RpcException.NoSuchMethod, $"no such method \"{name}\"");
        }

        var parameters = call.TryGetProperty("params", out var given) ? given : default;
        if (parameters.ValueKind == JsonValueKind.Array)
        {
            throw RpcException.Params("array parameters are not supported");
        }

        if (parameters.ValueKind is not (JsonValueKind.Object or JsonValueKind.Undefined or JsonValueKind.Null))
        {
            throw new RpcException(RpcException.InvalidRequest, "parameters must be an object");
        }

        using var json = new Utf8JsonWriter(answer);
        json.WriteStartObject();
        json.WriteString("jsonrpc"u8, "2.0"u8);
        WriteId(json, id);
        json.WritePropertyName("result"u8);
        method(new RpcParams(parameters), json);
        json.WriteEndObject();
    }

    private static string? MethodName(JsonElement call) =>
        call.ValueKind == JsonValueKind.Object && call.TryGetProperty("method", out var method) && method.ValueKind == JsonValueKind.String
            ? method.GetString()
            : null;

    private static void WriteError(IBufferWriter<byte> output, JsonElement id, int code, string message)
    {
        using var json = new Utf8JsonWriter(output);
        json.WriteStartObject();
        json.WriteString("jsonrpc"u8, "2.0"u8);
        WriteId(json, id);
        json.WriteStartObject("error"u8);
        json.WriteNumber("code"u8, code);
        json.WriteString("message"u8, message);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteId(Utf8JsonWriter json, JsonElement id)
    {
        json.WritePropertyName("id"u8);
        if (id.ValueKind is JsonValueKind.String or JsonValueKind.Number)
        {
            id.WriteTo(json);
        }
        else
        {
            json.WriteNullValue();
        }
    }
}
