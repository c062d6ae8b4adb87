using Payouts.Stellar;

namespace Payouts.Signers;

/// <summary>
/// An Ed25519 key that somebody keeps: an HSM, a cloud, or this process. An adapter only asks its provider and reads the answer; time limits,
/// retries and the proof of every signature are <see cref="GuardedKey"/>'s.
/// </summary>
public interface ISigningKey : IAsyncDisposable
{
    /// <summary>The public half, as the provider tells it.</summary>
    /// <exception cref="SigningFailedException">It did not, or the key is of another kind.</exception>
    Task<AccountId> ReadPublicKeyAsync(CancellationToken cancellationToken);

    /// <summary>64 bytes: plain Ed25519 (RFC 8032) over the 32 bytes of the hash, not prehashed.</summary>
    /// <exception cref="SigningFailedException">No signature, and why.</exception>
    Task<byte[]> SignAsync(TransactionHash hash, CancellationToken cancellationToken);
}
