using System.Diagnostics.CodeAnalysis;
using Payouts.Stellar.Xdr;

namespace Payouts.Stellar;

/// <summary>Whom a contract can pay or call: an account (G...) or a contract (C...).</summary>
public abstract record Address
{
    private Address()
    {
    }

    public static implicit operator Address(AccountId account) => new Account(account);

    public static implicit operator Address(ContractId contract) => new Contract(contract);

    /// <exception cref="FormatException">Neither an account nor a contract; the message says why.</exception>
    public static Address Parse(string text) => StrKey.TryDecode(text, out var kind, out var payload, out var error)
        ? kind switch
        {
            StrKeyKind.AccountId => new Account(new AccountId(payload)),
            StrKeyKind.Contract => new Contract(new ContractId(payload)),
            _ => throw new FormatException($"{StrKey.Quote(text)} is a {kind}; an account (G...) or a contract (C...) is right"),
        }
        : throw new FormatException($"{StrKey.Quote(text)} is not an address: {error}");

    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out Address? address)
    {
        address = StrKey.TryDecode(text, out var kind, out var payload, out _)
            ? kind switch
            {
                StrKeyKind.AccountId => new Account(new AccountId(payload)),
                StrKeyKind.Contract => new Contract(new ContractId(payload)),
                _ => null,
            }
            : null;
        return address is not null;
    }

    /// <summary>Null for the kinds that can hold no money of their own: muxed accounts, claimable balances, liquidity pools.</summary>
    public static Address? TryFromXdr(SCAddress address) => address switch
    {
        SCAddress.Account account => new Account(AccountId.FromXdr(account.Value)),
        SCAddress.Contract contract => new Contract(ContractId.FromXdr(contract.Value)),
        _ => null,
    };

    public abstract SCAddress ToXdr();

    public sealed record Account(AccountId Id) : Address
    {
        public override SCAddress ToXdr() => Id.ToScAddress();

        public override string ToString() => Id.ToString();
    }

    public sealed record Contract(ContractId Id) : Address
    {
        public override SCAddress ToXdr() => Id.ToScAddress();

        public override string ToString() => Id.ToString();
    }
}
