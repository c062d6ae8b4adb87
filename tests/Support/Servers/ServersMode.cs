using DotNet.Testcontainers.Builders;

namespace Payouts.Tests.Support;

/// <summary>Where the tests' PostgreSQL and RabbitMQ run.</summary>
public enum ServersMode
{
    /// <summary>Containers, through a Docker engine.</summary>
    Docker,

    /// <summary>Private child processes of the test process.</summary>
    Local,
}

internal static class ServersModeChoice
{
    private const string Variable = "PAYOUTS_TEST_SERVERS";
    private static readonly Lazy<Task<ServersMode>> Chosen = new(ChooseAsync);

    /// <summary>Docker when an engine answers, else local; the variable PAYOUTS_TEST_SERVERS (auto, docker, local) forces it.</summary>
    public static Task<ServersMode> GetAsync() => Chosen.Value;

    private static async Task<ServersMode> ChooseAsync()
    {
        var wanted = Environment.GetEnvironmentVariable(Variable);
        switch (wanted)
        {
            case "local":
                return ServersMode.Local;
            case "docker":
                await DockerEngine.UseItsApiVersionAsync();
                return ServersMode.Docker;
            case null or "" or "auto":
                return await DockerEngine.UseItsApiVersionAsync() ? ServersMode.Docker : ServersMode.Local;
            default:
                throw new InvalidOperationException($"{Variable} is '{wanted}'; it must be auto, docker or local.");
        }
    }
}
