namespace Payouts.Tests.Deployment;

/// <summary>A folder for one test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("payouts-deployment-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
