using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MassTransit;
using Microsoft.Extensions.Logging;
using Payouts.Hosting.Configuration;

namespace Payouts.Hosting.Messaging;

/// <summary>
/// RABBITMQ_TLS_..., understood. The name that the certificate must carry is the one in RABBITMQ_URL; nothing switches that off. All files are
/// read again for new connections.
/// </summary>
/// <param name="CaPath">Who must have issued the broker's certificate; null: whom the host trusts.</param>
/// <param name="Certificate">The file of our certificate; null: we show none.</param>
/// <param name="Key">The file of its private key.</param>
public sealed record BrokerTls(string? CaPath = null, string? Certificate = null, string? Key = null)
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    /// <summary>Reads the settings; problems are collected in <paramref name="settings"/>.</summary>
    public static BrokerTls Read(Settings settings)
    {
        var pair = settings.Files([SettingNames.BrokerCertificate, SettingNames.BrokerKey], PemCertificate.Parse);
        return new BrokerTls(settings.File(SettingNames.BrokerCa, PemCertificate.ParseCertificates), pair?[0], pair?[1]);
    }

    internal void Configure(IRabbitMqHostConfigurator host, Uri address, TimeProvider time, ILogger logger)
    {
        var ca = CaPath is { } path ? new WatchedFile<X509Certificate2Collection>(SettingNames.BrokerCa, [path], PemCertificate.ParseCertificates, time, logger) : null;
        var own = Certificate is { } certificate && Key is { } key ? new WatchedFile<PemCertificate>(SettingNames.BrokerCertificate, [certificate, key], PemCertificate.Parse, time, logger) : null;
        host.UseSsl(ssl =>
        {
            ssl.ServerName = address.Host;
            ssl.Protocol = SslProtocols.Tls12 | SslProtocols.Tls13;
            ssl.CertificateValidationCallback = (_, shown, chain, errors) =>
            {
                var problem = WhyNot(shown, chain, errors, ca?.Current);
                if (problem is not null)
                    logger.NotBelieved(address.Host, problem);
                return problem is null;
            };
            if (own is not null)
                ssl.CertificateSelectionCallback = (_, _, _, _, _) => own.Current.Leaf;
        });
    }

    /// <summary>Why the broker is not believed; null: it is.</summary>
    internal static string? WhyNot(X509Certificate? shown, X509Chain? chain, SslPolicyErrors errors, X509Certificate2Collection? ca)
    {
        if (shown is null)
            return "it shows no certificate";
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
            return "its certificate is for another host name";
        if (ca is null)
            return errors == SslPolicyErrors.None ? null : $"the host trusts nobody who issued its certificate ({errors})";
        using var own = new X509Chain();
        own.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        own.ChainPolicy.CustomTrustStore.AddRange(ca);
        // Authorities of one's own seldom publish what they revoked: a short life of the certificates stands in for that.
        own.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        own.ChainPolicy.ApplicationPolicy.Add(new Oid(ServerAuthentication));
        foreach (var between in chain?.ChainElements ?? Enumerable.Empty<X509ChainElement>())
            own.ChainPolicy.ExtraStore.Add(between.Certificate);
        using var certificate = X509CertificateLoader.LoadCertificate(shown.Export(X509ContentType.Cert));
        return own.Build(certificate) ? null : $"its certificate is not of {SettingNames.BrokerCa}_FILE ({string.Join(", ", own.ChainStatus.Select(status => status.Status))})";
    }
}

internal static partial class BrokerTlsLog
{
    [LoggerMessage(LogLevel.Error, "the broker {host} is not believed: {reason}")]
    public static partial void NotBelieved(this ILogger logger, string host, string reason);
}
