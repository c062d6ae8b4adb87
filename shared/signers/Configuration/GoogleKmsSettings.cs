using System.Text.RegularExpressions;
using Payouts.Hosting.Configuration;
using Payouts.Signers.GoogleKms;

namespace Payouts.Signers.Configuration;

/// <summary>SIGNER_GCP_...</summary>
internal static partial class GoogleKmsSettings
{
    public static Func<TimeProvider, ISigningKey>? Read(Settings settings, SigningLimits limits)
    {
        var version = settings.Parsed(SettingNames.SignerGcpKeyVersion, KeyVersion, "the full name of the key version");
        var endpoint = settings.Parsed(SettingNames.SignerGcpEndpoint, ProviderHttp.ParseAddress, "an endpoint of Cloud KMS", "https://cloudkms.googleapis.com");
        if (version is null || endpoint is null)
            return null;
        var options = new GoogleKmsOptions { KeyVersion = version, Endpoint = endpoint };
        return _ => new GoogleKmsKey(options);
    }

    private static string KeyVersion(string text) => FullName().IsMatch(text) ? text
        : throw new FormatException("projects/P/locations/L/keyRings/R/cryptoKeys/K/cryptoKeyVersions/N is right");

    [GeneratedRegex(@"^projects/[\w.:-]+/locations/[\w-]+/keyRings/[\w-]+/cryptoKeys/[\w-]+/cryptoKeyVersions/[1-9][0-9]*$")]
    private static partial Regex FullName();
}
