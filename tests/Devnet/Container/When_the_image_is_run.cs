using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Payouts.Tests.Support;
using Shouldly;
using Xunit;

namespace Payouts.Devnet.Tests.Container;

/// <summary>
/// What the Dockerfile says, done without an engine: the program as it is published, started by the image's entry point in the image's own
/// environment, asked by the image's own health check. The port alone is another one, because this host is shared.
/// </summary>
public sealed partial class When_the_image_is_run : IDisposable
{
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(60);

    private readonly string app = Directory.CreateTempSubdirectory("devnet-image-").FullName;
    private readonly string dockerfile = File.ReadAllText(RepositoryRoot.PathOf("tools/devnet/Dockerfile"));

    [Fact(Timeout = 120_000)]
    public async Task Should_start_serve_call_itself_healthy_and_stop_when_asked()
    {
        await PublishAsync();
        var environment = ImageEnvironment();
        environment["DEVNET_PORT"].ShouldBe(Line("EXPOSE "));
        environment["DEVNET_HOST"].ShouldBe("0.0.0.0");
        environment["DEVNET_PORT"] = FreePort.Next().ToString(CultureInfo.InvariantCulture);
        (await HealthAsync(environment)).ShouldBe(1, "nothing listens yet");

        await using var container = Process(Exec("ENTRYPOINT "), environment);
        await container.LaunchAsync();
        await Probe.Until("the health check passes", _ => HealthAsync(environment), code => code == 0, Within);

        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{environment["DEVNET_PORT"]}") };
        using var answer = await http.PostAsJsonAsync("/", new { jsonrpc = "2.0", id = 1, method = "getHealth" }, TestContext.Current.CancellationToken);
        (await answer.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken))
            .GetProperty("result").GetProperty("status").GetString().ShouldBe("healthy");
        (await container.StopAsync(TestContext.Current.CancellationToken)).ShouldBe(0, container.Output);
        (await HealthAsync(environment)).ShouldBe(1);
    }

    [Fact(Timeout = 120_000)]
    public async Task Should_stop_the_start_at_a_setting_it_cannot_use()
    {
        await PublishAsync();
        var environment = ImageEnvironment();
        environment["DEVNET_PROTOCOL"] = "26";

        await using var container = Process(Exec("ENTRYPOINT "), environment);
        await container.LaunchAsync();

        (await container.WaitForExitAsync(Within, TestContext.Current.CancellationToken)).ShouldBe(2);
        container.Output.ShouldContain("DEVNET_PROTOCOL must be a whole number from 27 to 28");
    }

    public void Dispose() => Directory.Delete(app, recursive: true);

    /// <summary>What was built already, laid out as the image's build stage does it.</summary>
    private async Task PublishAsync()
    {
        var start = new System.Diagnostics.ProcessStartInfo(
            "dotnet", ["publish", RepositoryRoot.PathOf("tools/devnet"), "-c", RepositoryRoot.Configuration, "--no-build", "--nologo", "-o", app]) { RedirectStandardOutput = true };
        using var publish = System.Diagnostics.Process.Start(start)!;
        var output = await publish.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await publish.WaitForExitAsync(TestContext.Current.CancellationToken);
        publish.ExitCode.ShouldBe(0, output);
    }

    private async Task<int> HealthAsync(Dictionary<string, string> environment)
    {
        var check = Line("HEALTHCHECK ");
        await using var asking = Process(JsonSerializer.Deserialize<string[]>(check[(check.IndexOf("CMD ", StringComparison.Ordinal) + 4)..])!, environment);
        await asking.LaunchAsync();
        return await asking.WaitForExitAsync(Within, TestContext.Current.CancellationToken);
    }

    private ServiceProcess Process(string[] command, Dictionary<string, string> environment)
    {
        command[0].ShouldBe("dotnet");
        return new ServiceProcess(new ServiceProcessOptions { Assembly = Path.Combine(app, command[1]), Arguments = command[2..], Environment = environment });
    }

    private Dictionary<string, string> ImageEnvironment() => Setting().Matches(Line("ENV ")).ToDictionary(match => match.Groups[1].Value, match => match.Groups[2].Value);

    private string[] Exec(string instruction) => JsonSerializer.Deserialize<string[]>(Line(instruction))!;

    private string Line(string instruction) => dockerfile.Split('\n').Single(line => line.StartsWith(instruction, StringComparison.Ordinal))[instruction.Length..].Trim();

    [GeneratedRegex(@"([A-Za-z_]+)=(\S+)")]
    private static partial Regex Setting();
}
