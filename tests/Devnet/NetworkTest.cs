using Payouts.Devnet.Options;
using Xunit;

namespace Payouts.Devnet.Tests;

/// <summary>A test with its own network.</summary>
public abstract class NetworkTest : IAsyncLifetime
{
    protected const int TimeoutMs = 30_000;

    protected TestNetwork Net { get; private protected set; } = null!;

    protected virtual Func<DevnetOptions, DevnetOptions>? Change => null;

    public async ValueTask InitializeAsync() => Net = await TestNetwork.StartAsync(Change);

    public async ValueTask DisposeAsync()
    {
        await Net.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
