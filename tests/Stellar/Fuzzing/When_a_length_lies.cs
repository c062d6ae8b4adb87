using System.Buffers.Binary;
using System.Text.RegularExpressions;
using Payouts.Stellar.Xdr;
using Shouldly;
using Xunit;

namespace Payouts.Stellar.Tests.Fuzzing;

/// <summary>
/// A length is four bytes that cost their sender nothing: whatever it promises, wherever it stands, the memory that reading it takes is bound by
/// the bytes that are really there.
/// </summary>
public sealed partial class When_a_length_lies
{
    /// <summary>The types in which a length stands, by the generated sources.</summary>
    private static readonly string[] TypesWithLengths = [.. Directory.GetFiles(Path.Combine(Repository.Root, "shared", "stellar", "Xdr", "Generated"), "*.cs")
        .Where(file => ReadsALength().IsMatch(File.ReadAllText(file)))
        .Select(file => Path.GetFileNameWithoutExtension(file)!)
        .Order(StringComparer.Ordinal)];

    public static TheoryData<string> WithLengths => new(TypesWithLengths);

    [Theory(Timeout = 60_000)]
    [InlineData(uint.MaxValue)]
    [InlineData(int.MaxValue)]
    [InlineData(100_000_000u)]
    public void Should_take_bounded_memory_at_every_place_of_every_type(uint promised)
    {
        var refusedIn = new HashSet<string>(StringComparer.Ordinal);
        var (decoded, most) = (0, 0L);
        foreach (var seed in Corpus.Seeds.Concat(Corpus.Recorded))
        {
            for (var word = 0; word + 4 <= seed.Bytes.Length; word += 4)
            {
                // Once with all that follows, once as the last that is there.
                var lie = (byte[])seed.Bytes.Clone();
                BinaryPrimitives.WriteUInt32BigEndian(lie.AsSpan(word), promised);
                foreach (var bytes in (byte[][])[lie, lie[..(word + 4)]])
                {
                    decoded++;
                    var (error, allocated) = Decoding.Of(seed with { Bytes = bytes }, $"{promised} at byte {word}");
                    most = Math.Max(most, allocated);
                    if (error is not null && error.Message.Contains($": length {promised}", StringComparison.Ordinal))
                    {
                        refusedIn.Add(error.TypeName);
                    }
                }
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{decoded} inputs that promise {promised}: refused for it in {refusedIn.Count} types; at most {most} bytes allocated");
        TypesWithLengths.Length.ShouldBeGreaterThan(50);
        refusedIn.Order(StringComparer.Ordinal).ShouldBe(TypesWithLengths);
    }

    [Theory]
    [MemberData(nameof(WithLengths))]
    public void Should_take_bounded_memory_for_nothing_but_the_promise(string typeName)
    {
        var type = typeof(TransactionEnvelope).Assembly.GetType($"{typeof(TransactionEnvelope).Namespace}.{typeName}", throwOnError: true)!;

        // Refused, or read as a union's constant of -1: Decoding itself bounds the memory of both.
        Decoding.Of(new Input(type, [0xff, 0xff, 0xff, 0xff]), typeName).AllocatedBytes.ShouldBeLessThan(Decoding.AllocatedBytesMax(4));
    }

    [Fact]
    public void Should_take_bounded_memory_when_every_level_promises_all_that_is_left()
    {
        // Vectors of vectors: SCV_VEC, present, and as many elements as words are left.
        var bytes = new byte[64 * 1024];
        for (var at = 0; at + 12 <= 240 * 12; at += 12)
        {
            bytes[at + 3] = 16;
            bytes[at + 7] = 1;
            BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(at + 8), (bytes.Length - at - 12) / 4);
        }

        bytes[(240 * 12) + 3] = 99;

        Decoding.Of(new Input(typeof(SCVal), bytes), "nested").Error.ShouldNotBeNull().Kind.ShouldBe(XdrErrorKind.UnknownEnumValue);
        Decoding.Of(new Input(typeof(SCVal), bytes[..((240 * 12) + 4)]), "nested, short").Error.ShouldNotBeNull();
    }

    [GeneratedRegex(@"reader\.Read(Array<|VarOpaque|String|U?Int(32|64)Array)")]
    private static partial Regex ReadsALength();
}
