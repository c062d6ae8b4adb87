using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Payouts.Stellar;

namespace Payouts.Signers.GoogleKms;

/// <summary>
/// A key version of algorithm EC_SIGN_ED25519 in Google Cloud KMS, over its REST API with Google's library for credentials. Tested against a local
/// double that holds the documented requests and answers, not against the cloud.
/// </summary>
public sealed class GoogleKmsKey : ISigningKey
{
    private const string Algorithm = "EC_SIGN_ED25519";
    private readonly GoogleKmsOptions _options;
    private readonly Func<CancellationToken, Task<string>> _token;
    private readonly HttpClient _http = ProviderHttp.CreateClient();

    /// <summary>Connects to nothing yet.</summary>
    /// <param name="options">Which key version, where.</param>
    /// <param name="token">Access tokens; null: those of the application default credentials.</param>
    public GoogleKmsKey(GoogleKmsOptions options, Func<CancellationToken, Task<string>>? token = null) =>
        (_options, _token) = (options, token ?? new GoogleAccess().TokenAsync);

    /// <inheritdoc />
    public async Task<AccountId> ReadPublicKeyAsync(CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, AddressOf("/publicKey"));
        var answer = await SendAsync(request, cancellationToken);
        RequireName(answer);
        if (answer.Text("algorithm") is var algorithm && algorithm != Algorithm)
            throw new SigningFailedException(SigningProblem.KeyTypeWrong, $"the key version's algorithm is {algorithm}, {Algorithm} is right");
        var pem = answer.Text("pem") ?? throw new SigningFailedException(SigningProblem.AnswerUnreadable, "the answer has no pem");
        RequireChecksum(answer, "pemCrc32c", Encoding.ASCII.GetBytes(pem));
        return Ed25519PublicKeyInfo.ReadPem(pem);
    }

    /// <inheritdoc />
    public async Task<byte[]> SignAsync(TransactionHash hash, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, AddressOf(":asymmetricSign"));
        // "data", never "digest": this algorithm hashes by itself, and the 32 bytes are its message.
        request.Content = JsonContent.Create(new JsonObject { ["data"] = Convert.ToBase64String(hash.Bytes), ["dataCrc32c"] = Crc32C.Of(hash.Bytes) });
        var answer = await SendAsync(request, cancellationToken);
        RequireName(answer);
        if (answer["verifiedDataCrc32c"] is not JsonValue verified || !verified.TryGetValue<bool>(out var isVerified) || !isVerified)
            throw new SigningFailedException(SigningProblem.AnswerCorrupt, "the hash did not arrive as it was sent: verifiedDataCrc32c is not true");
        var signature = ProviderHttp.Base64(answer.Text("signature"), "signature");
        RequireChecksum(answer, "signatureCrc32c", signature);
        return signature;
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync()
    {
        _http.Dispose();
        return ValueTask.CompletedTask;
    }

    private Uri AddressOf(string action) => new($"{_options.Endpoint.AbsoluteUri.TrimEnd('/')}/v1/{_options.KeyVersion}{action}");

    private async Task<JsonObject> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await _token(cancellationToken));
        try
        {
            return await ProviderHttp.SendAsync(_http, request, Reason, cancellationToken);
        }
        catch (SigningFailedException failure) when (failure.Problem == SigningProblem.RequestRefused && failure.Message.Contains("FAILED_PRECONDITION", StringComparison.Ordinal))
        {
            // What a version that is disabled or scheduled for destruction answers.
            throw new SigningFailedException(SigningProblem.KeyDisabled, failure.Message, failure);
        }
    }

    private void RequireName(JsonObject answer)
    {
        if (answer.Text("name") is var name && name != _options.KeyVersion)
            throw new SigningFailedException(SigningProblem.KeyVersionDiffers, $"the answer is {name ?? "nobody"}'s, {_options.KeyVersion} was asked");
    }

    private static void RequireChecksum(JsonObject answer, string member, ReadOnlySpan<byte> bytes)
    {
        var right = Crc32C.Of(bytes);
        if (answer.Text(member) is var given && given != right)
            throw new SigningFailedException(SigningProblem.AnswerCorrupt, $"{member} is {given ?? "missing"}, what arrived has {right}");
    }

    private static string? Reason(JsonObject body) => body["error"] is JsonObject error ? $"{error.Text("status")} {error.Text("message")}" : null;
}
