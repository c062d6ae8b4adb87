using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Prometheus;

namespace Payouts.Hosting.Observability;

/// <summary>What HTTP requests are counted by: route, method and class of the status.</summary>
internal static class HttpMeters
{
    private static readonly string[] Methods =
        [HttpMethods.Get, HttpMethods.Head, HttpMethods.Post, HttpMethods.Put, HttpMethods.Patch, HttpMethods.Delete, HttpMethods.Options, HttpMethods.Trace, HttpMethods.Connect];

    private static readonly Counter Requests = Metrics.CreateCounter("http_requests_total", "HTTP requests that were answered.", "code", "method", "endpoint");

    private static readonly Histogram Duration = Metrics.CreateHistogram(
        "http_request_duration_seconds", "How long HTTP requests took.", ["code", "method", "endpoint"],
        new HistogramConfiguration { Buckets = Histogram.ExponentialBuckets(0.001, 2, 15) });

    /// <summary>Counts every request behind it. A method that no RFC of HTTP knows is refused before: a caller may write anything there, and each would be a series.</summary>
    public static void UseHttpMeters(this WebApplication app)
    {
        app.Use(async (context, next) =>
        {
            if (Methods.Contains(context.Request.Method))
                await next(context);
            else
                context.Response.StatusCode = StatusCodes.Status501NotImplemented;
        });
        app.UseHttpMetrics(metrics =>
        {
            metrics.ReduceStatusCodeCardinality();
            metrics.InProgress.Enabled = false;
            metrics.RequestCount.Counter = Requests;
            metrics.RequestDuration.Histogram = Duration;
        });
    }
}
