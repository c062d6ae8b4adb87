using System.Collections;
using Payouts.Stellar.Tests.Judging;
using Payouts.Stellar.Xdr;

namespace Payouts.Stellar.Tests.Fuzzing;

/// <summary>
/// Chooses small values of every XDR type from random ones: the shortest, every one with an arm of its own that holds an array, and some that show
/// what the chosen ones do not, another arm or an array with elements. The same each time.
/// </summary>
internal sealed class SeedHarvest
{
    private const int ValuesPerType = 60;
    private const int SeedsPerType = 3;
    private const int BytesMax = 300;

    private readonly Dictionary<Type, Dictionary<string, IXdrValue>> _candidates = XdrTypes.All.ToDictionary(t => t, _ => new Dictionary<string, IXdrValue>(StringComparer.Ordinal));

    public static IReadOnlyList<Input> From(RandomXdr random)
    {
        var harvest = new SeedHarvest();
        foreach (var type in random.Types)
        {
            for (var seed = 1; seed <= ValuesPerType; seed++)
            {
                harvest.Add(type, random.Next(type, seed));
            }
        }

        return [.. XdrTypes.All.SelectMany(harvest.Choose)];
    }

    private void Add(Type type, IXdrValue value)
    {
        _candidates[type].TryAdd(XdrCodec.ToBase64(value), value);
        foreach (var part in Parts(value).Where(part => XdrTypes.IsTypedef(part.GetType())))
        {
            // Some typedefs are never a random value's own type: they are found inside of others.
            _candidates[part.GetType()].TryAdd(XdrCodec.ToBase64(part), part);
        }
    }

    private IEnumerable<Input> Choose(Type type)
    {
        var shown = new HashSet<string>(StringComparer.Ordinal);
        var candidates = _candidates[type].OrderBy(c => c.Key.Length).ThenBy(c => c.Key, StringComparer.Ordinal).ToList();
        var small = candidates.Where((candidate, i) => i == 0 || candidate.Key.Length * 3 / 4 <= BytesMax).ToList();
        return small.Where(candidate => Features(candidate.Value).Count(shown.Add) > 0).Take(SeedsPerType)
            .Concat(small.DistinctBy(candidate => candidate.Value.GetType()).Where(candidate => candidate.Value.GetType().IsNested && Arrays(candidate.Value).Any()))
            .Select(candidate => candidate.Key)
            .Distinct(StringComparer.Ordinal)
            .Select(base64 => new Input(type, Convert.FromBase64String(base64)))
            .ToList();
    }

    private static IEnumerable<string> Features(IXdrValue value) =>
        Parts(value).SelectMany(part => Arrays(part).Where(a => a.Count > 0).Select(a => $"{part.GetType()} {a.GetType()}").Append($"{part.GetType()}"));

    private static IEnumerable<IXdrValue> Parts(IXdrValue value) => Members(value).OfType<IXdrValue>()
        .Concat(Arrays(value).SelectMany(a => a.OfType<IXdrValue>()))
        .SelectMany(Parts)
        .Prepend(value);

    private static IEnumerable<IReadOnlyCollection<object>> Arrays(IXdrValue value) =>
        Members(value).OfType<IEnumerable>().Select(a => a.Cast<object>().ToList());

    private static IEnumerable<object?> Members(IXdrValue value)
    {
        var type = value.GetType();
        return XdrTypes.Parameters(type).Select(p => type.GetProperty(p.Name!)!.GetValue(value));
    }
}
