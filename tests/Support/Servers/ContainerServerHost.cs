using DotNet.Testcontainers.Containers;

namespace Payouts.Tests.Support;

/// <summary>A server as a container; its ports are bound to fixed host ports, so a restart keeps the address.</summary>
internal sealed class ContainerServerHost(IContainer container) : IServerHost
{
    public bool HasEnded => container.State == TestcontainersStates.Exited;

    public string Output
    {
        get
        {
            var (output, errors) = container.GetLogsAsync(timestampsEnabled: false).GetAwaiter().GetResult();
            var tail = new OutputTail(linesMax: 60);
            foreach (var line in (output + errors).Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                tail.Add(line);
            }

            return tail.ToString();
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => container.StartAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => container.StopAsync(cancellationToken);

    public Task KillAsync(CancellationToken cancellationToken) => DockerEngine.KillAsync(container.Id);

    public Task PauseAsync(CancellationToken cancellationToken) => container.PauseAsync(cancellationToken);

    public Task ResumeAsync(CancellationToken cancellationToken) => container.UnpauseAsync(cancellationToken);

    public ValueTask DisposeAsync() => container.DisposeAsync();
}
