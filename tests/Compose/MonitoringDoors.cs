using System.Text.Json.Nodes;

namespace Payouts.Tests.Compose;

/// <summary>The published doors of Prometheus and Alertmanager, as they are deployed.</summary>
internal sealed class MonitoringDoors(Func<Task<Uri>> findPrometheus, Func<Task<Uri>> findAlertmanager) : IDisposable
{
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(60) };

    /// <summary>How many series a query finds.</summary>
    /// <param name="query">PromQL.</param>
    /// <param name="at">Unix time in seconds; null: now.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<int> CountAsync(string query, long? at, CancellationToken cancellationToken)
    {
        var time = at is { } seconds ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"&time={seconds}") : "";
        return (await GetAsync(await findPrometheus(), $"api/v1/query?query={Uri.EscapeDataString(query)}{time}", cancellationToken))["data"]!["result"]!.AsArray().Count;
    }

    /// <summary>The names of the alerts that Alertmanager holds for active.</summary>
    public async Task<IReadOnlyList<string>> ActiveAsync(CancellationToken cancellationToken) =>
        [.. (await GetAsync(await findAlertmanager(), "api/v2/alerts?active=true", cancellationToken)).AsArray().Select(alert => alert!["labels"]!["alertname"]!.GetValue<string>()).Order(StringComparer.Ordinal)];

    public void Dispose() => _http.Dispose();

    private async Task<JsonNode> GetAsync(Uri door, string path, CancellationToken cancellationToken)
    {
        using var answer = await _http.GetAsync(new Uri(door, path), cancellationToken);
        var text = await answer.Content.ReadAsStringAsync(cancellationToken);
        return answer.IsSuccessStatusCode ? JsonNode.Parse(text)! : throw new InvalidOperationException($"{path}: {text}");
    }
}
