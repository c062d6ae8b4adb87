using Payouts.Stellar.Xdr;
using Shouldly;
using Xunit;

namespace Payouts.Stellar.Tests.Fuzzing;

/// <summary>
/// Mutated inputs of the corpus. STELLAR_FUZZ_INPUTS (200,000) and STELLAR_FUZZ_SEED (1) make a longer or another run; with
/// STELLAR_CORPUS_FOLDER every new way of failing is written to the corpus, shortened.
/// </summary>
public sealed class When_mutated_bytes_are_decoded
{
    private static readonly int Inputs = Settings.Number("STELLAR_FUZZ_INPUTS", 200_000);
    private static readonly int Seed = Settings.Number("STELLAR_FUZZ_SEED", 1);

    // Depth and size need inputs that mutation does not make, and the last two are no errors of reading bytes.
    private static readonly XdrErrorKind[] Reachable =
        [.. Enum.GetValues<XdrErrorKind>().Except([XdrErrorKind.DepthExceeded, XdrErrorKind.SizeExceeded, XdrErrorKind.WrongLength, XdrErrorKind.InvalidBase64])];

    [Fact(Timeout = 3_600_000)]
    public void Should_fail_in_no_other_way_than_by_an_xdr_exception_and_read_only_what_it_would_write()
    {
        var mutator = new Mutator(Seed);
        var kinds = new Dictionary<XdrErrorKind, int>();
        var places = new HashSet<ErrorPlace>();
        var known = Corpus.Findings.Select(f => f.Place).ToHashSet();
        var found = new List<Finding>();
        var (accepted, worst) = (0, (Allocated: 0L, Length: 0));
        for (var i = 0; i < Inputs; i++)
        {
            if (i % 1000 == 0)
            {
                TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            }

            var input = mutator.Next();
            var decoding = Decoding.Of(input, $"seed {Seed}, input {i}");
            if (decoding.AllocatedBytes > worst.Allocated)
            {
                worst = (decoding.AllocatedBytes, input.Bytes.Length);
            }

            if (decoding.Error is not { } error)
            {
                accepted++;
                continue;
            }

            kinds[error.Kind] = kinds.GetValueOrDefault(error.Kind) + 1;
            if (places.Add(ErrorPlace.Of(error)) && !known.Contains(ErrorPlace.Of(error)))
            {
                found.Add(new Finding(input, ErrorPlace.Of(error)));
            }
        }

        Report($"{Inputs} inputs, seed {Seed}, from {Corpus.Seeds.Count} seeds, {Corpus.Findings.Count} findings and {Corpus.Recorded.Count} recorded inputs: {accepted} accepted");
        Report($"refused in {kinds.Count} kinds: {string.Join(", ", kinds.OrderByDescending(k => k.Value).Select(k => $"{k.Key} {k.Value}"))}");
        Report($"{places.Count} kinds and places, {found.Count} of them new to the corpus; at most {worst.Allocated} bytes allocated, for {worst.Length} bytes of input");
        Keep(found);
        accepted.ShouldBeGreaterThan(0);
        kinds.Keys.ShouldBe(Reachable, ignoreOrder: true);
    }

    private static void Keep(List<Finding> found)
    {
        if (Settings.CorpusFolder is { } folder)
        {
            File.AppendAllLines(Path.Combine(folder, Corpus.FindingsFile), found.Select(Shorten).Select(f => f.ToString()));
        }
    }

    // Words are taken out as long as it still fails in the same way.
    private static Finding Shorten(Finding finding)
    {
        var bytes = finding.Input.Bytes;
        for (var word = bytes.Length & ~3; word >= 0; word -= 4)
        {
            byte[] shorter = [.. bytes[..word], .. bytes[Math.Min(bytes.Length, word + 4)..]];
            if (Decoding.Of(finding.Input with { Bytes = shorter }, "shortened").Error is { } error && ErrorPlace.Of(error) == finding.Place)
            {
                bytes = shorter;
            }
        }

        return finding with { Input = finding.Input with { Bytes = bytes } };
    }

    private static void Report(string line) => TestContext.Current.TestOutputHelper?.WriteLine(line);
}
