using Payouts.Signer.Configuration;
using Payouts.Signer.Tests.Support;
using Payouts.Stellar;
using Shouldly;
using Xunit;

namespace Payouts.Signer.Tests.Answers;

public sealed class When_signatures_are_chosen
{
    private static readonly IReadOnlyList<KeyPair> Keys = new Installation().SignerKeys;

    /// <summary>Fixed seeds: the same cases in every run.</summary>
    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 200)];

    /// <summary>
    /// The ledger adds weights in the envelope's order and stops at the threshold: a signature behind that is txBAD_AUTH_EXTRA. So no order of the chosen may reach it
    /// before its last.
    /// </summary>
    [Theory]
    [MemberData(nameof(Seeds))]
    public void Should_reach_the_threshold_with_none_to_spare(int seed)
    {
        var random = new Random(seed);
        var signers = Some(random);
        var signed = signers.Keys.Where(_ => random.Next(3) > 0).ToList();
        var chosen = signers.Choose(signed);
        if (signers.WeightOf(signed) < signers.Threshold)
        {
            chosen.ShouldBeNull();
            return;
        }

        chosen.ShouldNotBeNull().ShouldBeSubsetOf(signed);
        chosen.ShouldBeUnique();
        signers.WeightOf(chosen).ShouldBeGreaterThanOrEqualTo(signers.Threshold);
        foreach (var one in chosen)
            signers.WeightOf(chosen.Except([one])).ShouldBeLessThan(signers.Threshold, $"without {one} it is reached as well");
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Should_be_the_same_whoever_was_first(int seed)
    {
        var random = new Random(seed);
        var signers = Some(random);
        var signed = signers.Keys.ToArray();
        var chosen = signers.Choose(signed);
        random.Shuffle(signed);
        signers.Choose([.. signed, .. signed, Keys[19].AccountId]).ShouldBe(chosen);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Should_be_out_of_reach_exactly_when_the_others_are_too_light(int seed)
    {
        var random = new Random(seed);
        var signers = Some(random);
        var refusing = signers.Keys.Where(_ => random.Next(2) > 0).ToList();
        signers.CanReachWithout(refusing).ShouldBe(signers.Choose(signers.Keys.Except(refusing)) is not null);
    }

    [Fact]
    public void Should_take_the_heaviest_first()
    {
        var signers = SourceSigners.Of([.. new[] { 1, 3, 2, 2 }.Select((weight, at) => KeyValuePair.Create(Keys[at].AccountId, weight))], 4);
        signers.Choose(signers.Keys).ShouldNotBeNull().Select(signers.WeightOf).ShouldBe([3, 2]);
        signers.Choose([Keys[0].AccountId, Keys[2].AccountId, Keys[3].AccountId]).ShouldNotBeNull().Select(signers.WeightOf).ShouldBe([2, 2]);
        signers.Choose([Keys[0].AccountId, Keys[2].AccountId]).ShouldBeNull();
        signers.Choose([Keys[7].AccountId]).ShouldBeNull("it is none of the signers");
    }

    private static SourceSigners Some(Random random)
    {
        var keys = Enumerable.Range(0, random.Next(1, SourceSigners.KeysMax + 1))
            .Select(at => KeyValuePair.Create(Keys[at].AccountId, random.Next(4) == 0 ? random.Next(1, SourceSigners.WeightMax + 1) : random.Next(1, 5))).ToList();
        return SourceSigners.Of(keys, random.Next(1, keys.Sum(x => x.Value) + 1));
    }
}
