namespace Payouts.Tests.Support;

/// <summary>How a server process is held: a container, a child process, or somebody else's server that tests may only use.</summary>
internal interface IServerHost : IAsyncDisposable
{
    /// <summary>The server's last output, for failures.</summary>
    string Output { get; }

    /// <summary>Starts the process on the same ports and the same data; being ready is another matter.</summary>
    Task StartAsync(CancellationToken cancellationToken);

    /// <summary>Ends it as an orderly shutdown would.</summary>
    Task StopAsync(CancellationToken cancellationToken);

    /// <summary>Ends it as a crash would.</summary>
    Task KillAsync(CancellationToken cancellationToken);

    /// <summary>Freezes it: connections stay open and nobody answers.</summary>
    Task PauseAsync(CancellationToken cancellationToken);

    Task ResumeAsync(CancellationToken cancellationToken);

    /// <summary>Whether the process has ended, be it by itself or on demand.</summary>
    bool HasEnded { get; }
}
