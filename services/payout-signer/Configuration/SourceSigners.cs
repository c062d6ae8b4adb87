using System.Globalization;
using Payouts.Stellar;
using Transaction = Payouts.Stellar.Transaction;

namespace Payouts.Signer.Configuration;

/// <summary>
/// The keys that sign for the payout source account, what each weighs, and the weight that is needed. It must be what the ledger holds of that account: there a
/// signature too few is txBAD_AUTH, one too many txBAD_AUTH_EXTRA.
/// </summary>
public sealed class SourceSigners
{
    /// <summary>A transaction carries 20 signatures, for which its simulated fee pays as well; one place is the channel account's.</summary>
    public const int KeysMax = Transaction.SignaturesMax - 1;

    /// <summary>The ledger counts no key for more.</summary>
    public const int WeightMax = 255;

    private readonly Dictionary<AccountId, int> _weights;

    private SourceSigners(IReadOnlyList<KeyValuePair<AccountId, int>> keys, int threshold) =>
        (Keys, _weights, Threshold) = ([.. keys.Select(x => x.Key)], keys.ToDictionary(), threshold);

    /// <summary>Who may sign, in the order of the setting.</summary>
    public IReadOnlyList<AccountId> Keys { get; }

    /// <summary>The weight that must be reached.</summary>
    public int Threshold { get; }

    /// <summary>One key signs, and its signature is enough: the request is as it was before there could be several.</summary>
    public bool AreOne => Keys.Count == 1;

    /// <summary>The account's own key, as every account begins.</summary>
    public static SourceSigners Alone(AccountId source) => new([new(source, 1)], 1);

    /// <summary>Reads G...=WEIGHT, comma separated.</summary>
    /// <exception cref="FormatException">Not that, a key twice, a weight that the ledger does not know, or too many keys.</exception>
    public static IReadOnlyList<KeyValuePair<AccountId, int>> ParseKeys(string text)
    {
        var keys = new List<KeyValuePair<AccountId, int>>();
        foreach (var item in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var pair = item.Split('=', 2, StringSplitOptions.TrimEntries);
            if (pair.Length != 2 || !int.TryParse(pair[1], NumberStyles.None, CultureInfo.InvariantCulture, out var weight))
                throw new FormatException($"\"{item}\" has no weight; write G...=1");
            var key = AccountId.Parse(pair[0]);
            if (weight is < 1 or > WeightMax)
                throw new FormatException($"the key {key} weighs {weight}; 1 to {WeightMax} is right");
            if (keys.Exists(x => x.Key == key))
                throw new FormatException($"the key {key} stands twice in the list");
            keys.Add(new(key, weight));
        }

        return keys.Count is >= 1 and <= KeysMax ? keys : throw new FormatException($"there are {keys.Count} keys; 1 to {KeysMax} are right: a transaction carries {Transaction.SignaturesMax} signatures, the channel's among them");
    }

    /// <summary>Who signs, and how much is needed.</summary>
    /// <exception cref="FormatException">The keys together do not weigh as much as the threshold.</exception>
    public static SourceSigners Of(IReadOnlyList<KeyValuePair<AccountId, int>> keys, int threshold)
    {
        var all = keys.Sum(x => x.Value);
        return threshold >= 1 && threshold <= all ? new SourceSigners(keys, threshold)
            : throw new FormatException($"the threshold is {threshold}, but all keys together weigh {all}: it can never be reached");
    }

    /// <summary>What a key weighs; 0: it is none of these.</summary>
    public int WeightOf(AccountId key) => _weights.GetValueOrDefault(key);

    /// <summary>What the keys weigh together, each counted once.</summary>
    public int WeightOf(IEnumerable<AccountId> keys) => keys.Distinct().Sum(WeightOf);

    /// <summary>
    /// Of those who signed, whose signatures go onto the envelope; null: they do not reach the threshold. The heaviest first, and no more than needed: without
    /// any one of them the threshold is missed, so the ledger needs each, in whatever order it counts. The same keys give the same choice.
    /// </summary>
    public IReadOnlyList<AccountId>? Choose(IEnumerable<AccountId> signed)
    {
        var chosen = new List<AccountId>();
        var weight = 0;
        foreach (var key in signed.Where(_weights.ContainsKey).Distinct().OrderByDescending(WeightOf).ThenBy(x => x.ToString(), StringComparer.Ordinal))
        {
            chosen.Add(key);
            weight += WeightOf(key);
            if (weight >= Threshold)
                return chosen;
        }

        return null;
    }

    /// <summary>Whether the threshold can still be reached when these keys do not sign.</summary>
    public bool CanReachWithout(IEnumerable<AccountId> refusing) => WeightOf(Keys.Except(refusing)) >= Threshold;
}
