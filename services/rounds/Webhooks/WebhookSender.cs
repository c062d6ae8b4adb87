using System.Globalization;
using System.Net.Http.Headers;
using Payouts.Hosting.Messaging;

namespace Payouts.Rounds.Webhooks;

/// <summary>How a try ended, and the fact behind it.</summary>
/// <param name="Outcome">How.</param>
/// <param name="Detail">The fact, for people.</param>
/// <param name="AskedPause">How long the receiver asked to be left alone, as it says: perhaps for years, or until a moment that has passed.</param>
internal sealed record WebhookResult(WebhookOutcome Outcome, string Detail, TimeSpan AskedPause = default);

/// <summary>
/// One POST to one endpoint. The URL is the operator's and nobody else's: redirects are not followed, and of the answer only the status and Retry-After (RFC 9110, 10.2.3) count.
/// </summary>
internal sealed class WebhookSender(WebhookOptions options, TimeProvider time) : IDisposable
{
    /// <summary>Kilobytes of headers that an answer may have.</summary>
    public const int ResponseHeadersKilobytesMax = 16;

    /// <summary>Bytes of an answer that are taken from the line so that the connection can be used again; a longer one closes it.</summary>
    public const int ResponseDrainBytesMax = 16 * 1024;

    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        MaxResponseHeadersLength = ResponseHeadersKilobytesMax,
        MaxResponseDrainSize = ResponseDrainBytesMax,
        ResponseDrainTimeout = TimeSpan.FromSeconds(1),
        // The name is asked again now and then: an endpoint may move.
        PooledConnectionLifetime = TimeSpan.FromMinutes(2),
        // Our own traces are nothing to the receiver.
        ActivityHeadersPropagator = null,
    })
    {
        // Ours, by the service's clock.
        Timeout = Timeout.InfiniteTimeSpan,
    };

    /// <summary>Never throws for what the receiver or the network did.</summary>
    public async Task<WebhookResult> SendAsync(WebhookEndpoint endpoint, WebhookDelivery delivery, CancellationToken cancellationToken)
    {
        using var timer = new CancellationTokenSource(options.SendTimeMax, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
        using var request = Sign(endpoint, delivery);
        try
        {
            using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            var asked = answer.Headers.RetryAfter;
            return new WebhookResult(
                Judge((int)answer.StatusCode), string.Create(CultureInfo.InvariantCulture, $"HTTP {(int)answer.StatusCode}"), asked?.Delta ?? asked?.Date - time.GetUtcNow() ?? TimeSpan.Zero);
        }
        catch (OperationCanceledException) when (timer.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return new WebhookResult(WebhookOutcome.TimedOut, string.Create(CultureInfo.InvariantCulture, $"no answer within {options.SendTimeMax.TotalSeconds} s"));
        }
        catch (HttpRequestException failure)
        {
            return new WebhookResult(WebhookOutcome.Unreachable, ForeignText.Cut($"{failure.HttpRequestError}: {failure.InnerException?.Message ?? failure.Message}", WebhookOptions.DetailLengthMax));
        }
    }

    /// <inheritdoc />
    public void Dispose() => _http.Dispose();

    private HttpRequestMessage Sign(WebhookEndpoint endpoint, WebhookDelivery delivery)
    {
        var timestamp = WebhookSignature.TimestampOf(time.GetUtcNow());
        var request = new HttpRequestMessage(HttpMethod.Post, endpoint.Url) { Content = new ByteArrayContent(delivery.Body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(Wire.ContentType);
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("payouts-rounds", null));
        request.Headers.Add(WebhookSignature.IdHeader, delivery.WebhookId);
        request.Headers.Add(WebhookSignature.TimestampHeader, timestamp);
        request.Headers.Add(WebhookSignature.SignatureHeader, WebhookSignature.Of(endpoint.Secrets, delivery.WebhookId, timestamp, delivery.Body));
        return request;
    }

    private static WebhookOutcome Judge(int status) => status switch
    {
        >= 200 and < 300 => WebhookOutcome.Delivered,
        >= 300 and < 400 => WebhookOutcome.Redirected,
        >= 400 and < 500 => WebhookOutcome.Refused,
        _ => WebhookOutcome.ReceiverFailed,
    };
}
