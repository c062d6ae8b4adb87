using System.Security.Cryptography;
using Payouts.Stellar;

namespace Payouts.Run;

/// <summary>Keys for one run of the embedded suite: made at its start, worth nothing, gone at its end.</summary>
internal sealed class EmbeddedKeys
{
    public EmbeddedKeys(int channels)
    {
        PayoutSource = KeyPair.Random();
        var secret = RandomNumberGenerator.GetBytes(32);
        ChannelSecret = Convert.ToHexStringLower(secret);
        Channels = [.. Enumerable.Range(0, channels).Select(index => ChannelKeys.Derive(secret, (uint)index))];
    }

    /// <summary>The contract's admin.</summary>
    public KeyPair PayoutSource { get; }

    /// <summary>64 hex digits.</summary>
    public string ChannelSecret { get; }

    /// <summary>The transaction sources.</summary>
    public IReadOnlyList<KeyPair> Channels { get; }
}
