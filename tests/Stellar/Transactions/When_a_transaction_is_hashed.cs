using Payouts.Stellar.Xdr;
using Shouldly;
using Xunit;

namespace Payouts.Stellar.Tests.Transactions;

public sealed class When_a_transaction_is_hashed
{
    public static TheoryData<string> Hashes => new(Vectors.Hashes.Select(v => v.Hash));

    [Fact]
    public void Should_cover_every_vector_of_both_networks_and_both_kinds()
    {
        Vectors.Hashes.Select(v => v.Hash).Distinct().Count().ShouldBe(60);
        Vectors.Hashes.CountBy(v => (v.Network, v.FeeBump)).OrderByDescending(c => c.Value).ShouldBe(
        [
            new(("PUBLIC", true), 27), new(("PUBLIC", false), 23), new(("TESTNET", false), 9), new(("TESTNET", true), 1),
        ]);
        Vectors.Hashes.ShouldAllBe(v => v.FeeBump == (v.InnerHash != null));
        ((IEnumerable<TheoryDataRow<string>>)Hashes).Count().ShouldBe(60);
    }

    [Theory]
    [MemberData(nameof(Hashes))]
    public void Should_get_the_hash_that_the_ledger_recorded(string hash)
    {
        var vector = Vectors.Hashes.Single(v => v.Hash == hash);
        var network = vector.Network == "PUBLIC" ? Network.Public : Network.Testnet;
        var envelope = XdrCodec.FromBase64<TransactionEnvelope>(vector.Envelope);

        EnvelopeHash.Of(envelope, network).ToString().ShouldBe(hash);
        EnvelopeHash.Of(envelope, Network.Standalone).ToString().ShouldNotBe(hash);
        (envelope is TransactionEnvelope.TxFeeBump).ShouldBe(vector.FeeBump);
        if (envelope is TransactionEnvelope.TxFeeBump bump)
        {
            EnvelopeHash.OfInner(bump, network).ToString().ShouldBe(vector.InnerHash);
        }
    }

    [Theory]
    [InlineData("Public Global Stellar Network ; September 2015", "7ac33997544e3175d266bd022439b22cdb16508c01163f26e5cb2a3e1045a979")]
    [InlineData("Test SDF Network ; September 2015", "cee0302d59844d32bdca915c8203dd44b33fbb7edc19051ea37abedf28ecd472")]
    [InlineData("Standalone Network ; February 2017", "baefd734b8d3e48472cff83912375fedbc7573701912fe308af730180f97d74a")]
    public void Should_know_each_network_by_its_id(string passphrase, string id) => new Network(passphrase).NetworkId.Value.ToString().ShouldBe(id);
}
