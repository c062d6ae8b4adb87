using System.Net;
using Amazon;
using Amazon.KeyManagementService;
using Amazon.KeyManagementService.Model;
using Amazon.Runtime;
using Payouts.Stellar;

namespace Payouts.Signers.AwsKms;

/// <summary>
/// A key of spec ECC_NIST_EDWARDS25519 in AWS KMS. Tested with the SDK against a local double that holds the documented requests and answers, not
/// against the cloud.
/// </summary>
public sealed class AwsKmsKey : ISigningKey
{
    private readonly AwsKmsOptions _options;
    private readonly AmazonKeyManagementServiceClient _client;

    /// <summary>The ARN behind the id or alias: answers must name it.</summary>
    private volatile string? _arn;

    /// <summary>Connects to nothing yet.</summary>
    /// <param name="options">Which key, where.</param>
    /// <param name="credentials">Null: the SDK's own chain.</param>
    public AwsKmsKey(AwsKmsOptions options, AWSCredentials? credentials = null)
    {
        _options = options;
        // Retries and the time limit are the guard's: two of each would multiply.
        var config = new AmazonKeyManagementServiceConfig { RegionEndpoint = RegionEndpoint.GetBySystemName(options.Region), MaxErrorRetry = 0, Timeout = TimeSpan.FromMinutes(2) };
        if (options.Endpoint is { } endpoint)
        {
            config.ServiceURL = endpoint.AbsoluteUri;
            config.AuthenticationRegion = options.Region;
        }

        _client = credentials is null ? new AmazonKeyManagementServiceClient(config) : new AmazonKeyManagementServiceClient(credentials, config);
    }

    /// <inheritdoc />
    public Task<AccountId> ReadPublicKeyAsync(CancellationToken cancellationToken) => AskAsync(async () =>
    {
        var found = await _client.GetPublicKeyAsync(new GetPublicKeyRequest { KeyId = _options.KeyId }, cancellationToken);
        if (found.KeySpec != KeySpec.ECC_NIST_EDWARDS25519 || found.KeyUsage != KeyUsageType.SIGN_VERIFY)
            throw new SigningFailedException(SigningProblem.KeyTypeWrong, $"the key is of spec {found.KeySpec} for {found.KeyUsage}; ECC_NIST_EDWARDS25519 for SIGN_VERIFY is right");
        var account = Ed25519PublicKeyInfo.Read(found.PublicKey?.ToArray() ?? []);
        _arn = found.KeyId;
        return account;
    });

    /// <inheritdoc />
    public Task<byte[]> SignAsync(TransactionHash hash, CancellationToken cancellationToken) => AskAsync(async () =>
    {
        using var message = new MemoryStream(hash.Bytes.ToArray(), writable: false);
        var signed = await _client.SignAsync(new SignRequest
        {
            KeyId = _options.KeyId,
            Message = message,
            // DIGEST with ED25519_PH_SHA_512 would be Ed25519ph: a signature that the ledger refuses.
            MessageType = MessageType.RAW,
            SigningAlgorithm = SigningAlgorithmSpec.ED25519_SHA_512,
        }, cancellationToken);
        if (_arn is { } arn && signed.KeyId != arn)
            throw new SigningFailedException(SigningProblem.KeyDiffers, $"the key {signed.KeyId} signed, {arn} was asked");
        if (signed.SigningAlgorithm != SigningAlgorithmSpec.ED25519_SHA_512)
            throw new SigningFailedException(SigningProblem.AnswerUnreadable, $"the signature was made with {signed.SigningAlgorithm}");
        return signed.Signature?.ToArray() ?? [];
    });

    /// <inheritdoc />
    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return ValueTask.CompletedTask;
    }

    private static async Task<T> AskAsync<T>(Func<Task<T>> ask)
    {
        try
        {
            return await ask();
        }
        catch (AmazonServiceException failure)
        {
            throw new SigningFailedException(ProblemOf(failure), $"{failure.ErrorCode ?? "HTTP"} {(int)failure.StatusCode}: {failure.Message}", failure);
        }
        catch (AmazonClientException failure)
        {
            // What the SDK throws without a service's answer: no credentials in its chain, or nothing that connects.
            var problem = failure.InnerException is HttpRequestException ? SigningProblem.Unreachable : SigningProblem.CredentialsRefused;
            throw new SigningFailedException(problem, failure.Message, failure);
        }
        catch (HttpRequestException failure)
        {
            throw new SigningFailedException(SigningProblem.Unreachable, failure.Message, failure);
        }
    }

    private static SigningProblem ProblemOf(AmazonServiceException failure) => failure switch
    {
        NotFoundException or InvalidArnException => SigningProblem.KeyNotFound,
        DisabledException or KMSInvalidStateException => SigningProblem.KeyDisabled,
        InvalidKeyUsageException or UnsupportedOperationException => SigningProblem.KeyTypeWrong,
        KeyUnavailableException or DependencyTimeoutException or KMSInternalException => SigningProblem.ProviderFailed,
        LimitExceededException => SigningProblem.Throttled,
        { ErrorCode: "ThrottlingException" or "Throttling" or "RequestLimitExceeded" or "TooManyRequestsException" } => SigningProblem.Throttled,
        { ErrorCode: "AccessDeniedException" or "AccessDenied" } => SigningProblem.AccessDenied,
        {
            ErrorCode: "UnrecognizedClientException" or "InvalidClientTokenId" or "InvalidSignatureException" or "ExpiredTokenException" or "MissingAuthenticationToken"
                or "IncompleteSignature" or "SignatureDoesNotMatch",
        } => SigningProblem.CredentialsRefused,
        { StatusCode: HttpStatusCode.TooManyRequests } => SigningProblem.Throttled,
        { StatusCode: >= HttpStatusCode.InternalServerError } => SigningProblem.ProviderFailed,
        { StatusCode: 0 } => SigningProblem.Unreachable,
        _ => SigningProblem.RequestRefused,
    };
}
