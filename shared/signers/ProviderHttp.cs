using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Payouts.Signers;

/// <summary>One exchange with a provider that speaks JSON over HTTP; time limit and retries are the caller's.</summary>
internal static class ProviderHttp
{
    /// <summary>An answer is a few hundred bytes; a larger one is none.</summary>
    private const int AnswerBytesMax = 64 * 1024;
    private const int ReasonLengthMax = 200;

    /// <summary>A client whose only limits are the caller's and the size of an answer. Redirects are refused: a token must not follow them.</summary>
    public static HttpClient CreateClient() => new(new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) })
    {
        Timeout = Timeout.InfiniteTimeSpan,
        MaxResponseContentBufferSize = AnswerBytesMax,
    };

    /// <summary>Sends and reads; <paramref name="reason"/> finds the provider's own words in the body of a failure.</summary>
    /// <exception cref="SigningFailedException">No answer, a failure, or no JSON object.</exception>
    public static async Task<JsonObject> SendAsync(HttpClient http, HttpRequestMessage request, Func<JsonObject, string?> reason, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await http.SendAsync(request, cancellationToken);
            var body = Parse(await response.Content.ReadAsStringAsync(cancellationToken));
            if (response.IsSuccessStatusCode)
                return body ?? throw new SigningFailedException(SigningProblem.AnswerUnreadable, "the answer is not a JSON object");
            throw new SigningFailedException(ProblemOf(response.StatusCode), $"HTTP {(int)response.StatusCode}{Shorten(body is null ? null : reason(body))}");
        }
        catch (HttpRequestException failure)
        {
            throw new SigningFailedException(SigningProblem.Unreachable, $"{request.RequestUri?.Host} does not answer: {failure.Message}", failure);
        }
    }

    /// <summary>A text member; null when it is missing or no text.</summary>
    public static string? Text(this JsonObject body, string name) => body.TryGetPropertyValue(name, out var value) && value is JsonValue text && text.TryGetValue<string>(out var found) ? found : null;

    /// <summary>Reads 64-byte signatures and the like.</summary>
    /// <exception cref="SigningFailedException">Missing, or no base64.</exception>
    public static byte[] Base64(string? text, string member)
    {
        var bytes = new byte[text?.Length ?? 0];
        return text is not null && Convert.TryFromBase64String(text, bytes, out var length)
            ? bytes[..length]
            : throw new SigningFailedException(SigningProblem.AnswerUnreadable, $"{member} is missing or no base64");
    }

    /// <summary>Where a provider is: TLS, or a proxy on this host.</summary>
    /// <exception cref="FormatException">Neither.</exception>
    public static Uri ParseAddress(string text) => Uri.TryCreate(text, UriKind.Absolute, out var address) && (address.Scheme == "https" || (address.Scheme == "http" && address.IsLoopback))
        ? address
        : throw new FormatException("https:// is right; http:// only to this host");

    private static SigningProblem ProblemOf(HttpStatusCode status) => status switch
    {
        HttpStatusCode.Unauthorized => SigningProblem.CredentialsRefused,
        HttpStatusCode.Forbidden => SigningProblem.AccessDenied,
        HttpStatusCode.NotFound => SigningProblem.KeyNotFound,
        HttpStatusCode.TooManyRequests => SigningProblem.Throttled,
        HttpStatusCode.RequestTimeout => SigningProblem.TimedOut,
        >= HttpStatusCode.InternalServerError => SigningProblem.ProviderFailed,
        _ => SigningProblem.RequestRefused,
    };

    private static JsonObject? Parse(string text)
    {
        try
        {
            return JsonNode.Parse(text) as JsonObject;
        }
        catch (JsonException)
        {
            return null; // Named by the caller, who knows whether JSON was due.
        }
    }

    // A foreign text: one line, bounded.
    private static string Shorten(string? reason)
    {
        if (string.IsNullOrWhiteSpace(reason))
            return "";
        var line = string.Concat(reason.Select(c => char.IsControl(c) ? ' ' : c)).Trim();
        return ": " + (line.Length <= ReasonLengthMax ? line : line[..ReasonLengthMax]);
    }
}
