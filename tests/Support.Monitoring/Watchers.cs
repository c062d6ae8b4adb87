using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Payouts.Tests.Monitoring;

/// <summary>
/// Prometheus and Alertmanager as they are deployed, beside a suite. Of the committed files only this is changed, mechanically: where the targets are, how often
/// is looked (each second), and the times in the rules, as <see cref="RuleTimes"/> says.
/// </summary>
public sealed partial class Watchers : IAsyncDisposable
{
    private readonly TemporaryFolder _folder;
    private readonly ChildProcess _prometheus;
    private readonly ChildProcess _alertmanager;
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(30) };
    private readonly int _prometheusPort;
    private readonly int _alertmanagerPort;

    private Watchers(TemporaryFolder folder, (ChildProcess Process, int Port) prometheus, (ChildProcess Process, int Port) alertmanager)
    {
        (_folder, _prometheus, _alertmanager) = (folder, prometheus.Process, alertmanager.Process);
        (_prometheusPort, _alertmanagerPort) = (prometheus.Port, alertmanager.Port);
    }

    /// <summary>What both printed last.</summary>
    public string Outputs => $"--- prometheus\n{_prometheus.Output}\n--- alertmanager\n{_alertmanager.Output}";

    /// <summary>Starts both.</summary>
    /// <param name="targets">For each host:port of deploy/prometheus/prometheus.yml the one that it has here, or those of all its replicas.</param>
    /// <param name="webhook">Who hears of alerts.</param>
    /// <param name="times">What becomes of the times in the rules.</param>
    public static async Task<Watchers> StartAsync(IReadOnlyDictionary<string, IReadOnlyList<string>> targets, Uri webhook, RuleTimes times)
    {
        var folder = new TemporaryFolder();
        int prometheus = FreePort.Next(), alertmanager = FreePort.Next();
        Directory.CreateDirectory(folder.PathOf("rules"));
        foreach (var file in RuleFiles.All)
            await File.WriteAllTextAsync(folder.PathOf("rules", Path.GetFileName(file)), times.Of(await File.ReadAllTextAsync(file)));
        var all = new Dictionary<string, IReadOnlyList<string>>(targets, StringComparer.Ordinal) { ["alertmanager:9093"] = [Local(alertmanager)] };
        await File.WriteAllTextAsync(folder.PathOf("prometheus.yml"), Here(await ReadAsync("prometheus", "prometheus.yml"), all));
        await File.WriteAllTextAsync(folder.PathOf("alertmanager.yml"), Told(await ReadAsync("alertmanager", "alertmanager-webhook.yml"), webhook));
        var second = await StartAsync("prometheus-alertmanager", folder, $"--config.file={folder.PathOf("alertmanager.yml")}", $"--storage.path={folder.PathOf("alertmanager")}", $"--web.listen-address={Local(alertmanager)}", "--cluster.listen-address=");
        var first = await StartAsync("prometheus", folder, $"--config.file={folder.PathOf("prometheus.yml")}", $"--storage.tsdb.path={folder.PathOf("data")}", $"--web.listen-address={Local(prometheus)}");
        return new Watchers(folder, (first, prometheus), (second, alertmanager));
    }

    /// <summary>What a query finds now: the labels and the value of each series.</summary>
    public async Task<IReadOnlyList<string>> AskAsync(string query, CancellationToken cancellationToken)
    {
        var answer = await GetAsync($"http://{Local(_prometheusPort)}/api/v1/query?query={Uri.EscapeDataString(query)}", cancellationToken);
        return [.. answer["data"]!["result"]!.AsArray().Select(series => $"{series!["metric"]!.ToJsonString()} {series["value"]![1]!.GetValue<string>()}")];
    }

    /// <summary>Asks until the answer is right; a failure shows what both printed.</summary>
    /// <param name="what">What is waited for, as it should read in the failure.</param>
    public async Task UntilAsync(string what, string query, Func<IReadOnlyList<string>, bool> isSo, TimeSpan within, CancellationToken cancellationToken)
    {
        try
        {
            await Probe.Until(what, token => AskAsync(query, token), isSo, within, cancellationToken: cancellationToken);
        }
        catch (ProbeTimeoutException late)
        {
            throw new ProbeTimeoutException($"{late.Message}{Environment.NewLine}{Outputs}", late);
        }
    }

    /// <summary>The alerts that Alertmanager holds for active, by name.</summary>
    public async Task<IReadOnlyList<JsonNode>> ActiveAsync(string alert, CancellationToken cancellationToken) =>
        [.. (await GetAsync($"http://{Local(_alertmanagerPort)}/api/v2/alerts?filter=alertname%3D{alert}", cancellationToken)).AsArray().Select(active => active!)];

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _prometheus.DisposeAsync();
        await _alertmanager.DisposeAsync();
        _http.Dispose();
        _folder.Dispose();
    }

    private async Task<JsonNode> GetAsync(string url, CancellationToken cancellationToken)
    {
        using var answer = await _http.GetAsync(new Uri(url), cancellationToken);
        var text = await answer.Content.ReadAsStringAsync(cancellationToken);
        return answer.IsSuccessStatusCode ? JsonNode.Parse(text)! : throw new InvalidOperationException($"{url}: {text}");
    }

    private static Task<ChildProcess> StartAsync(string program, TemporaryFolder folder, params string[] arguments) =>
        ChildProcess.StartAsync(new ChildProcessStart { File = program, Arguments = arguments, Environment = ServerEnvironment.Minimal(folder.PathOf()) });

    private static Task<string> ReadAsync(string folder, string file) => File.ReadAllTextAsync(RepositoryRoot.PathOf("deploy", folder, file));

    private static string Local(int port) => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}");

    private static string Here(string configuration, IReadOnlyDictionary<string, IReadOnlyList<string>> places)
    {
        foreach (var (deployed, here) in places)
            configuration = Replaced(configuration, $"[{deployed}]", $"[{string.Join(", ", here.Select(place => $"'{place}'"))}]");
        configuration.ShouldNotMatch(@"targets: \[[a-z]");
        return Times().Replace(configuration, "1s");
    }

    private static string Told(string configuration, Uri webhook) =>
        Waits().Replace(Replaced(configuration, "url_file: /etc/alertmanager/webhook-url", $"url: {webhook}"), "1s");

    private static string Replaced(string text, string old, string other)
    {
        text.ShouldContain(old);
        return text.Replace(old, other, StringComparison.Ordinal);
    }

    [GeneratedRegex(@"(?<=(scrape_interval|scrape_timeout|evaluation_interval): )\d+s")]
    private static partial Regex Times();

    [GeneratedRegex(@"(?<=(group_wait|group_interval): )\d+[sm]")]
    private static partial Regex Waits();
}
