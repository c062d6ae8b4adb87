using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Payouts.Devnet.Rpc;
using Payouts.Tests.Simulation.Chance;

namespace Payouts.Tests.Simulation.Wiring;

/// <summary>One service's way to the devnet: the devnet's own HTTP endpoint with its own faults, without a socket in between.</summary>
internal sealed class RpcDoor(ServiceProcess process, JsonRpcEndpoint endpoint, Points points, LateRequests late, Trace trace, Tally tally) : HttpMessageHandler
{
    // One asks for all of the process, the others wait for its answer: while it is kept under way they could do nothing.
    private static readonly HashSet<string> Shared = ["getHealth", "getLatestLedger", "getFeeStats"];

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = await request.Content!.ReadAsByteArrayAsync(cancellationToken);
        var method = MethodOf(body);
        // payout-builder asks for several transactions side by side: one flow waits at one place only.
        var mayPark = !Shared.Contains(method) && (process.Name, method) != ("payout-builder", "getTransaction");
        await points.PassAsync(process, "before-call", mayPark);
        if (cancellationToken.IsCancellationRequested)
        {
            late.GivenUp(method, body);
            GiveUp(method, "before the network had it", cancellationToken);
        }

        var (status, answer) = await AskAsync(endpoint, body);
        trace.Add($"  {method} -> {Describe(status, answer)}");
        tally.Add("call", method);
        await points.PassAsync(process, "called", mayPark);
        if (cancellationToken.IsCancellationRequested)
            GiveUp(method, "before the answer came", cancellationToken);
        if (status == 0)
            throw new HttpRequestException(HttpRequestError.ResponseEnded, "the connection broke");
        return new HttpResponseMessage((HttpStatusCode)status) { Content = new ByteArrayContent(answer) };
    }

    /// <summary>While the call was kept under way the client's own time limit ran out: as of an HTTP call that was cancelled.</summary>
    private void GiveUp(string method, string when, CancellationToken limit)
    {
        trace.Add($"  {method}: the time limit strikes {when}");
        tally.Add("limit", method);
        limit.ThrowIfCancellationRequested();
    }

    /// <summary>Status 0: the connection broke.</summary>
    public static async Task<(int Status, byte[] Body)> AskAsync(JsonRpcEndpoint endpoint, byte[] body)
    {
        using var answer = new MemoryStream();
        var lifetime = new Lifetime();
        var http = new DefaultHttpContext();
        http.Features.Set<IHttpRequestLifetimeFeature>(lifetime);
        http.Request.Method = HttpMethods.Post;
        http.Request.Body = new MemoryStream(body);
        http.Request.ContentLength = body.Length;
        http.Response.Body = answer;
        await endpoint.HandleAsync(http);
        return lifetime.IsAborted ? (0, []) : (http.Response.StatusCode, answer.ToArray());
    }

    private static string MethodOf(byte[] body)
    {
        using var call = JsonRpcDispatcher.Parse(body);
        return JsonRpcDispatcher.MethodOf(call) ?? "unreadable";
    }

    /// <summary>Enough of an answer to follow the run.</summary>
    private static string Describe(int status, byte[] answer)
    {
        if (status != 200)
            return status == 0 ? "broken" : FormattableString.Invariant($"HTTP {status}");
        using var json = JsonDocument.Parse(answer);
        if (json.RootElement.TryGetProperty("error", out var error))
            return $"error {error}";
        var result = json.RootElement.GetProperty("result");
        var ledger = result.TryGetProperty("latestLedger", out var latest) ? latest.ToString() : "-";
        var word = result.TryGetProperty("status", out var said) ? said.ToString() : result.TryGetProperty("error", out var failed) ? failed.ToString().Split('\n')[0] : "ok";
        return $"{word} @{ledger}";
    }

    private sealed class Lifetime : IHttpRequestLifetimeFeature
    {
        public bool IsAborted { get; private set; }

        public CancellationToken RequestAborted { get; set; }

        public void Abort() => IsAborted = true;
    }
}
