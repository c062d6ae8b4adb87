using System.Net;
using Payouts.Devnet.Options;

namespace Payouts.Devnet;

/// <summary>Health as a container asks for it: no curl in the image, the devnet's own binary asks.</summary>
internal static class HealthProbe
{
    /// <summary>The argument that asks instead of serving.</summary>
    public const string Argument = "--health-check";

    private static readonly TimeSpan TimeMax = TimeSpan.FromSeconds(3);

    /// <summary>Exit code 0 when the devnet that listens where <paramref name="options"/> say is healthy, 1 when not.</summary>
    public static async Task<int> RunAsync(DevnetOptions options)
    {
        var url = new UriBuilder(Uri.UriSchemeHttp, Reachable(IPAddress.Parse(options.Host)).ToString(), options.Port, "health").Uri;
        using var client = new HttpClient { Timeout = TimeMax };
        try
        {
            using var answer = await client.GetAsync(url);
            return answer.IsSuccessStatusCode ? 0 : 1;
        }
        catch (Exception failure) when (failure is HttpRequestException or TaskCanceledException)
        {
            await Console.Error.WriteLineAsync($"not healthy at {url}: {failure.Message}");
            return 1;
        }
    }

    // "Any address" can be listened on but not asked.
    private static IPAddress Reachable(IPAddress listening) =>
        listening.Equals(IPAddress.Any) ? IPAddress.Loopback
        : listening.Equals(IPAddress.IPv6Any) ? IPAddress.IPv6Loopback
        : listening;
}
