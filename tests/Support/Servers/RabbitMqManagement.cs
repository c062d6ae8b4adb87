using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Payouts.Tests.Support;

/// <summary>RabbitMQ's management API: milliseconds a call, where rabbitmqctl starts an Erlang machine for seconds.</summary>
internal sealed class RabbitMqManagement : IDisposable
{
    private readonly HttpClient _http;

    public RabbitMqManagement(RabbitMqAddress address)
    {
        _http = new HttpClient { BaseAddress = address.Management, Timeout = TimeSpan.FromSeconds(15) };
        var credentials = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{address.User}:{address.Password}"));
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", credentials);
        // A kept connection delays an orderly stop of the broker by seconds.
        _http.DefaultRequestHeaders.ConnectionClose = true;
    }

    public Task PutAsync(string path, object body, CancellationToken cancellationToken) => SendAsync(HttpMethod.Put, path, body, cancellationToken);

    public Task PostAsync(string path, object body, CancellationToken cancellationToken) => SendAsync(HttpMethod.Post, path, body, cancellationToken);

    public Task DeleteAsync(string path, CancellationToken cancellationToken) => SendAsync(HttpMethod.Delete, path, null, cancellationToken);

    /// <summary>The answer, or null when there is no such thing.</summary>
    public async Task<JsonNode?> GetAsync(string path, CancellationToken cancellationToken)
    {
        using var response = await _http.GetAsync(path, cancellationToken);
        if (response.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }

        await ThrowIfRefusedAsync(response, "GET", path, cancellationToken);
        return await response.Content.ReadFromJsonAsync<JsonNode>(JsonSerializerOptions.Default, cancellationToken);
    }

    public void Dispose() => _http.Dispose();

    private async Task SendAsync(HttpMethod method, string path, object? body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path);
        // The API wants a content length; JsonContent would send chunks.
        request.Content = new StringContent(body is null ? "" : JsonSerializer.Serialize(body), Encoding.UTF8, "application/json");
        using var response = await _http.SendAsync(request, cancellationToken);
        await ThrowIfRefusedAsync(response, method.Method, path, cancellationToken);
    }

    private static async Task ThrowIfRefusedAsync(HttpResponseMessage response, string method, string path, CancellationToken cancellationToken)
    {
        if (!response.IsSuccessStatusCode)
        {
            var answer = await response.Content.ReadAsStringAsync(cancellationToken);
            throw new HttpRequestException($"RabbitMQ management refused {method} {path}: {(int)response.StatusCode} {answer}");
        }
    }
}
