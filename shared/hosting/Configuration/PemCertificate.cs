using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Payouts.Hosting.Configuration;

/// <summary>A certificate with its private key, and those between it and its root.</summary>
/// <param name="Leaf">Shown to the other side; with the private key.</param>
/// <param name="Chain">What the file holds behind it.</param>
public sealed record PemCertificate(X509Certificate2 Leaf, X509Certificate2Collection Chain)
{
    /// <summary>Reads a certificate, its chain and its key, one behind the other in PEM.</summary>
    /// <exception cref="FormatException">One is missing, or the key is another certificate's.</exception>
    public static PemCertificate Parse(byte[] content)
    {
        var pem = Encoding.UTF8.GetString(content);
        try
        {
            var chain = ParseCertificates(content);
            chain.RemoveAt(0);
            return new PemCertificate(X509Certificate2.CreateFromPem(pem, pem), chain);
        }
        catch (Exception wrong) when (wrong is CryptographicException or ArgumentException)
        {
            throw new FormatException($"a certificate and its own private key in PEM are right: {wrong.Message}");
        }
    }

    /// <summary>Reads certificates in PEM; at least one.</summary>
    /// <exception cref="FormatException">There is none, or one is damaged.</exception>
    public static X509Certificate2Collection ParseCertificates(byte[] content)
    {
        var certificates = new X509Certificate2Collection();
        try
        {
            certificates.ImportFromPem(Encoding.UTF8.GetString(content));
        }
        catch (CryptographicException wrong)
        {
            throw new FormatException($"certificates in PEM are right: {wrong.Message}");
        }

        return certificates.Count > 0 ? certificates : throw new FormatException("it holds no certificate in PEM");
    }
}
