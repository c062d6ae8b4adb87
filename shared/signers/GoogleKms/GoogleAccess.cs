using Google.Apis.Auth.OAuth2;
using Google.Apis.Auth.OAuth2.Responses;

namespace Payouts.Signers.GoogleKms;

/// <summary>Access tokens of the application default credentials; the library keeps one until it ends.</summary>
internal sealed class GoogleAccess
{
    private const string Scope = "https://www.googleapis.com/auth/cloudkms";
    private volatile ITokenAccess? _credential;

    public async Task<string> TokenAsync(CancellationToken cancellationToken)
    {
        try
        {
            _credential ??= (await GoogleCredential.GetApplicationDefaultAsync(cancellationToken)).CreateScoped(Scope);
            return await _credential.GetAccessTokenForRequestAsync(cancellationToken: cancellationToken);
        }
        catch (Exception failure) when (failure is InvalidOperationException or TokenResponseException or IOException)
        {
            throw new SigningFailedException(SigningProblem.CredentialsRefused, $"there are no application default credentials, or they are refused: {failure.Message}", failure);
        }
        catch (HttpRequestException failure)
        {
            throw new SigningFailedException(SigningProblem.Unreachable, $"the token endpoint does not answer: {failure.Message}", failure);
        }
    }
}
