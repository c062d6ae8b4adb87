namespace Payouts.Tests.Support;

/// <summary>A server that somebody else runs: tests may use it, not stop it.</summary>
internal sealed class ExternalServerHost(string variable) : IServerHost
{
    public bool HasEnded => false;

    public string Output => $"(the server of {variable}; its output is elsewhere)";

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Refuse();

    public Task KillAsync(CancellationToken cancellationToken) => Refuse();

    public Task PauseAsync(CancellationToken cancellationToken) => Refuse();

    public Task ResumeAsync(CancellationToken cancellationToken) => Refuse();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private Task Refuse() => throw new NotSupportedException(
        $"{variable} names a server that this test run did not start, so it may not stop it. Run without {variable}, or use a server of the test's own.");
}
