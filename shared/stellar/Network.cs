using System.Security.Cryptography;
using System.Text;
using Payouts.Stellar.Xdr;

namespace Payouts.Stellar;

/// <summary>A Stellar network, told apart from the others by its passphrase, which every signature covers.</summary>
/// <param name="Passphrase">Exactly as the network spells it: one character more or less is another network.</param>
public sealed record Network(string Passphrase)
{
    public static Network Public { get; } = new("Public Global Stellar Network ; September 2015");

    public static Network Testnet { get; } = new("Test SDF Network ; September 2015");

    public static Network Standalone { get; } = new("Standalone Network ; February 2017");

    /// <summary>SHA-256 of the passphrase.</summary>
    public Hash NetworkId { get; } = new(new XdrBytes(SHA256.HashData(Encoding.UTF8.GetBytes(Passphrase))));

    public bool Equals(Network? other) => other is not null && string.Equals(Passphrase, other.Passphrase, StringComparison.Ordinal);

    public override int GetHashCode() => Passphrase.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => Passphrase;
}
