using System.Text.Json.Nodes;
using Amazon.Runtime;
using Payouts.Signers;
using Payouts.Signers.AwsKms;

namespace Payouts.Tests.Signers;

/// <summary>AWS KMS, as the JSON protocol 1.1 of its API is documented.</summary>
public sealed class AwsKmsDouble : ProviderDouble
{
    /// <summary>What the client asks for.</summary>
    public const string Alias = "alias/payouts";

    /// <summary>The key behind the alias: answers name it.</summary>
    public const string Arn = "arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";

    /// <summary>The access key's secret half: no message may hold it.</summary>
    public const string SecretKey = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

    /// <summary>Spec of the key.</summary>
    public string KeySpec { get; set; } = "ECC_NIST_EDWARDS25519";

    /// <summary>The public key in DER.</summary>
    public byte[]? PublicKeyInfo { get; set; }

    /// <inheritdoc />
    public override ISigningKey CreateKey() =>
        new AwsKmsKey(new AwsKmsOptions { KeyId = Alias, Region = "eu-central-1", Endpoint = Address }, new BasicAWSCredentials("AKIAIOSFODNN7EXAMPLE", SecretKey));

    /// <inheritdoc />
    public override DoubleAnswer Failure(DoubleFailure failure) => failure switch
    {
        DoubleFailure.Denied => Error(400, "AccessDeniedException", "User: arn:aws:iam::111122223333:user/payouts is not authorized to perform: kms:Sign"),
        DoubleFailure.Unauthenticated => Error(400, "UnrecognizedClientException", "The security token included in the request is invalid."),
        DoubleFailure.Throttled => Error(400, "ThrottlingException", "You have exceeded the rate at which you may call KMS."),
        DoubleFailure.Internal => Error(500, "KMSInternalException", "internal failure"),
        DoubleFailure.NotFound => Error(400, "NotFoundException", "Alias is not found."),
        DoubleFailure.Disabled => Error(400, "DisabledException", "key is disabled."),
        _ => Error(400, "ValidationException", "1 validation error detected"),
    };

    /// <inheritdoc />
    public override DoubleAnswer WithSignature(DoubleAnswer right, byte[] signature) => With(right, ("Signature", Convert.ToBase64String(signature)));

    /// <inheritdoc />
    protected override string ContentType => "application/x-amz-json-1.1";

    /// <inheritdoc />
    protected override DoubleAnswer Answer(RecordedRequest request) => request switch
    {
        { Method: not "POST" } or { Path: not "/" } => Error(404, "UnknownOperationException", "the double knows POST / only"),
        _ when request.Body["KeyId"]?.GetValue<string>() != Alias => Failure(DoubleFailure.NotFound),
        _ when request.Headers.GetValueOrDefault("X-Amz-Target") == "TrentService.GetPublicKey" && request.Members.SequenceEqual(["KeyId"]) => new DoubleAnswer(200, new JsonObject
        {
            ["KeyId"] = Arn,
            ["KeySpec"] = KeySpec,
            ["KeyUsage"] = "SIGN_VERIFY",
            ["PublicKey"] = Convert.ToBase64String(PublicKeyInfo ?? Ed25519PublicKeyInfo.Write(Key.AccountId)),
            ["SigningAlgorithms"] = new JsonArray("ED25519_SHA_512", "ED25519_PH_SHA_512"),
        }),
        _ when request.Headers.GetValueOrDefault("X-Amz-Target") == "TrentService.Sign" && IsPlainEd25519(request) => new DoubleAnswer(200, new JsonObject
        {
            ["KeyId"] = Arn,
            ["Signature"] = Convert.ToBase64String(Key.Sign(Convert.FromBase64String(request.Body["Message"]!.GetValue<string>()))),
            ["SigningAlgorithm"] = "ED25519_SHA_512",
        }),
        _ => Failure(DoubleFailure.Malformed),
    };

    private static bool IsPlainEd25519(RecordedRequest request) => request.Members.Order(StringComparer.Ordinal).SequenceEqual(["KeyId", "Message", "MessageType", "SigningAlgorithm"])
        && request.Body["MessageType"]!.GetValue<string>() == "RAW" && request.Body["SigningAlgorithm"]!.GetValue<string>() == "ED25519_SHA_512";

    private static DoubleAnswer Error(int status, string type, string message) => new(status, new JsonObject { ["__type"] = type, ["message"] = message });
}
