namespace Payouts.Stellar;

/// <summary>An argument of the payout contract's method. Their order and types are configuration, because the contract's signature changed before.</summary>
public enum PayoutArgument
{
    Context,
    PoolId,
    RoundId,
    Winner,
    Amount,
    Currency,
}

/// <summary>How the payout contract wants its currency named.</summary>
public enum CurrencyForm
{
    Symbol,
    Address,
}

/// <summary>
/// The order of the payout method's arguments, read from a comma list of <c>name:type</c>, for example
/// <c>ctx:symbol, pool_id:u32, round_id:u32, winner:address, amount:i128, currency:symbol</c>.
/// </summary>
public sealed class PayoutArgumentLayout
{
    public const string DefaultText = "ctx:symbol, pool_id:u32, round_id:u32, winner:address, amount:i128, currency:symbol";

    private static readonly (string Name, PayoutArgument Argument, string[] Types)[] Known =
    [
        ("ctx", PayoutArgument.Context, ["symbol"]),
        ("pool_id", PayoutArgument.PoolId, ["u32"]),
        ("round_id", PayoutArgument.RoundId, ["u32"]),
        ("winner", PayoutArgument.Winner, ["address"]),
        ("amount", PayoutArgument.Amount, ["i128"]),
        ("currency", PayoutArgument.Currency, ["symbol", "address"]),
    ];

    private PayoutArgumentLayout(IReadOnlyList<PayoutArgument> order, CurrencyForm currency)
    {
        Order = order;
        Currency = currency;
    }

    public static PayoutArgumentLayout Default { get; } = Parse(DefaultText);

    public IReadOnlyList<PayoutArgument> Order { get; }

    public CurrencyForm Currency { get; }

    /// <exception cref="FormatException">An unknown name or type, one twice, or winner or amount missing; the message says which.</exception>
    public static PayoutArgumentLayout Parse(string text)
    {
        var order = new List<PayoutArgument>();
        var currency = CurrencyForm.Symbol;
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            var pair = part.Split(':', StringSplitOptions.TrimEntries);
            var known = Known.FirstOrDefault(k => k.Name == pair[0]);
            if (known.Name is null || pair.Length != 2 || !known.Types.Contains(pair[1]))
            {
                throw new FormatException($"'{part}' is not an argument of the payout method; right are {Describe()}");
            }

            if (order.Contains(known.Argument))
            {
                throw new FormatException($"'{known.Name}' stands twice in the argument layout");
            }

            order.Add(known.Argument);
            currency = known.Argument == PayoutArgument.Currency && pair[1] == "address" ? CurrencyForm.Address : currency;
        }

        return order.Contains(PayoutArgument.Winner) && order.Contains(PayoutArgument.Amount)
            ? new PayoutArgumentLayout(order, currency)
            : throw new FormatException("the argument layout needs winner:address and amount:i128: without them a call pays nobody");
    }

    public override string ToString() => string.Join(", ", Order.Select(argument =>
    {
        var known = Known.Single(k => k.Argument == argument);
        return $"{known.Name}:{(argument == PayoutArgument.Currency && Currency == CurrencyForm.Address ? "address" : known.Types[0])}";
    }));

    private static string Describe() => string.Join(", ", Known.Select(k => $"{k.Name}:{string.Join('|', k.Types)}"));
}
