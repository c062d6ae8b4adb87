namespace Payouts.Tests.Monitoring;

/// <summary>Programs of Prometheus' and Alertmanager's packages, run to their end.</summary>
internal static class Tool
{
    private static readonly TimeSpan Within = TimeSpan.FromMinutes(2);

    /// <summary>Runs it and returns what it printed.</summary>
    /// <exception cref="InvalidOperationException">It ended with an error; what it printed is in the message.</exception>
    public static Task<string> RunAsync(string program, params string[] arguments) => ChildProcess.RunAsync(
        new ChildProcessStart { File = program, Arguments = arguments, Environment = ServerEnvironment.Minimal("/tmp"), Folder = RepositoryRoot.Path }, Within, TestContext.Current.CancellationToken);
}
