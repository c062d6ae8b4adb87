using CsCheck;

namespace Payouts.Tests.Contracts;

/// <summary>The same debt has the same id for ever: the vectors were computed by another implementation of RFC 9562 (Python's uuid5).</summary>
public sealed class When_a_payout_id_is_derived
{
    private const string Test = "Test SDF Network ; September 2015";
    private const string Contract = "CBNFUWS2LJNFUWS2LJNFUWS2LJNFUWS2LJNFUWS2LJNFUWS2LJNFU7WI";
    private const string Winner = "GBBZ7G567PWBHY2DUOLNHCOWDLCEHUBTUCNQ4RFATBGFRO54OLSDNGF7";
    private const string Other = "GB3AWQYXJG6U7DOVA3SFHQMFH3G5XQEJUTKSAATKCAFKJ47PTGFZ2YI5";

    [Theory]
    [InlineData(Test, Contract, "arena", 3u, 7u, Winner, "4c4a6742-8d0f-5868-8259-7a1fba867a4b")]
    [InlineData(Test, Contract, "arena", 3u, 8u, Winner, "e024dd44-a923-53d9-aeb9-4acddabfe9ea")]
    [InlineData(Test, Contract, "arena", 37u, 7u, Winner, "8c979425-3a43-51f8-b5b3-323250e1eb10")]
    [InlineData("Public Global Stellar Network ; September 2015", Contract, "arena", 3u, 7u, Winner, "d9fa5a81-483b-554a-bb09-f1abac69ad61")]
    [InlineData(Test, "CC77XSE25LMC5UOM6Z6PMW2RDGXIBBUX2QA32ZC6MV6AD6VFVCB4O6WF", "arena", 3u, 7u, Winner, "cb8b9afd-f171-560f-bd05-2a473dcc9752")]
    [InlineData("Standalone Network ; February 2017", "CC77XSE25LMC5UOM6Z6PMW2RDGXIBBUX2QA32ZC6MV6AD6VFVCB4O6WF", "x", 0u, 0u, Other, "3f4aa1b8-6731-56c6-94e5-7025e487c42c")]
    [InlineData(Test, Contract, "arena", uint.MaxValue, uint.MaxValue, Other, "1d1142ac-5f70-535f-be8c-67b2da073fa4")]
    public void Should_be_the_id_it_always_was(string network, string contract, string context, uint poolId, uint roundNumber, string winner, string id) =>
        PayoutId.Derive(network, contract, context, poolId, roundNumber, winner).ToString().ShouldBe(id);

    [Fact]
    public void Should_carry_the_version_and_variant_of_RFC_9562() => Gen.Select(Gen.String, Gen.UInt, Gen.UInt).Sample((context, poolId, roundNumber) =>
    {
        var bytes = PayoutId.Derive(Test, Contract, context, poolId, roundNumber, Winner).Value.ToByteArray(bigEndian: true);
        (bytes[6] >> 4).ShouldBe(5);
        (bytes[8] >> 6).ShouldBe(0b10);
    }, iter: 200, seed: "0001mU32tpv2");

    [Fact]
    public void Should_never_name_two_debts_alike()
    {
        // 1|11 and 11|1, and every neighbour: only the separators keep them apart.
        var keys = from pool in Enumerable.Range(0, 120) from round in Enumerable.Range(0, 120) select (Pool: (uint)pool, Round: (uint)round);
        keys.Select(key => PayoutId.Derive(Test, Contract, "arena", key.Pool, key.Round, Winner)).ShouldBeUnique();
        PayoutId.Derive(Test, Contract, "arena1", 1, 1, Winner).ShouldNotBe(PayoutId.Derive(Test, Contract, "arena", 11, 1, Winner));
    }

    [Fact]
    public void Should_read_what_it_writes()
    {
        var id = PayoutId.Derive(Test, Contract, "arena", 3, 7, Winner);
        PayoutId.Parse(id.ToString()).ShouldBe(id);
        Should.Throw<FormatException>(() => PayoutId.Parse("4c4a6742"));
    }
}
