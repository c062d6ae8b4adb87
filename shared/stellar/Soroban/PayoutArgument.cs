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

    /// <summary>A list of (winner, amount).</summary>
    Payouts,

    /// <summary>A list of winners who share <see cref="TotalPrize"/> equally.</summary>
    Winners,

    /// <summary>What the list of winners gets in all.</summary>
    TotalPrize,
}

/// <summary>How many winners one call takes.</summary>
public enum PayoutShape
{
    /// <summary>One.</summary>
    Single,

    /// <summary>A list of winners, each with an amount of his own.</summary>
    List,

    /// <summary>
    /// A list of winners with equal amounts, once for each game: all winners of a round are one call, for the contract takes no second.
    /// </summary>
    Prize,
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
        ("game_id", PayoutArgument.RoundId, ["u32"]),
        ("payouts", PayoutArgument.Payouts, ["list"]),
        ("winners", PayoutArgument.Winners, ["list"]),
        ("total_prize", PayoutArgument.TotalPrize, ["i128"]),
    ];

    private readonly IReadOnlyList<string> _names;

    private PayoutArgumentLayout(IReadOnlyList<PayoutArgument> order, IReadOnlyList<string> names, CurrencyForm currency, PayoutShape shape) =>
        (Order, _names, Currency, Shape) = (order, names, currency, shape);

    public static PayoutArgumentLayout Default { get; } = Parse(DefaultText);

    public IReadOnlyList<PayoutArgument> Order { get; }

    public CurrencyForm Currency { get; }

    /// <summary>How many winners one call takes.</summary>
    public PayoutShape Shape { get; }

    /// <exception cref="FormatException">An unknown name or type, one twice, or not who gets how much in one of the three shapes; the message says which.</exception>
    public static PayoutArgumentLayout Parse(string text)
    {
        var order = new List<PayoutArgument>();
        var names = new List<string>();
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
            names.Add(known.Name);
            currency = known.Argument == PayoutArgument.Currency && pair[1] == "address" ? CurrencyForm.Address : currency;
        }

        return new PayoutArgumentLayout(order, names, currency, ShapeOf(order));
    }

    private static PayoutShape ShapeOf(List<PayoutArgument> order)
    {
        PayoutArgument[] deciding = [PayoutArgument.Winner, PayoutArgument.Amount, PayoutArgument.Payouts, PayoutArgument.Winners, PayoutArgument.TotalPrize];
        return order.Where(deciding.Contains).Order().ToList() switch
        {
            [PayoutArgument.Winner, PayoutArgument.Amount] => PayoutShape.Single,
            [PayoutArgument.Payouts] => PayoutShape.List,
            [PayoutArgument.Winners, PayoutArgument.TotalPrize] => PayoutShape.Prize,
            _ => throw new FormatException(
                "the argument layout needs winner:address and amount:i128, or payouts:list, or winners:list and total_prize:i128, and no two of these: they say who gets how much"),
        };
    }

    public override string ToString() => string.Join(", ", Order.Select((argument, i) =>
    {
        var known = Known.Single(k => k.Name == _names[i]);
        return $"{known.Name}:{(argument == PayoutArgument.Currency && Currency == CurrencyForm.Address ? "address" : known.Types[0])}";
    }));

    private static string Describe() => string.Join(", ", Known.Select(k => $"{k.Name}:{string.Join('|', k.Types)}"));
}
