using System.Diagnostics.CodeAnalysis;
using Payouts.Stellar.Xdr;

namespace Payouts.Stellar;

/// <summary>An account on the ledger: its Ed25519 public key, written G... The default value names no account.</summary>
public readonly record struct AccountId : IParsable<AccountId>
{
    private readonly XdrBytes _publicKey;

    /// <param name="publicKey">32 bytes of Ed25519 public key.</param>
    public AccountId(ReadOnlySpan<byte> publicKey)
    {
        if (publicKey.Length != 32)
        {
            throw new ArgumentException($"An account's public key has 32 bytes, not {publicKey.Length}.", nameof(publicKey));
        }

        _publicKey = new XdrBytes(publicKey);
    }

    /// <summary>The 32 bytes of the Ed25519 public key.</summary>
    public ReadOnlySpan<byte> PublicKey => _publicKey.Span;

    /// <summary>The last four bytes of the key, which tell whose signature a decorated signature is.</summary>
    public SignatureHint SignatureHint => new(new XdrBytes(_publicKey.Span[^4..]));

    /// <exception cref="FormatException">Not an account; the message says why.</exception>
    public static AccountId Parse(string s, IFormatProvider? provider = null) => new(StrKey.Decode(StrKeyKind.AccountId, s));

    public static bool TryParse([NotNullWhen(true)] string? s, out AccountId result) => TryParse(s, null, out result);

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out AccountId result)
    {
        var isAccount = StrKey.TryDecode(s, out var kind, out var payload, out _) && kind == StrKeyKind.AccountId;
        result = isAccount ? new AccountId(payload) : default;
        return isAccount;
    }

    public static AccountId FromXdr(AccountID account) => FromXdr(account.Value);

    public static AccountId FromXdr(PublicKey key) => new(((PublicKey.Ed25519)key).Value.Value.Span);

    /// <summary>The account behind a plain or muxed account.</summary>
    public static AccountId FromXdr(MuxedAccount account) => account switch
    {
        MuxedAccount.Ed25519 plain => new AccountId(plain.Value.Value.Span),
        MuxedAccount.MuxedEd25519 muxed => new AccountId(muxed.Value.Ed25519.Value.Span),
        _ => throw new ArgumentException($"A muxed account of kind {account.Discriminant} is unknown.", nameof(account)),
    };

    public AccountID ToXdr() => new(new PublicKey.Ed25519(new Uint256(_publicKey)));

    public MuxedAccount ToMuxedAccount() => new MuxedAccount.Ed25519(new Uint256(_publicKey));

    public SCAddress ToScAddress() => new SCAddress.Account(ToXdr());

    public override string ToString() => _publicKey.Length == 0 ? "" : StrKey.Encode(StrKeyKind.AccountId, _publicKey.Span);
}
