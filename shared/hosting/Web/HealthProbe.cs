using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Payouts.Hosting.Configuration;

namespace Payouts.Hosting.Web;

/// <summary>Health as a container asks for it: no curl in the image, the service's own binary asks.</summary>
internal static class HealthProbe
{
    /// <summary>Exit code 0 when the service on this host is ready, 1 when not.</summary>
    public static async Task<int> RunAsync()
    {
        var urls = Environment.GetEnvironmentVariable("ASPNETCORE_URLS") ?? "http://127.0.0.1:5000";
        var certificate = Environment.GetEnvironmentVariable(SettingNames.TlsCertificate + "_FILE");
        var first = (string.IsNullOrEmpty(certificate) ? urls.Split(';')[0] : HttpTls.Secured(urls, null).First()).Replace("+", "127.0.0.1", StringComparison.Ordinal).Replace("*", "127.0.0.1", StringComparison.Ordinal).Replace("0.0.0.0", "127.0.0.1", StringComparison.Ordinal);
        using var handler = new HttpClientHandler();
        using var client = new HttpClient(handler) { Timeout = TimeSpan.FromSeconds(3) };
        try
        {
            if (!string.IsNullOrEmpty(certificate))
            {
                // It is asked by the loopback address, which its certificate does not name: that it is this very certificate is more.
                var own = PemCertificate.ParseCertificates(WatchedFile.Read(certificate))[0];
                handler.ServerCertificateCustomValidationCallback = (_, shown, _, _) => shown is not null && shown.RawDataMemory.Span.SequenceEqual(own.RawDataMemory.Span);
            }

            using var answer = await client.GetAsync(new Uri(new Uri(first), "/health/ready"));
            return answer.IsSuccessStatusCode ? 0 : 1;
        }
        catch (Exception failure) when (failure is HttpRequestException or TaskCanceledException or IOException or FormatException)
        {
            await Console.Error.WriteLineAsync($"not ready: {failure.Message}");
            return 1;
        }
    }

    /// <summary>Names each check that is not healthy and why.</summary>
    public static Task WriteAsync(HttpContext context, HealthReport report) => context.Response.WriteAsJsonAsync(new
    {
        status = report.Status.ToString(),
        checks = report.Entries.ToDictionary(entry => entry.Key, entry => new { status = entry.Value.Status.ToString(), entry.Value.Description }),
    });
}
