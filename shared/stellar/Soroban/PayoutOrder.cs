using Payouts.Stellar.Xdr;

namespace Payouts.Stellar;

/// <summary>The contract's own idempotency key: it pays each (context, pool, round, winner) at most once, whatever the amount.</summary>
/// <param name="Context">A symbol: 1 to 32 of a-z, A-Z, 0-9 and _.</param>
public sealed record PayoutKey(string Context, uint PoolId, uint RoundId, Address Winner);

/// <summary>One winner's part of a payment.</summary>
/// <param name="Amount">Stroops, positive.</param>
public readonly record struct PayoutShare(Address Winner, Int128 Amount);

/// <summary>One call of the payout contract: it pays one winner, or several of the same round where the method takes them.</summary>
/// <param name="Key">With the first winner.</param>
/// <param name="Amount">Of the first winner: stroops of the currency's token, positive.</param>
/// <param name="Currency">A symbol that the contract maps to a token, or the token's own address.</param>
public sealed record PayoutOrder(PayoutKey Key, Int128 Amount, Currency Currency)
{
    /// <summary>Further winners of the same round, in the order of the call's list.</summary>
    public XdrArray<PayoutShare> Others { get; init; } = XdrArray<PayoutShare>.Empty;

    /// <summary>Everybody who is paid, in the order of the call's list.</summary>
    public IEnumerable<PayoutShare> Shares => Others.Prepend(new PayoutShare(Key.Winner, Amount));
}

/// <summary>What is paid in.</summary>
public abstract record Currency
{
    private Currency()
    {
    }

    /// <exception cref="FormatException">Neither a contract address nor a symbol.</exception>
    public static Currency Parse(string text) => ContractId.TryParse(text, out var token)
        ? new Token(token)
        : text.Length > 0 && ScVal.IsSymbol(text)
            ? new Symbol(text)
            : throw new FormatException($"{StrKey.Quote(text)} is not a currency: a symbol (1 to 32 of a-z, A-Z, 0-9 and _) or a token contract (C...) is right");

    /// <summary>A name that the payout contract maps to a token.</summary>
    public sealed record Symbol(string Name) : Currency
    {
        public override string ToString() => Name;
    }

    /// <summary>A token contract.</summary>
    public sealed record Token(ContractId Contract) : Currency
    {
        public override string ToString() => Contract.ToString();
    }
}
