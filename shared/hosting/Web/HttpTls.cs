using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Payouts.Hosting.Configuration;

namespace Payouts.Hosting.Web;

/// <summary>
/// HTTP_TLS_CERT_FILE and HTTP_TLS_KEY_FILE: every address that the service listens on speaks TLS, and none speaks plain HTTP. A new
/// certificate in the files is shown from the next connection on.
/// </summary>
internal static class HttpTls
{
    /// <summary>What a host without any address listens on.</summary>
    private const string DefaultUrl = "http://localhost:5000";

    public static void Use(WebApplicationBuilder builder, Settings settings)
    {
        if (settings.Files([SettingNames.TlsCertificate, SettingNames.TlsKey], PemCertificate.Parse) is not { } paths)
            return;
        builder.WebHost.UseUrls([.. Secured(builder.WebHost.GetSetting(WebHostDefaults.ServerUrlsKey), builder.Configuration["HTTP_PORTS"])]);
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            var time = kestrel.ApplicationServices.GetRequiredService<TimeProvider>();
            var logger = kestrel.ApplicationServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(HttpTls).FullName!);
            var file = new WatchedFile<Shown>(SettingNames.TlsCertificate, paths, Shown.Parse, time, logger);
            kestrel.ConfigureHttpsDefaults(https =>
            {
                https.SslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13;
                https.ServerCertificateSelector = (_, _) => file.Current.Certificate;
                https.OnAuthenticate = (_, ssl) =>
                {
                    // The context carries the chain, which a selected certificate alone would not.
                    ssl.ServerCertificateSelectionCallback = null;
                    ssl.ServerCertificateContext = file.Current.Context;
                };
            });
        });
    }

    /// <summary>The addresses with https for http.</summary>
    public static IEnumerable<string> Secured(string? urls, string? ports) =>
        (string.IsNullOrEmpty(urls) ? string.IsNullOrEmpty(ports) ? DefaultUrl : string.Join(';', ports.Split(';', ',').Select(port => $"http://*:{port}")) : urls)
        .Split([';', ','], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        .Select(url => url.StartsWith("http://", StringComparison.OrdinalIgnoreCase) ? string.Concat("https://", url.AsSpan("http://".Length)) : url);

    private sealed record Shown(X509Certificate2 Certificate, SslStreamCertificateContext Context)
    {
        public static Shown Parse(byte[] content)
        {
            var pem = PemCertificate.Parse(content);
            return new Shown(pem.Leaf, SslStreamCertificateContext.Create(pem.Leaf, pem.Chain, offline: true));
        }
    }
}
