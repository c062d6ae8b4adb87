using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Payouts.Tests.OperatorConsole.Support;

namespace Payouts.Tests.OperatorConsole;

/// <summary>Proxies, strangers and silence where a service should be. What real services answer is tested against them.</summary>
public sealed class When_the_other_end_is_no_service
{
    private const string Key = "payouts_0123456789012345678901234567890123456789012";

    [Fact(Timeout = 60_000)]
    public async Task Should_take_the_key_nowhere_else()
    {
        var shown = new List<string>();
        await using var elsewhere = await StubAsync(http =>
        {
            shown.Add(http.Request.Headers.Authorization.ToString());
            return http.Response.WriteAsync("{}");
        });
        await using var stub = await StubAsync(http =>
        {
            http.Response.Redirect(elsewhere.Urls.First() + "/rounds");
            return Task.CompletedTask;
        });

        var ended = await RunAsync("rounds list", stub.Urls.First());

        ended.Code.ShouldBe(1);
        ended.Errors.ShouldContain("answers 302: it sends us elsewhere, and a key is not taken there");
        shown.ShouldBeEmpty();
    }

    [Theory(Timeout = 60_000)]
    [InlineData(502, "<html>bad gateway</html>", 3, "answers 502: <html>bad gateway</html>")]
    [InlineData(200, "<html>welcome</html>", 3, "answers with something that is no JSON; is PAYOUTS_ROUNDS_URL right?")]
    [InlineData(404, "", 1, "/rounds is not there; is PAYOUTS_ROUNDS_URL the address of rounds?")]
    [InlineData(200, "{\"rounds\":[{\"roundId\":\"a\"}],\"next\":\"same\"}", 3, "gives the same page again and again")]
    public async Task Should_say_so(int status, string body, int code, string said)
    {
        await using var stub = await StubAsync(http =>
        {
            http.Response.StatusCode = status;
            return http.Response.WriteAsync(body);
        });

        var ended = await RunAsync("rounds list --limit 5", stub.Urls.First());

        ended.Code.ShouldBe(code, ended.ToString());
        ended.Errors.ShouldContain(said);
    }

    [Fact(Timeout = 60_000)]
    public async Task Should_not_wait_for_ever()
    {
        await using var stub = await StubAsync(http => Task.Delay(Timeout.Infinite, http.RequestAborted));

        var ended = await RunAsync("rounds list", stub.Urls.First(), ("PAYOUTS_TIMEOUT_SECONDS", "1"));

        ended.Code.ShouldBe(3);
        ended.Errors.ShouldContain("does not answer: nothing came within 1 s (PAYOUTS_TIMEOUT_SECONDS)");
    }

    [Fact(Timeout = 60_000)]
    public async Task Should_trust_only_whom_the_settings_name()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        var authority = Path.GetTempFileName();
        await File.WriteAllTextAsync(authority, certificate.ExportCertificatePem(), TestContext.Current.CancellationToken);
        try
        {
            using var served = X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pfx), null);
            await using var stub = await StubAsync(http => http.Response.WriteAsync("""{"rounds":[{"roundId":"over-tls"}]}"""), served);
            var address = stub.Urls.First();

            (await RunAsync("rounds list -q", address, ("PAYOUTS_TLS_CA_FILE", authority))).Output.Trim().ShouldBe("over-tls");
            var refused = await RunAsync("rounds list -q", address);
            refused.Code.ShouldBe(3);
            refused.Errors.ShouldContain("its certificate is not trusted");
        }
        finally
        {
            File.Delete(authority);
        }
    }

    private static Task<Ended> RunAsync(string line, string address, params (string Name, string Value)[] more)
    {
        var environment = new Dictionary<string, string> { ["HOME"] = "/nowhere", ["PAYOUTS_URL"] = address, ["PAYOUTS_API_KEY"] = Key, ["PAYOUTS_TIMEOUT_SECONDS"] = "60" };
        foreach (var (name, value) in more)
            environment[name] = value;
        return ConsoleProcess.RunAsync(line, environment);
    }

    private static async Task<WebApplication> StubAsync(RequestDelegate answer, X509Certificate2? certificate = null)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            if (certificate is not null)
                listen.UseHttps(certificate);
        }));
        var app = builder.Build();
        app.Run(answer);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return app;
    }
}
