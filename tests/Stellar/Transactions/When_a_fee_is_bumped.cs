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

    [Theory]
    [InlineData(1, 100)]
    [InlineData(1, 101)]
    [InlineData(3, 777)]
    [InlineData(7, 1_000_003)]
    [InlineData(100, 100)]
    [InlineData(1, uint.MaxValue)]
    [InlineData(100, 42_949_672)]
    public void Should_take_the_lowest_fee_exactly_and_refuse_one_less(int operations, uint perOperation)
    {
        var inner = Sample.Payment(operations, perOperation).Sign(Network.Testnet, [Sample.Account(1)]);
        var feeMin = FeeBumpTransaction.FeeMin(inner, replacesPending: false);

        FeeBumpTransaction.Wrap(inner, Sample.Account(9).AccountId, feeMin).Fee.ShouldBe(feeMin);
        Should.Throw<InvalidOperationException>(() => FeeBumpTransaction.Wrap(inner, Sample.Account(9).AccountId, feeMin - 1)).Message.ShouldContain($"at least {feeMin} stroops");
    }

    [Theory]
    [InlineData(1, 100u)]
    [InlineData(3, 100u)]
    [InlineData(7, 142_857u)]
    [InlineData(100, 12_345u)]
    [InlineData(1, uint.MaxValue)]
    [InlineData(7, 613_566_756u)]
    [InlineData(100, 42_949_672u)]
    public void Should_find_the_first_fee_whose_rate_the_queue_compares_as_enough(int operations, uint perOperation)
    {
        foreach (var resourceFee in operations == 1 && perOperation < uint.MaxValue ? [0L, 1, 90_000, uint.MaxValue - 100_000] : new[] { 0L })
        {
            var inner = WithFee(operations, (uint)(((long)perOperation * operations) + resourceFee), resourceFee);
            foreach (var pending in (bool[])[false, true])
            {
                var feeMin = FeeBumpTransaction.FeeMin(inner, pending);

                IsEnough(inner, feeMin, pending).ShouldBeTrue($"{feeMin}, pending {pending}");
                IsEnough(inner, feeMin - 1, pending).ShouldBeFalse($"{feeMin - 1}, pending {pending}");
            }
        }

        // stellar-core's comparison of two rates, as fractions in 128 bits: outer inclusion / (operations + 1) against inner inclusion / operations.
        static bool IsEnough(Transaction inner, long fee, bool pending)
        {
            var operations = inner.Body.Operations.Count;
            var outer = (Int128)fee - inner.ResourceFee;
            return outer >= 100 * (operations + 1) && outer * operations >= (Int128)inner.InclusionFee * (pending ? 10 : 1) * (operations + 1);
        }
    }

    [Theory]
    [InlineData(FeeBumpTransaction.FeeMax + 1)]
    [InlineData(long.MaxValue)]
    public void Should_refuse_a_fee_that_nobody_can_have(long fee)
    {
        var inner = Sample.Payment().Sign(Network.Testnet, [Sample.Account(1)]);

        Should.Throw<InvalidOperationException>(() => FeeBumpTransaction.Wrap(inner, Sample.Account(9).AccountId, fee)).Message.ShouldContain("more than all lumens");
        FeeBumpTransaction.Wrap(inner, Sample.Account(9).AccountId, FeeBumpTransaction.FeeMax).Fee.ShouldBe(FeeBumpTransaction.FeeMax);
        Should.Throw<InvalidOperationException>(() => FeeBumpTransaction.Wrap(inner, Sample.Account(9).AccountId, long.MinValue)).Message.ShouldContain("at least 200");
    }

    [Theory]
    [InlineData(-1, "negative", 101)]
    [InlineData(long.MinValue, "negative", long.MaxValue)]
    [InlineData(long.MaxValue, "does not cover", 100 - long.MaxValue)]
    [InlineData(101, "does not cover", -1)]
    public void Should_not_wrap_a_resource_fee_that_no_network_takes(long resourceFee, string reason, long inclusionFee)
    {
        var hostile = WithFee(1, 100, resourceFee);

        hostile.InclusionFee.ShouldBe(inclusionFee);
        foreach (var pending in (bool[])[false, true])
        {
            Should.Throw<InvalidOperationException>(() => FeeBumpTransaction.FeeMin(hostile, pending)).Message.ShouldContain(reason);
        }
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

    private static Transaction WithFee(int operations, uint fee, long resourceFee)
    {
        var body = Sample.Payment(operations).Body with { Fee = fee };
        return new Transaction(new Payouts.Stellar.Xdr.TransactionV1Envelope(
            resourceFee == 0 ? body : body with { Ext = new Payouts.Stellar.Xdr.TransactionExt.V1(Sample.SorobanData(resourceFee)) }, []));
    }
}
