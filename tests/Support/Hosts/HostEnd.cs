using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Payouts.Tests.Support;

/// <summary>How a service that runs in the test's process ends.</summary>
public static class HostEnd
{
    /// <summary>
    /// Stops it and disposes it. Disposing alone waits for no loop: one in the middle of a step would write into its folder while the test deletes it. A step that waits
    /// for its time to run out does so by the service's clock, which moves on here where it is a test's.
    /// </summary>
    public static async Task EndAsync(this WebApplication app)
    {
        var clock = app.Services.GetService<TimeProvider>() as FakeTimeProvider;
        var stopped = app.StopAsync(CancellationToken.None);
        await Probe.Until(
            "the service has stopped",
            () =>
            {
                clock?.Advance(TimeSpan.FromMinutes(1));
                return stopped.IsCompleted;
            });
        await stopped;
        await app.DisposeAsync();
    }
}
