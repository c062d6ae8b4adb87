namespace Payouts.Tests.Support;

/// <summary>The Docker engine of this host, as far as the command line client tells.</summary>
internal static class DockerEngine
{
    // Testcontainers asks for this API version; an older engine refuses it unless it is told its own.
    private static readonly Version PinnedApiVersion = new(1, 44);

    /// <summary>Whether an engine answers; if so the client library is told to speak a version that the engine knows.</summary>
    public static async Task<bool> UseItsApiVersionAsync()
    {
        // Its reaper is one more image to pull. Containers go with their test run instead: disposed here, or by the label of the run.
        Environment.SetEnvironmentVariable("TESTCONTAINERS_RYUK_DISABLED", "true");
        string answer;
        try
        {
            answer = await RunAsync("version", "--format", "{{.Server.APIVersion}}");
        }
        catch (Exception error) when (error is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return false;
        }

        if (!Version.TryParse(answer.Trim(), out var version))
        {
            return false;
        }

        if (version < PinnedApiVersion && Environment.GetEnvironmentVariable("DOCKER_API_VERSION") is null)
        {
            Environment.SetEnvironmentVariable("DOCKER_API_VERSION", version.ToString());
        }

        return true;
    }

    /// <summary>Kills a container's first process, as a crash of its host would.</summary>
    public static Task KillAsync(string containerId) => RunAsync("kill", "--signal", "KILL", containerId);

    private static Task<string> RunAsync(params string[] arguments) => ChildProcess.RunAsync(
        new ChildProcessStart { File = "docker", Arguments = arguments, Environment = ServerEnvironment.Inherited() },
        TimeSpan.FromSeconds(30));
}
