using Payouts.Hosting.Configuration;
using Payouts.Signers.AwsKms;

namespace Payouts.Signers.Configuration;

/// <summary>SIGNER_AWS_...</summary>
internal static class AwsKmsSettings
{
    public static Func<TimeProvider, ISigningKey>? Read(Settings settings, SigningLimits limits)
    {
        var key = settings.Required(SettingNames.SignerAwsKeyId, "the ARN, id or alias of the KMS key");
        var region = settings.Required(SettingNames.SignerAwsRegion, "the region of the KMS key, such as eu-central-1");
        var endpoint = settings.Optional(SettingNames.SignerAwsEndpoint) is null ? null
            : settings.Parsed(SettingNames.SignerAwsEndpoint, ProviderHttp.ParseAddress, "an endpoint of KMS");
        var options = new AwsKmsOptions { KeyId = key, Region = region, Endpoint = endpoint };
        return key.Length == 0 || region.Length == 0 ? null : _ => new AwsKmsKey(options);
    }
}
