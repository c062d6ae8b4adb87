using Payouts.Contracts;
using Payouts.Stellar;

namespace Payouts.Signers.Requests;

/// <summary>A third party's part: checks a request by itself and signs it. It remembers nothing, and asks nobody but the key.</summary>
public sealed class RequestAnswerer(RequestPolicy policy, ISigningKey key)
{
    /// <summary>Why the request must not be signed; null: it may.</summary>
    public string? WhyNot(SigningRequested request)
    {
        try
        {
            return RequestCheck.WhyNot(request, policy);
        }
        catch (Exception unreadable) when (unreadable is FormatException or ScValException)
        {
            return $"the intent cannot be read: {unreadable.Message}";
        }
    }

    /// <summary>Says no in this key's name.</summary>
    public SigningRejected Reject(SigningRequested request, string reason) => new() { RequestId = request.RequestId, Reason = reason, PublicKey = policy.Key.ToString() };

    /// <summary>Signs a request that was checked.</summary>
    /// <exception cref="SigningFailedException">The key did not sign.</exception>
    public async Task<SigningCompleted> SignAsync(SigningRequested request, CancellationToken cancellationToken)
    {
        var signature = await key.SignAsync(TransactionHash.Parse(request.TransactionHash), cancellationToken);
        return new SigningCompleted
        {
            RequestId = request.RequestId,
            TransactionHash = request.TransactionHash,
            Signatures = [new SignatureByKey { PublicKey = policy.Key.ToString(), Signature = Convert.ToBase64String(signature) }],
        };
    }
}
