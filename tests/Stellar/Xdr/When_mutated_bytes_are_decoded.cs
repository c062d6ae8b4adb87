using System.Globalization;
using Payouts.Stellar.Tests.Judging;
using Payouts.Stellar.Xdr;
using Shouldly;
using Xunit;

namespace Payouts.Stellar.Tests.Xdr;

/// <summary>
/// Mutated envelopes of real networks, read as their own type and as others. STELLAR_FUZZ_INPUTS (200,000) and STELLAR_FUZZ_SEED (1) make a
/// longer or another run.
/// </summary>
public sealed class When_mutated_bytes_are_decoded
{
    private static readonly int Inputs = Setting("STELLAR_FUZZ_INPUTS", 200_000);
    private static readonly int Seed = Setting("STELLAR_FUZZ_SEED", 1);

    [Fact(Timeout = 3_600_000)]
    public void Should_fail_in_no_other_way_than_by_an_xdr_exception_and_read_only_what_it_would_write()
    {
        var corpus = Vectors.Hashes.Select(v => Convert.FromBase64String(v.Envelope)).Where(b => b.Length < 2000).ToArray();
        var random = new Random(Seed);
        var kinds = new Dictionary<XdrErrorKind, int>();
        var accepted = 0;
        for (var i = 0; i < Inputs; i++)
        {
            if (i % 1000 == 0)
            {
                TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            }

            var bytes = Mutate(corpus[random.Next(corpus.Length)], corpus, random);
            var type = random.Next(4) > 0 ? typeof(TransactionEnvelope) : XdrTypes.All[random.Next(XdrTypes.All.Count)];
            try
            {
                var value = XdrTypes.Decode(type, bytes);
                XdrCodec.ToBytes(value).AsSpan().SequenceEqual(bytes).ShouldBeTrue($"seed {Seed}, input {i}: {type.Name} reads {Convert.ToHexString(bytes)} and writes otherwise");
                accepted++;
            }
            catch (XdrException exception)
            {
                kinds[exception.Kind] = kinds.GetValueOrDefault(exception.Kind) + 1;
            }
            catch (Exception exception) when (exception is not ShouldAssertException)
            {
                throw new InvalidOperationException($"seed {Seed}, input {i}, {type.Name}: {Convert.ToHexString(bytes)}", exception);
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{Inputs} inputs, seed {Seed}: {accepted} accepted; refused {string.Join(", ", kinds.OrderByDescending(k => k.Value).Select(k => $"{k.Key} {k.Value}"))}");
        accepted.ShouldBeGreaterThan(0);
        kinds.Keys.ShouldContain(XdrErrorKind.UnknownUnionArm);
        kinds.Keys.ShouldContain(XdrErrorKind.OverLength);
    }

    private static byte[] Mutate(byte[] original, byte[][] corpus, Random random)
    {
        var bytes = (byte[])original.Clone();
        for (var times = random.Next(1, 4); times > 0; times--)
        {
            var at = random.Next(bytes.Length);
            var word = at & ~3;
            switch (random.Next(8))
            {
                case 0: bytes[at] ^= (byte)(1 << random.Next(8)); break;
                case 1: bytes[at] = (byte)random.Next(256); break;
                case 2 when word + 4 <= bytes.Length: bytes.AsSpan(word, 4).Fill((byte)(random.Next(2) * 0xff)); break;
                case 3 when word + 4 <= bytes.Length: System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(word), random.Next(-3, 30)); break;
                case 4 when at > 0: bytes = bytes[..at]; break;
                case 5: bytes = [.. bytes, .. new byte[random.Next(1, 9)]]; break;
                case 6 when word > 0: bytes = [.. bytes[..word], .. bytes[Math.Min(bytes.Length, word + 4)..]]; break;
                default:
                    var donor = corpus[random.Next(corpus.Length)];
                    var from = random.Next(donor.Length) & ~3;
                    bytes = [.. bytes[..word], .. donor[from..Math.Min(donor.Length, from + 4 + random.Next(60))], .. bytes[word..]];
                    break;
            }

            if (bytes.Length == 0)
            {
                return bytes;
            }
        }

        return bytes;
    }

    private static int Setting(string name, int otherwise) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
