using System.Security.Cryptography;
using Payouts.Stellar;

namespace Payouts.Channels;

/// <summary>An account of the pool and the number of its key.</summary>
/// <param name="Number">0 to 999 for a channel, 1000 for the account that pays for fee bumps.</param>
/// <param name="Account">Its public half.</param>
public sealed record PoolMember(uint Number, AccountId Account);

/// <summary>All accounts that one channel secret gives. The secret stays here until the command ends.</summary>
public sealed class PoolKeys : IDisposable
{
    private readonly byte[] _secret;
    private readonly Dictionary<AccountId, PoolMember> _byAccount;

    /// <param name="secret">Taken over, and cleared at the end.</param>
    public PoolKeys(byte[] secret)
    {
        _secret = secret;
        Channels = [.. Enumerable.Range(0, ChannelKeys.ChannelsMax).Select(number => MemberOf((uint)number))];
        FeeAccount = MemberOf(ChannelKeys.FeeKeyNumber);
        _byAccount = Channels.Append(FeeAccount).ToDictionary(x => x.Account);
    }

    /// <summary>By number, from 0.</summary>
    public IReadOnlyList<PoolMember> Channels { get; }

    /// <summary>Who pays for fee bumps.</summary>
    public PoolMember FeeAccount { get; }

    /// <summary>Null: the secret does not give this account.</summary>
    public PoolMember? Find(AccountId account) => _byAccount.GetValueOrDefault(account);

    /// <summary>The key itself; the caller disposes of it.</summary>
    public KeyPair KeyOf(PoolMember member) => ChannelKeys.Derive(_secret, member.Number);

    /// <inheritdoc />
    public void Dispose() => CryptographicOperations.ZeroMemory(_secret);

    private PoolMember MemberOf(uint number)
    {
        using var key = ChannelKeys.Derive(_secret, number);
        return new PoolMember(number, key.AccountId);
    }
}
