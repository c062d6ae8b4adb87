using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Payouts.Signers;
using Payouts.Signers.GoogleKms;

namespace Payouts.Tests.Signers;

/// <summary>Google Cloud KMS, as its REST API v1 is documented.</summary>
public sealed class GoogleKmsDouble : ProviderDouble
{
    /// <summary>The pinned key version.</summary>
    public const string Name = "projects/games/locations/europe-west3/keyRings/payouts/cryptoKeys/source/cryptoKeyVersions/4";

    /// <summary>The access token: no message may hold it.</summary>
    public const string AccessToken = "ya29.a-token-of-the-test";

    /// <summary>Algorithm of the version.</summary>
    public string Algorithm { get; set; } = "EC_SIGN_ED25519";

    /// <summary>Path of the token endpoint that a service account's file names.</summary>
    public const string TokenPath = "/token";

    /// <inheritdoc />
    public override ISigningKey CreateKey() => new GoogleKmsKey(new GoogleKmsOptions { KeyVersion = Name, Endpoint = Address }, _ => Task.FromResult(AccessToken));

    /// <inheritdoc />
    public override DoubleAnswer Failure(DoubleFailure failure) => failure switch
    {
        DoubleFailure.Denied => Error(403, "PERMISSION_DENIED", "Permission 'cloudkms.cryptoKeyVersions.useToSign' denied on resource."),
        DoubleFailure.Unauthenticated => Error(401, "UNAUTHENTICATED", "Request had invalid authentication credentials."),
        DoubleFailure.Throttled => Error(429, "RESOURCE_EXHAUSTED", "Quota exceeded."),
        DoubleFailure.Internal => Error(500, "INTERNAL", "Internal error encountered."),
        DoubleFailure.NotFound => Error(404, "NOT_FOUND", "CryptoKeyVersion not found."),
        DoubleFailure.Disabled => Error(400, "FAILED_PRECONDITION", $"{Name} is not enabled, current state is: DISABLED."),
        _ => Error(400, "INVALID_ARGUMENT", "The request is wrong."),
    };

    /// <inheritdoc />
    public override DoubleAnswer WithSignature(DoubleAnswer right, byte[] signature) =>
        With(right, ("signature", Convert.ToBase64String(signature)), ("signatureCrc32c", Checksum(signature)));

    /// <summary>CRC-32C bit by bit, written apart from the client's.</summary>
    public static string Checksum(ReadOnlySpan<byte> bytes)
    {
        var crc = 0xffff_ffffu;
        foreach (var one in bytes)
        {
            crc ^= one;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0x82f6_3b78u : crc >> 1;
        }

        return (crc ^ 0xffff_ffffu).ToString(CultureInfo.InvariantCulture);
    }

    /// <inheritdoc />
    protected override DoubleAnswer Answer(RecordedRequest request)
    {
        if ((request.Method, request.Path) == ("POST", TokenPath))
            return new DoubleAnswer(200, new JsonObject { ["access_token"] = AccessToken, ["expires_in"] = 3600, ["token_type"] = "Bearer" });
        if (request.Headers.GetValueOrDefault("Authorization") != $"Bearer {AccessToken}")
            return Failure(DoubleFailure.Unauthenticated);
        return (request.Method, request.Path) switch
        {
            ("GET", "/v1/" + Name + "/publicKey") => PublicKey(),
            ("POST", "/v1/" + Name + ":asymmetricSign") when request.Members.Order(StringComparer.Ordinal).SequenceEqual(["data", "dataCrc32c"]) => Sign(request),
            ("POST", "/v1/" + Name + ":asymmetricSign") => Failure(DoubleFailure.Malformed),
            _ => Failure(DoubleFailure.NotFound),
        };
    }

    private DoubleAnswer PublicKey()
    {
        var pem = $"-----BEGIN PUBLIC KEY-----\n{Convert.ToBase64String(Ed25519PublicKeyInfo.Write(Key.AccountId))}\n-----END PUBLIC KEY-----\n";
        return new DoubleAnswer(200, new JsonObject
        {
            ["pem"] = pem, ["algorithm"] = Algorithm, ["pemCrc32c"] = Checksum(Encoding.ASCII.GetBytes(pem)), ["name"] = Name, ["protectionLevel"] = "HSM",
        });
    }

    private DoubleAnswer Sign(RecordedRequest request)
    {
        var data = Convert.FromBase64String(request.Body["data"]!.GetValue<string>());
        if (request.Body["dataCrc32c"]!.GetValue<string>() != Checksum(data))
            return Failure(DoubleFailure.Malformed);
        var signature = Key.Sign(data);
        return new DoubleAnswer(200, new JsonObject
        {
            ["signature"] = Convert.ToBase64String(signature), ["signatureCrc32c"] = Checksum(signature), ["verifiedDataCrc32c"] = true, ["name"] = Name, ["protectionLevel"] = "HSM",
        });
    }

    private static DoubleAnswer Error(int status, string code, string message) =>
        new(status, new JsonObject { ["error"] = new JsonObject { ["code"] = status, ["message"] = message, ["status"] = code } });
}
