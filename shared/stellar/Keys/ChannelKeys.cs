namespace Payouts.Stellar;

/// <summary>
/// The keys that one channel secret gives: channels have the numbers 0 to 999, the account that pays for fee bumps the number after them.
/// Whoever needs one, the signer or the pool's commands, derives it here.
/// </summary>
public static class ChannelKeys
{
    /// <summary>Channel accounts of one secret at most.</summary>
    public const int ChannelsMax = 1_000;

    /// <summary>The number of the fee account's key: the first that no channel can have.</summary>
    public const uint FeeKeyNumber = ChannelsMax;

    /// <summary>Bytes of a channel secret; as text twice as many hexadecimal digits.</summary>
    public const int SecretBytes = 32;

    /// <summary>Reads a channel secret; the caller clears the bytes.</summary>
    /// <exception cref="FormatException">Not 64 hexadecimal digits; the message does not repeat the text.</exception>
    public static byte[] ParseSecret(string text) =>
        text.Length == SecretBytes * 2 && !text.AsSpan().ContainsAnyExcept("0123456789abcdefABCDEF")
            ? Convert.FromHexString(text)
            : throw new FormatException($"it has {text.Length} characters; {SecretBytes * 2} hex digits are right");

    /// <summary>The key number <paramref name="number"/>: a channel's, or <see cref="FeeKeyNumber"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A number that neither a channel nor the fee account has.</exception>
    public static KeyPair Derive(ReadOnlySpan<byte> secret, uint number) => number <= FeeKeyNumber
        ? KeyDerivation.Derive(secret, number)
        : throw new ArgumentOutOfRangeException(nameof(number), number, $"Channels have the numbers 0 to {ChannelsMax - 1}, the fee account {FeeKeyNumber}.");

    /// <summary>Reads a list of channel accounts: G..., separated by commas, spaces or line ends, each once, at most <see cref="ChannelsMax"/>.</summary>
    /// <exception cref="FormatException">The message names what was wrong.</exception>
    public static IReadOnlyList<AccountId> ParseAccounts(string text)
    {
        var accounts = text.Split([',', ' ', '\t', '\r', '\n'], StringSplitOptions.RemoveEmptyEntries).Select(item => AccountId.Parse(item)).ToList();
        if (accounts.GroupBy(x => x).FirstOrDefault(x => x.Count() > 1) is { } twice)
            throw new FormatException($"{twice.Key} is listed twice");
        return accounts.Count <= ChannelsMax ? accounts : throw new FormatException($"it lists {accounts.Count} accounts; {ChannelsMax} at most are right");
    }
}
