using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using Payouts.Tests.Support;

namespace Payouts.Tests.EndToEnd.Tracing;

/// <summary>Takes traces as a collector does: OTLP over HTTP, protobuf.</summary>
internal sealed class Collector : IAsyncDisposable
{
    private readonly HttpReceiver _receiver;
    private readonly ConcurrentQueue<CollectedSpan> _spans;

    private Collector(HttpReceiver receiver, ConcurrentQueue<CollectedSpan> spans) => (_receiver, _spans) = (receiver, spans);

    /// <summary>What OTEL_EXPORTER_OTLP_ENDPOINT names.</summary>
    public string Address => _receiver.Address.ToString();

    public IReadOnlyList<CollectedSpan> Spans => [.. _spans];

    public static async Task<Collector> StartAsync(CancellationToken cancellationToken)
    {
        var spans = new ConcurrentQueue<CollectedSpan>();
        var receiver = await HttpReceiver.StartAsync(
            (http, body) =>
            {
                foreach (var span in TraceExport.Read(body))
                    spans.Enqueue(span);
                // An empty answer of OTLP says that all was taken.
                http.Response.StatusCode = StatusCodes.Status200OK;
                http.Response.ContentType = "application/x-protobuf";
                return Task.CompletedTask;
            }, cancellationToken: cancellationToken);
        return new Collector(receiver, spans);
    }

    public ValueTask DisposeAsync() => _receiver.DisposeAsync();
}
