using Payouts.Stellar;

namespace Payouts.Signer.Configuration;

/// <summary>The secret halves that this process holds: the low-value channel keys, and the payout key in hot-key mode only.</summary>
public sealed class SigningKeys(KeyPair? payoutKey, IReadOnlyDictionary<AccountId, KeyPair> channels, KeyPair? feeKey = null) : IDisposable
{
    /// <summary>The key that signs fee bumps and nothing else; null: fees are not bumped.</summary>
    public KeyPair? FeeKey { get; } = feeKey;

    /// <summary>The payout source's key; null: an external signer holds it.</summary>
    public KeyPair? PayoutKey { get; } = payoutKey;

    /// <summary>The listed channel accounts' keys.</summary>
    public IReadOnlyDictionary<AccountId, KeyPair> Channels { get; } = channels;

    /// <summary>Finds the key of each account among the channels that <paramref name="secret"/> can have; returns those that have none.</summary>
    public static IReadOnlyList<AccountId> Derive(ReadOnlySpan<byte> secret, IReadOnlyCollection<AccountId> accounts, Dictionary<AccountId, KeyPair> found)
    {
        var wanted = accounts.ToHashSet();
        for (var index = 0u; index < ChannelKeys.ChannelsMax && wanted.Count > 0; index++)
        {
            var key = ChannelKeys.Derive(secret, index);
            if (wanted.Remove(key.AccountId))
                found[key.AccountId] = key;
            else
                key.Dispose();
        }

        return [.. accounts.Where(wanted.Contains)];
    }

    /// <summary>
    /// Adds the channel's signature to an envelope that the payout source has signed; when the payout source is itself the transaction
    /// source, its signature is all.
    /// </summary>
    public Transaction AddChannelSignature(Transaction signedBySource, TransactionHash hash, AccountId payoutSource) =>
        signedBySource.Source == payoutSource ? signedBySource : signedBySource.AddSignature(Channels[signedBySource.Source].SignDecorated(hash));

    /// <inheritdoc />
    public void Dispose()
    {
        PayoutKey?.Dispose();
        FeeKey?.Dispose();
        foreach (var key in Channels.Values)
            key.Dispose();
    }
}
