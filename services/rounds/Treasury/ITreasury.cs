using Payouts.Contracts;

namespace Payouts.Rounds.Treasury;

/// <summary>What stands behind the debts. Asked before a round is resolved: what the treasury is not good for is not announced as owed.</summary>
internal interface ITreasury
{
    /// <summary>The most that may be owed and unpaid at once in this currency; null: nobody said, and nothing is checked.</summary>
    Stroops? LimitOf(string currency);
}

/// <summary>ROUNDS_TREASURY_LIMITS, understood. Why a number and not the ledger's balance: docs/adr/0028.</summary>
internal sealed class TreasuryLimits(IReadOnlyDictionary<string, Stroops> limits) : ITreasury
{
    /// <summary>What the setting holds, for the message of a start that it stops.</summary>
    public const string Shape = "the most that may be owed at once, CURRENCY=AMOUNT, comma separated";

    /// <summary>Nothing is limited.</summary>
    public static TreasuryLimits None { get; } = new(new Dictionary<string, Stroops>());

    public Stroops? LimitOf(string currency) => limits.TryGetValue(currency, out var limit) ? limit : null;

    /// <summary>Reads CURRENCY=AMOUNT, comma separated.</summary>
    /// <exception cref="FormatException">No currency, one twice, or an amount that is none.</exception>
    public static TreasuryLimits Parse(string text)
    {
        var limits = new Dictionary<string, Stroops>(StringComparer.Ordinal);
        foreach (var pair in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var parts = pair.Split('=', 2);
            if (parts.Length != 2 || parts[0].Length == 0 || !limits.TryAdd(parts[0], Stroops.Parse(parts[1])) || limits[parts[0]] < Stroops.Zero)
                throw new FormatException("write each currency once with an amount of zero or more, such as XLM=250000");
        }

        return new TreasuryLimits(limits);
    }
}
