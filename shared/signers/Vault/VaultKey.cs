using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Payouts.Stellar;

namespace Payouts.Signers.Vault;

/// <summary>
/// A key of type ed25519 in HashiCorp Vault's transit engine, over its HTTP API: two requests need no client library. Tested against a local double
/// that holds the documented requests and answers, not against a Vault.
/// </summary>
public sealed class VaultKey(VaultOptions options) : ISigningKey
{
    private const string KeyType = "ed25519";
    private readonly HttpClient _http = ProviderHttp.CreateClient();
    private readonly VaultToken _token = new(options.TokenFile);
    private readonly string _version = options.KeyVersion.ToString(CultureInfo.InvariantCulture);

    /// <inheritdoc />
    public async Task<AccountId> ReadPublicKeyAsync(CancellationToken cancellationToken)
    {
        using var request = Request(HttpMethod.Get, "keys");
        var data = Data(await SendAsync(request, cancellationToken));
        if (data.Text("type") is var type && type != KeyType)
            throw new SigningFailedException(SigningProblem.KeyTypeWrong, $"the key {options.KeyName} is of type {type}, {KeyType} is right");
        if (data["keys"] is not JsonObject versions || versions[_version] is not JsonObject version)
            throw new SigningFailedException(SigningProblem.KeyNotFound, $"the key {options.KeyName} has no version {_version}");
        var bytes = ProviderHttp.Base64(version.Text("public_key"), "public_key");
        return bytes.Length == 32 ? new AccountId(bytes)
            : throw new SigningFailedException(SigningProblem.KeyTypeWrong, $"public_key has {bytes.Length} bytes, an Ed25519 key has 32");
    }

    /// <inheritdoc />
    public async Task<byte[]> SignAsync(TransactionHash hash, CancellationToken cancellationToken)
    {
        using var request = Request(HttpMethod.Post, "sign");
        // Without "prehashed" (false is its default): true would sign a hash of the hash.
        request.Content = JsonContent.Create(new JsonObject { ["input"] = Convert.ToBase64String(hash.Bytes), ["key_version"] = options.KeyVersion });
        var answer = Data(await SendAsync(request, cancellationToken)).Text("signature");
        if (answer?.Split(':') is not ["vault", ['v', .. var version], var signature])
            throw new SigningFailedException(SigningProblem.AnswerUnreadable, "the answer is not vault:vN:base64");
        return version == _version ? ProviderHttp.Base64(signature, "the part after vault:vN:")
            : throw new SigningFailedException(SigningProblem.KeyVersionDiffers, $"version {version} of the key {options.KeyName} signed, version {_version} was asked");
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync()
    {
        _http.Dispose();
        return ValueTask.CompletedTask;
    }

    private HttpRequestMessage Request(HttpMethod method, string action)
    {
        var path = $"v1/{options.Mount}/{action}/{Uri.EscapeDataString(options.KeyName)}";
        var request = new HttpRequestMessage(method, new Uri(new Uri(options.Address.AbsoluteUri.TrimEnd('/') + "/"), path));
        request.Headers.Add("X-Vault-Token", _token.Read());
        // Asked of an agent in between as well: a request forged through a browser lacks it.
        request.Headers.Add("X-Vault-Request", "true");
        if (options.Namespace is { } name)
            request.Headers.Add("X-Vault-Namespace", name);
        return request;
    }

    private async Task<JsonObject> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return await ProviderHttp.SendAsync(_http, request, Reason, cancellationToken);
        }
        catch (SigningFailedException failure) when (failure.Problem is SigningProblem.AccessDenied or SigningProblem.CredentialsRefused)
        {
            _token.Forget();
            throw;
        }
    }

    private static JsonObject Data(JsonObject body) =>
        body["data"] as JsonObject ?? throw new SigningFailedException(SigningProblem.AnswerUnreadable, "the answer has no data");

    private static string? Reason(JsonObject body) => body["errors"] is JsonArray errors ? string.Join("; ", errors.Select(error => error?.ToString())) : null;
}
