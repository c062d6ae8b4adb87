using System.Buffers.Binary;

namespace Payouts.Stellar.Tests.Fuzzing;

/// <summary>Makes new inputs from those of the corpus; the same for the same seed.</summary>
internal sealed class Mutator(int seed)
{
    private static readonly Input[] Starts = [.. Corpus.Seeds, .. Corpus.Findings.Select(f => f.Input)];
    private static readonly Input[] All = [.. Starts, .. Corpus.Recorded];
    private readonly Random _random = new(seed);

    /// <summary>Half of a payout's own kinds, half of all types; one in eight is read as another type than it was made for.</summary>
    public Input Next()
    {
        var original = _random.Next(2) == 0 ? Pick(Corpus.Recorded) : Pick(Starts);
        return new Input(_random.Next(8) == 0 ? Pick(All).Type : original.Type, Mutate(original.Bytes));
    }

    private byte[] Mutate(byte[] original)
    {
        var bytes = (byte[])original.Clone();
        for (var times = _random.Next(1, 4); times > 0 && bytes.Length > 0; times--)
        {
            var at = _random.Next(bytes.Length);
            bytes = Change(bytes, at, at & ~3);
        }

        return bytes;
    }

    private byte[] Change(byte[] bytes, int at, int word)
    {
        switch (_random.Next(9))
        {
            case 0: bytes[at] ^= (byte)(1 << _random.Next(8)); return bytes;
            case 1: bytes[at] = (byte)_random.Next(256); return bytes;
            case 2 when word + 4 <= bytes.Length: bytes.AsSpan(word, 4).Fill((byte)(_random.Next(2) * 0xff)); return bytes;
            case 3 when word + 4 <= bytes.Length: BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(word), _random.Next(-3, 30)); return bytes;
            // A length that promises about as much as is there.
            case 4 when word + 4 <= bytes.Length: BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(word), (bytes.Length - word) / (1 << _random.Next(4))); return bytes;
            case 5: return bytes[..at];
            case 6: return [.. bytes, .. new byte[_random.Next(1, 9)]];
            case 7: return [.. bytes[..word], .. bytes[Math.Min(bytes.Length, word + 4)..]];
            default:
                var donor = Pick(All).Bytes;
                var from = _random.Next(donor.Length + 1) & ~3;
                return [.. bytes[..word], .. donor[from..Math.Min(donor.Length, from + 4 + _random.Next(60))], .. bytes[word..]];
        }
    }

    private T Pick<T>(IReadOnlyList<T> from) => from[_random.Next(from.Count)];
}
