using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json;
using Payouts.Stellar.Rpc;

namespace Payouts.Stellar.Tests.Rpc;

/// <summary>Endpoints that answer as the test says, and remember what they were asked.</summary>
internal sealed class FakeRpc : HttpMessageHandler
{
    public const string First = "https://first.example";
    public const string Second = "https://second.example";

    private readonly Dictionary<string, Func<JsonElement, CancellationToken, Task<HttpResponseMessage>>> _answers = [];
    private readonly ConcurrentQueue<(string Host, string Body)> _requests = [];
    private readonly ConcurrentQueue<SorobanRpcCall> _calls = [];

    public IReadOnlyList<(string Host, string Body)> Requests => [.. _requests];

    /// <summary>What the client reported for metering.</summary>
    public IReadOnlyList<SorobanRpcCall> Calls => [.. _calls];

    public FakeRpc Answers(string host, string result) => Replies(host, (request, _) => Task.FromResult(Ok(
        $$"""{"jsonrpc":"2.0","id":{{request.GetProperty("id").GetRawText()}},"result":{{result}}}""")));

    public FakeRpc Errors(string host, int code, string message) => Replies(host, (request, _) => Task.FromResult(Ok(
        $$"""{"jsonrpc":"2.0","id":{{request.GetProperty("id").GetRawText()}},"error":{"code":{{code}},"message":{{JsonSerializer.Serialize(message)}} } }""")));

    public FakeRpc Says(string host, string body) => Replies(host, (_, _) => Task.FromResult(Ok(body)));

    public FakeRpc Status(string host, HttpStatusCode status) => Replies(host, (_, _) => Task.FromResult(new HttpResponseMessage(status)));

    public FakeRpc Fails(string host, HttpRequestError error) => Replies(host, (_, _) => throw new HttpRequestException(error, "as the test says"));

    /// <summary>Never answers, until the caller gives up.</summary>
    public FakeRpc Hangs(string host) => Replies(host, async (_, token) =>
    {
        await Task.Delay(Timeout.Infinite, token);
        throw new InvalidOperationException("unreachable");
    });

    public FakeRpc Replies(string host, Func<JsonElement, CancellationToken, Task<HttpResponseMessage>> answer)
    {
        _answers[host] = answer;
        return this;
    }

    public SorobanRpcClient Client(TimeSpan? timeout = null, int readAttemptsMax = 3)
    {
        var limit = timeout ?? TimeSpan.FromSeconds(20);
        var options = new SorobanRpcOptions
        {
            Endpoints = [.. _answers.Keys.Select(host => new Uri($"{host}/v1/secret-key"))],
            RetryDelay = TimeSpan.FromMilliseconds(1),
            ReadAttemptsMax = readAttemptsMax,
            SendTimeout = limit,
            ReadTimeout = limit,
            ScanTimeout = limit,
            SimulateTimeout = limit,
        };
        return new SorobanRpcClient(new HttpClient(this) { Timeout = Timeout.InfiniteTimeSpan }, options, TimeProvider.System, _calls.Enqueue);
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = await request.Content!.ReadAsStringAsync(cancellationToken);
        var host = request.RequestUri!.GetLeftPart(UriPartial.Authority);
        _requests.Enqueue((host, body));
        using var json = JsonDocument.Parse(body);
        return await _answers[host](json.RootElement.Clone(), cancellationToken);
    }

    private static HttpResponseMessage Ok(string body) => new(HttpStatusCode.OK) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
}
