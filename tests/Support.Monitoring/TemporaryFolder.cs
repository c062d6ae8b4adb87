namespace Payouts.Tests.Monitoring;

/// <summary>A folder for one test.</summary>
public sealed class TemporaryFolder : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("payouts-monitoring-").FullName;

    /// <summary>A place in it.</summary>
    public string PathOf(params ReadOnlySpan<string> parts) => Path.Combine([_path, .. parts]);

    /// <inheritdoc />
    public void Dispose() => Directory.Delete(_path, recursive: true);
}
