using System.Globalization;
using System.Text.Json.Nodes;
using Payouts.Signers;
using Payouts.Signers.Vault;
using Payouts.Stellar;

namespace Payouts.Tests.Signers;

/// <summary>HashiCorp Vault's transit engine, as its HTTP API is documented.</summary>
public sealed class VaultDouble : ProviderDouble
{
    /// <summary>The pinned version; version 1 is another key, 3 a later one.</summary>
    public const int Version = 2;

    private readonly string _folder = Directory.CreateTempSubdirectory("payouts-vault-").FullName;

    /// <summary>Writes the token file.</summary>
    public VaultDouble() => WriteToken(Token);

    /// <summary>The token that is accepted.</summary>
    public string Token { get; set; } = "hvs.first-token";

    /// <summary>Path of the client's token file.</summary>
    public string TokenFile => Path.Combine(_folder, "token");

    /// <summary>Type of the key.</summary>
    public string KeyType { get; set; } = "ed25519";

    /// <summary>Puts a token into the file, as an agent does.</summary>
    public void WriteToken(string token) => File.WriteAllText(TokenFile, token + "\n");

    /// <inheritdoc />
    public override IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>
    {
        ["SIGNER_VAULT_ADDRESS"] = Address.AbsoluteUri,
        ["SIGNER_VAULT_TOKEN_FILE"] = TokenFile,
        ["SIGNER_VAULT_KEY_NAME"] = "payouts",
        ["SIGNER_VAULT_KEY_VERSION"] = Version.ToString(CultureInfo.InvariantCulture),
    };

    /// <inheritdoc />
    public override ISigningKey CreateKey() => new VaultKey(new VaultOptions { Address = Address, TokenFile = TokenFile, KeyName = "payouts", KeyVersion = Version, Namespace = "games" });

    /// <inheritdoc />
    public override DoubleAnswer Failure(DoubleFailure failure) => failure switch
    {
        DoubleFailure.Denied => Errors(403, "permission denied"),
        DoubleFailure.Unauthenticated => Errors(401, "missing client token"),
        DoubleFailure.Throttled => Errors(429, "request path \"transit/sign/payouts\": rate limit quota exceeded"),
        DoubleFailure.Internal => Errors(503, "Vault is sealed"),
        DoubleFailure.NotFound => Errors(404),
        _ => Errors(400, "signing key not found"),
    };

    /// <inheritdoc />
    public override DoubleAnswer WithSignature(DoubleAnswer right, byte[] signature) => Signed(Version, signature);

    /// <summary>The answer of a version.</summary>
    public static DoubleAnswer Signed(int version, byte[] signature) => new(200, new JsonObject
    {
        ["request_id"] = "8d5ad0a2-3a0b-4c3f-8f34-0c4d3fc9ba60",
        ["data"] = new JsonObject { ["key_version"] = version, ["signature"] = string.Create(CultureInfo.InvariantCulture, $"vault:v{version}:{Convert.ToBase64String(signature)}") },
    });

    /// <inheritdoc />
    protected override DoubleAnswer Answer(RecordedRequest request)
    {
        if (request.Headers.GetValueOrDefault("X-Vault-Token") != Token)
            return Failure(DoubleFailure.Denied);
        return (request.Method, request.Path) switch
        {
            ("GET", "/v1/transit/keys/payouts") => new DoubleAnswer(200, new JsonObject
            {
                ["data"] = new JsonObject
                {
                    ["type"] = KeyType,
                    ["latest_version"] = 3,
                    ["keys"] = new JsonObject { ["1"] = KeyOf(Other(1)), ["2"] = KeyOf(Key), ["3"] = KeyOf(Other(3)) },
                },
            }),
            ("POST", "/v1/transit/sign/payouts") when request.Members.Order().SequenceEqual(["input", "key_version"]) && request.Body["key_version"]!.GetValue<int>() == Version =>
                Signed(Version, Key.Sign(Convert.FromBase64String(request.Body["input"]!.GetValue<string>()))),
            ("POST", "/v1/transit/sign/payouts") => Errors(400, "the double takes input and key_version, nothing else"),
            _ => Errors(404),
        };
    }

    private static KeyPair Other(byte version) => KeyPair.FromRawSeed(Enumerable.Repeat(version, 32).ToArray());

    private static JsonObject KeyOf(KeyPair key) => new() { ["name"] = "ed25519", ["creation_time"] = "2026-01-01T00:00:00Z", ["public_key"] = Convert.ToBase64String(key.AccountId.PublicKey) };

    private static DoubleAnswer Errors(int status, params string[] errors) => new(status, new JsonObject { ["errors"] = new JsonArray([.. errors.Select(error => JsonValue.Create(error))]) });
}
