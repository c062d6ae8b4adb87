using Payouts.Stellar;

namespace Payouts.Hosting.Configuration;

/// <summary>PAYOUT_TOKEN_CONTRACTS, understood: the token contract of each currency.</summary>
public static class TokenContracts
{
    /// <summary>What the setting holds, for the message of a start that it stops.</summary>
    public const string Shape = "token contracts, CURRENCY=C..., comma separated";

    /// <summary>Reads CURRENCY=C..., comma separated.</summary>
    /// <exception cref="FormatException">No currency, one twice, or a contract that is none.</exception>
    public static IReadOnlyDictionary<string, ContractId> Parse(string text)
    {
        var tokens = new Dictionary<string, ContractId>(StringComparer.Ordinal);
        foreach (var pair in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var parts = pair.Split('=', 2);
            if (parts.Length != 2 || !tokens.TryAdd(parts[0], ContractId.Parse(parts[1])))
                throw new FormatException("write each currency once, such as XLM=C...");
        }

        return tokens.Count > 0 ? tokens : throw new FormatException("no currency is listed");
    }
}
