using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Payouts.OperatorConsole.Settings;

namespace Payouts.OperatorConsole.Doors;

/// <summary>Asks the services over HTTP, as any stranger does: the key goes where the settings say, and nowhere else.</summary>
internal sealed class ServiceDoors : IDisposable
{
    private const long AnswerBytesMax = 64 * 1024 * 1024;

    private readonly ConsoleSettings _settings;
    private readonly HttpClient _http;

    public ServiceDoors(ConsoleSettings settings)
    {
        _settings = settings;
        var handler = new SocketsHttpHandler
        {
            // A redirection would show the key to somebody else.
            AllowAutoRedirect = false,
            ConnectTimeout = settings.Timeout,
            // Over https a proxy of the environment passes bytes that it cannot read; over http it would read the key.
            UseProxy = settings.Addresses.Values.All(x => x.Scheme == Uri.UriSchemeHttps),
        };
        if (settings.Authorities is { } authorities)
            handler.SslOptions.CertificateChainPolicy = OnlyFrom(authorities);
        _http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan, MaxResponseContentBufferSize = AnswerBytesMax };
        _http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("payouts-console", ThisBuild.Version.Split('+')[0]));
    }

    public Uri AddressOf(Service service) => _settings.Addresses[service];

    /// <summary>What the service answers, as JSON.</summary>
    /// <exception cref="CommandException">No answer, or a refusal.</exception>
    public async Task<JsonNode?> GetAsync(Endpoint endpoint, IReadOnlyList<string> names, Query query, CancellationToken cancellationToken) =>
        Read(endpoint, await SendAsync(endpoint, names, query, null, null, cancellationToken));

    /// <summary>A change, under its key.</summary>
    /// <exception cref="CommandException">No answer, or a refusal.</exception>
    public async Task<JsonNode?> PostAsync(Endpoint endpoint, IReadOnlyList<string> names, Query query, JsonNode? body, string idempotencyKey, CancellationToken cancellationToken) =>
        Read(endpoint, await SendAsync(endpoint, names, query, body, idempotencyKey, cancellationToken));

    /// <summary>What the service answers, as text.</summary>
    /// <exception cref="CommandException">No answer, or a refusal.</exception>
    public async Task<string> TextAsync(Endpoint endpoint, CancellationToken cancellationToken)
    {
        var (status, body, address) = await SendAsync(endpoint, [], new Query(), null, null, cancellationToken);
        return status.IsSuccess ? body : throw RefusedException.Of(endpoint, address, status.Code, body);
    }

    /// <summary>What the service says of its health, whatever it is.</summary>
    /// <exception cref="CommandException">No answer.</exception>
    public async Task<(bool IsWell, string Body)> HealthAsync(Endpoint endpoint, CancellationToken cancellationToken)
    {
        var (status, body, _) = await SendAsync(endpoint, [], new Query(), null, null, cancellationToken);
        return (status.IsSuccess, body);
    }

    public void Dispose() => _http.Dispose();

    private static JsonNode? Read(Endpoint endpoint, (Status Status, string Body, Uri Address) answer)
    {
        if (!answer.Status.IsSuccess)
            throw RefusedException.Of(endpoint, answer.Address, answer.Status.Code, answer.Body);
        try
        {
            return answer.Body.Length == 0 ? null : JsonNode.Parse(answer.Body);
        }
        catch (JsonException)
        {
            throw new CommandException(ExitCodes.NoAnswer, $"{endpoint.Service.Name()} at {answer.Address.GetLeftPart(UriPartial.Authority)} answers with something that is no JSON; is {endpoint.Service.Setting()} right?");
        }
    }

    private async Task<(Status Status, string Body, Uri Address)> SendAsync(
        Endpoint endpoint, IReadOnlyList<string> names, Query query, JsonNode? body, string? idempotencyKey, CancellationToken cancellationToken)
    {
        var address = new Uri(AddressOf(endpoint.Service).AbsoluteUri.TrimEnd('/') + Fill(endpoint.Path, names) + query);
        using var request = new HttpRequestMessage(endpoint.Method, address);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("*/*"));
        if (_settings.ApiKey is { } key && endpoint.Roles != "open")
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        if (idempotencyKey is not null)
            request.Headers.Add("Idempotency-Key", idempotencyKey);
        if (endpoint.Method == HttpMethod.Post)
            request.Content = new StringContent(body?.ToJsonString() ?? "", Encoding.UTF8, "application/json");
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(_settings.Timeout);
        try
        {
            using var answer = await _http.SendAsync(request, limit.Token);
            return (new Status(answer.StatusCode, answer.IsSuccessStatusCode), await answer.Content.ReadAsStringAsync(limit.Token), address);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw Silent(endpoint, address, FormattableString.Invariant($"nothing came within {_settings.Timeout.TotalSeconds:0.###} s (PAYOUTS_TIMEOUT_SECONDS)"));
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException or InvalidOperationException)
        {
            throw Silent(endpoint, address, failure.InnerException is System.Security.Authentication.AuthenticationException tls ? $"its certificate is not trusted: {tls.Message} (PAYOUTS_TLS_CA_FILE)" : failure.Message);
        }
    }

    private static CommandException Silent(Endpoint endpoint, Uri address, string why) =>
        new(ExitCodes.NoAnswer, $"{endpoint.Service.Name()} at {address.GetLeftPart(UriPartial.Authority)} does not answer: {why}");

    private static string Fill(string path, IReadOnlyList<string> names)
    {
        var next = 0;
        return string.Join('/', path.Split('/').Select(part => part.StartsWith('{') ? Uri.EscapeDataString(names[next++]) : part));
    }

    private static X509ChainPolicy OnlyFrom(X509Certificate2Collection authorities)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.AddRange(authorities);
        return policy;
    }

    private readonly record struct Status(System.Net.HttpStatusCode Code, bool IsSuccess);
}
