using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Payouts.Stellar;

namespace Payouts.Tests.Suite;

/// <summary>Keys of a test installation, the same in every run: derived from names.</summary>
public static class SuiteKeys
{
    /// <summary>The contract's admin.</summary>
    public static KeyPair PayoutSource { get; } = Named("payout source");

    /// <summary>What the channels' keys are derived from.</summary>
    public static byte[] ChannelSecret { get; } = SHA256.HashData("channel secret of the tests"u8);

    /// <summary>Channel <paramref name="index"/>.</summary>
    public static KeyPair Channel(int index) => ChannelKeys.Derive(ChannelSecret, (uint)index);

    /// <summary>Who pays for fee bumps.</summary>
    public static KeyPair FeeAccount { get; } = ChannelKeys.Derive(ChannelSecret, ChannelKeys.FeeKeyNumber);

    /// <summary>A player of a round.</summary>
    public static string Player(int number)
    {
        // A secret half takes four memory mappings, and a process has 65,530: fewer than 20,000 players would exhaust them.
        using var key = Named(string.Create(CultureInfo.InvariantCulture, $"player {number}"));
        return key.AccountId.ToString();
    }

    /// <summary>A key pair that belongs to a name.</summary>
    public static KeyPair Named(string name) => KeyPair.FromRawSeed(SHA256.HashData(Encoding.UTF8.GetBytes(name)));
}
