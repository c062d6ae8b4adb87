using Shouldly;
using Xunit;

namespace Payouts.Stellar.Tests.Transactions;

public sealed class When_a_fee_is_bumped
{
    [Theory]
    // 100 for each operation and one more.
    [InlineData(1, 100, false, 200)]
    [InlineData(3, 100, false, 400)]
    // A rate not below the inner one's: 250 an operation, two operations.
    [InlineData(1, 250, false, 500)]
    // Ten times the rate to replace it while it waits: 20 times the inclusion fee of one operation.
    [InlineData(1, 100, true, 2000)]
    [InlineData(1, 777, true, 15540)]
    [InlineData(3, 100, true, 4000)]
    public void Should_know_the_lowest_fee_of_a_classic_transaction(int operations, uint perOperation, bool pending, long feeMin) =>
        FeeBumpTransaction.FeeMin(Sample.Payment(operations, perOperation), pending).ShouldBe(feeMin);

    [Theory]
    [InlineData(false, 90_000 + 600)]
    [InlineData(true, 90_000 + 6000)]
    public void Should_not_multiply_the_resource_fee(bool pending, long feeMin)
    {
        var transaction = new TransactionBuilder(Sample.Account(1).AccountId, 1)
            .Add(new RestoreFootprintOperation()).SorobanData(Sample.SorobanData(90_000)).InclusionFeePerOperation(300).ValidUntil(Sample.MaxTime).Build();

        FeeBumpTransaction.FeeMin(transaction, pending).ShouldBe(feeMin);
    }

    [Fact]
    public void Should_refuse_a_fee_that_the_network_would_refuse()
    {
        var inner = Sample.Payment().Sign(Network.Testnet, [Sample.Account(1)]);

        Should.Throw<InvalidOperationException>(() => FeeBumpTransaction.Wrap(inner, Sample.Account(9).AccountId, 199)).Message.ShouldContain("at least 200");
        FeeBumpTransaction.Wrap(inner, Sample.Account(9).AccountId, 200).Fee.ShouldBe(200);
    }

    [Fact]
    public void Should_refuse_an_inner_transaction_that_has_no_fee_rate()
    {
        var body = Sample.Payment().Body;
        var empty = new Transaction(new Payouts.Stellar.Xdr.TransactionV1Envelope(body with { Operations = [] }, []));
        var underfunded = new Transaction(new Payouts.Stellar.Xdr.TransactionV1Envelope(
            body with { Ext = new Payouts.Stellar.Xdr.TransactionExt.V1(Sample.SorobanData(body.Fee + 1)) }, []));

        Should.Throw<InvalidOperationException>(() => FeeBumpTransaction.FeeMin(empty, replacesPending: false)).Message.ShouldContain("without operations");
        Should.Throw<InvalidOperationException>(() => FeeBumpTransaction.FeeMin(underfunded, replacesPending: false)).Message.ShouldContain("does not cover");
    }

    [Fact]
    public void Should_leave_the_inner_transaction_and_its_signatures_as_they_are()
    {
        var inner = Sample.Payment().Sign(Network.Testnet, [Sample.Account(1)]);

        var bump = FeeBumpTransaction.Wrap(inner, Sample.Account(9).AccountId, 5000).Sign(Network.Testnet, [Sample.Account(9)]);

        bump.Inner.ToBase64().ShouldBe(inner.ToBase64());
        bump.Inner.Hash(Network.Testnet).ShouldBe(inner.Hash(Network.Testnet));
        bump.Hash(Network.Testnet).ShouldNotBe(inner.Hash(Network.Testnet));
        FeeBumpTransaction.FromEnvelope(bump.ToEnvelope()).FeeSource.ShouldBe(Sample.Account(9).AccountId);
    }
}
