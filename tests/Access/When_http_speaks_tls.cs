using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Payouts.Submitter;

namespace Payouts.Tests.Access;

public sealed class When_http_speaks_tls
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact(Timeout = 60_000)]
    public async Task Should_be_believed_by_those_who_trust_its_authority_and_by_no_other()
    {
        using var authority = new Authority("ours");
        using var other = new Authority("another");
        using var folder = new Folder();
        await using var door = await OpenAsync(folder, authority.Issue("payouts.test"));
        door.Address.Scheme.ShouldBe("https");
        (await ShownAsync(door, "payouts.test", authority)).ShouldBe(SslPolicyErrors.None);
        (await ShownAsync(door, "another.test", authority)).ShouldBe(SslPolicyErrors.RemoteCertificateNameMismatch);
        (await ShownAsync(door, "payouts.test", other)).ShouldBe(SslPolicyErrors.RemoteCertificateChainErrors);
        using var client = Trusting(door, authority);
        (await client.GetAsync("submissions", Cancelled)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact(Timeout = 60_000)]
    public async Task Should_not_answer_in_clear()
    {
        using var authority = new Authority("ours");
        using var folder = new Folder();
        await using var door = await OpenAsync(folder, authority.Issue("127.0.0.1"));
        using var client = new HttpClient();
        await Should.ThrowAsync<HttpRequestException>(() => client.GetAsync(new Uri($"http://127.0.0.1:{door.Address.Port}/health/live"), Cancelled));
    }

    [Fact(Timeout = 60_000)]
    public async Task Should_not_speak_what_is_broken()
    {
        using var authority = new Authority("ours");
        using var folder = new Folder();
        await using var door = await OpenAsync(folder, authority.Issue("127.0.0.1"));
#pragma warning disable SYSLIB0039, CA5397 // That it is refused is what is tested.
        await Should.ThrowAsync<Exception>(() => ConnectAsync(door, "127.0.0.1", authority, SslProtocols.Tls11));
#pragma warning restore SYSLIB0039, CA5397
    }

    [Fact(Timeout = 60_000)]
    public async Task Should_show_a_new_certificate_without_a_restart_and_keep_the_old_one_while_the_pair_is_torn()
    {
        using var authority = new Authority("ours");
        using var folder = new Folder();
        var (first, second) = (authority.Issue("127.0.0.1"), authority.Issue("127.0.0.1"));
        await using var door = await OpenAsync(folder, first);
        (await SerialAsync(door, authority)).ShouldBe(SerialOf(first.Certificate));
        folder.Write("tls.crt", second.Certificate);
        await Probe.Until("the torn pair is said", async _ => { await SerialAsync(door, authority); return door.Lines.Any(line => line.StartsWith("Error: HTTP_TLS_CERT:")); });
        (await SerialAsync(door, authority)).ShouldBe(SerialOf(first.Certificate));
        folder.Write("tls.key", second.Key);
        await Probe.Until("the new certificate is shown", _ => SerialAsync(door, authority), serial => serial == SerialOf(second.Certificate));
        door.Lines.ShouldNotContain(line => line.Contains("PRIVATE KEY"));
    }

    /// <summary>A container's health check runs the program itself, and asks by an address that the certificate does not name.</summary>
    [Fact(Timeout = 120_000)]
    public async Task Should_be_found_healthy_by_its_own_program_and_by_no_other_certificate()
    {
        using var authority = new Authority("ours");
        using var folder = new Folder();
        await using var door = await OpenAsync(folder, authority.Issue("payouts.test"));
        using var client = Trusting(door, authority);
        await Probe.Until("it is ready", async token => (await client.GetAsync("health/ready", token)).IsSuccessStatusCode);
        (await AskHealthAsync(door, Path.Combine(folder.Path, "tls.crt"))).ShouldBe(0);
        (await AskHealthAsync(door, folder.Write("other.crt", authority.Issue("payouts.test").Certificate))).ShouldBe(1);
    }

    private static async Task<int> AskHealthAsync(Door door, string certificate)
    {
        await using var asking = new ServiceProcess(new ServiceProcessOptions
        {
            Assembly = RepositoryRoot.AssemblyOf("services/payout-submitter", "payouts-payout-submitter"),
            Arguments = ["--health-check"],
            Environment = new Dictionary<string, string> { ["ASPNETCORE_URLS"] = $"http://+:{door.Address.Port}", ["HTTP_TLS_CERT_FILE"] = certificate },
        });
        await asking.LaunchAsync();
        return await asking.WaitForExitAsync(TimeSpan.FromSeconds(30), Cancelled);
    }

    private static Task<Door> OpenAsync(Folder folder, (string Certificate, string Key) pair) => Door.OpenAsync(
        new Dictionary<string, string?> { ["HTTP_TLS_CERT_FILE"] = folder.Write("tls.crt", pair.Certificate), ["HTTP_TLS_KEY_FILE"] = folder.Write("tls.key", pair.Key) },
        [new PayoutSubmitterModule()]);

    private static HttpClient Trusting(Door door, Authority authority)
    {
        var handler = new SocketsHttpHandler
        {
            SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = Policy(authority) },
            ConnectCallback = async (_, cancellationToken) =>
            {
                var tcp = new TcpClient();
                await tcp.ConnectAsync(IPAddress.Loopback, door.Address.Port, cancellationToken);
                return tcp.GetStream();
            },
        };
        return new HttpClient(handler) { BaseAddress = new Uri("https://payouts.test/") };
    }

    private static async Task<SslPolicyErrors> ShownAsync(Door door, string host, Authority authority) => (await ConnectAsync(door, host, authority, SslProtocols.None)).Errors;

    private static async Task<string> SerialAsync(Door door, Authority authority) => (await ConnectAsync(door, "127.0.0.1", authority, SslProtocols.None)).Serial;

    private static string SerialOf(string pem)
    {
        using var certificate = X509Certificate2.CreateFromPem(pem);
        return certificate.SerialNumber;
    }

    private static async Task<(SslPolicyErrors Errors, string Serial)> ConnectAsync(Door door, string host, Authority authority, SslProtocols protocols)
    {
        var seen = SslPolicyErrors.RemoteCertificateNotAvailable;
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(IPAddress.Loopback, door.Address.Port, Cancelled);
        await using var tls = new SslStream(tcp.GetStream());
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = host,
            EnabledSslProtocols = protocols,
            CertificateChainPolicy = Policy(authority),
            RemoteCertificateValidationCallback = (_, _, _, errors) =>
            {
                seen = errors;
                return true;
            },
        }, Cancelled);
        return (seen, ((X509Certificate2)tls.RemoteCertificate!).SerialNumber);
    }

    private static X509ChainPolicy Policy(Authority authority)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.Add(authority.Root);
        return policy;
    }
}
