using System.Buffers;
using System.Text.Json;
using Payouts.Devnet.Faults;

namespace Payouts.Devnet.Rpc;

/// <summary>The HTTP side of the RPC: body limits, and the faults that live on the wire between client and server.</summary>
public sealed class JsonRpcEndpoint(JsonRpcDispatcher dispatcher, FaultScript faults, TimeProvider clock)
{
    /// <summary>maxHTTPRequestSize of the real server.</summary>
    private const int BodyBytesMax = 512 * 1024;

    public async Task HandleAsync(HttpContext http)
    {
        if (!HttpMethods.IsPost(http.Request.Method))
        {
            http.Response.Headers.Allow = "POST";
            await PlainAsync(http, StatusCodes.Status405MethodNotAllowed, "use POST with a JSON-RPC 2.0 body\n");
            return;
        }

        var body = await ReadBodyAsync(http);
        if (body is null)
        {
            await PlainAsync(http, StatusCodes.Status413PayloadTooLarge, "http: request body too large\n");
            return;
        }

        using var call = JsonRpcDispatcher.Parse(body.Value);
        var fault = faults.OnCall(JsonRpcDispatcher.MethodOf(call));
        if (fault.Latency > TimeSpan.Zero)
        {
            await Task.Delay(fault.Latency, clock, http.RequestAborted);
        }

        if (fault.BeforeExecution is { } refusal)
        {
            await FailAsync(http, refusal);
            return;
        }

        var answer = new ArrayBufferWriter<byte>(2048);
        bool any;
        using (NodeView.Enter(fault.LagLedgers))
        {
            any = dispatcher.Execute(call, answer);
        }

        if (fault.AfterExecution is { } loss)
        {
            await FailAsync(http, loss);
            return;
        }

        http.Response.StatusCode = any ? StatusCodes.Status200OK : StatusCodes.Status204NoContent;
        if (any)
        {
            http.Response.ContentType = "application/json";
            http.Response.ContentLength = answer.WrittenCount;
            await http.Response.Body.WriteAsync(answer.WrittenMemory, http.RequestAborted);
        }
    }

    private static async Task<ReadOnlyMemory<byte>?> ReadBodyAsync(HttpContext http)
    {
        if (http.Request.ContentLength > BodyBytesMax)
        {
            return null;
        }

        using var buffer = new MemoryStream((int)(http.Request.ContentLength ?? 4096));
        var chunk = ArrayPool<byte>.Shared.Rent(16 * 1024);
        try
        {
            int read;
            while ((read = await http.Request.Body.ReadAsync(chunk, http.RequestAborted)) > 0)
            {
                if (buffer.Length + read > BodyBytesMax)
                {
                    return null;
                }

                buffer.Write(chunk, 0, read);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(chunk);
        }

        return buffer.GetBuffer().AsMemory(0, (int)buffer.Length);
    }

    /// <summary>Status 0 is a connection that breaks with no HTTP answer at all.</summary>
    private static async Task FailAsync(HttpContext http, WireFailure failure)
    {
        if (failure.HttpStatus == 0)
        {
            http.Abort();
            return;
        }

        if (failure.HttpStatus == StatusCodes.Status429TooManyRequests)
        {
            http.Response.Headers.RetryAfter = "1";
        }

        await PlainAsync(http, failure.HttpStatus, "");
    }

    private static async Task PlainAsync(HttpContext http, int status, string text)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "text/plain; charset=utf-8";
        await http.Response.WriteAsync(text, http.RequestAborted);
    }
}
