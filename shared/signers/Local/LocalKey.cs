using Payouts.Stellar;

namespace Payouts.Signers.Local;

/// <summary>A key in this process's memory: for development networks, and to measure the others against.</summary>
public sealed class LocalKey(KeyPair key) : ISigningKey
{
    /// <inheritdoc />
    public Task<AccountId> ReadPublicKeyAsync(CancellationToken cancellationToken) => Task.FromResult(key.AccountId);

    /// <inheritdoc />
    public Task<byte[]> SignAsync(TransactionHash hash, CancellationToken cancellationToken) => Task.FromResult(key.Sign(hash.Bytes));

    /// <summary>The key pair stays the caller's.</summary>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
