using Payouts.Stellar.Tests.Judging;
using Payouts.Stellar.Xdr;
using Shouldly;
using Xunit;

namespace Payouts.Stellar.Tests.Fuzzing;

/// <summary>The committed corpus. With STELLAR_CORPUS_FOLDER the seeds are written there instead of compared.</summary>
[Collection(nameof(Judge))]
public sealed class When_the_corpus_is_read(Judge judge)
{
    [Fact(Timeout = 300_000)]
    public async Task Should_hold_the_seeds_that_the_schema_gives()
    {
        var types = XdrTypes.All.Select(t => t.Name);
        var random = new RandomXdr(await judge.AskAsync(JudgeRequest.Schema(types), TestContext.Current.CancellationToken));
        string[] seeds = [.. SeedHarvest.From(random).Select(s => s.ToString())];

        if (Settings.CorpusFolder is { } folder)
        {
            await File.WriteAllLinesAsync(Path.Combine(folder, Corpus.SeedsFile), seeds, TestContext.Current.CancellationToken);
        }
        else
        {
            Corpus.Seeds.Select(s => s.ToString()).ShouldBe(seeds);
        }
    }

    [Fact]
    public void Should_hold_a_seed_of_every_type() => Corpus.Seeds.Select(s => s.Type).Distinct().ShouldBe(XdrTypes.All);

    [Fact]
    public void Should_read_every_seed_and_write_it_again()
    {
        foreach (var seed in Corpus.Seeds.Concat(Corpus.Recorded))
        {
            Decoding.Of(seed, "corpus").Error.ShouldBeNull(seed.ToString());
        }
    }

    [Fact]
    public void Should_refuse_every_finding_as_it_was_refused_when_it_was_found()
    {
        Corpus.Findings.Count.ShouldBeGreaterThan(500);
        Corpus.Findings.Select(f => f.Place).Distinct().Count().ShouldBe(Corpus.Findings.Count);
        foreach (var finding in Corpus.Findings)
        {
            var error = Decoding.Of(finding.Input, "corpus").Error.ShouldNotBeNull(finding.ToString());
            ErrorPlace.Of(error).ShouldBe(finding.Place, finding.ToString());
        }
    }
}
