using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Payouts.Tests.Support;

/// <summary>Somebody's HTTP server on this host: takes what is posted to any path, whole, and answers 204 unless the taker says otherwise.</summary>
public sealed class HttpReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;

    private HttpReceiver(WebApplication app) => _app = app;

    /// <summary>Where it listens; ends with a slash.</summary>
    public Uri Address => new(_app.Urls.Single());

    /// <summary>Listens from now on.</summary>
    /// <param name="take">Gets each call with its body.</param>
    /// <param name="certificate">Its own; null for http.</param>
    /// <param name="cancellationToken">Of the start alone.</param>
    public static async Task<HttpReceiver> StartAsync(Func<HttpContext, byte[], Task> take, X509Certificate2? certificate = null, CancellationToken cancellationToken = default)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            if (certificate is not null)
                listen.UseHttps(certificate);
        }));
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Run(async http =>
        {
            using var body = new MemoryStream();
            await http.Request.Body.CopyToAsync(body, http.RequestAborted);
            http.Response.StatusCode = StatusCodes.Status204NoContent;
            await take(http, body.ToArray());
        });
        await app.StartAsync(cancellationToken);
        return new HttpReceiver(app);
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
