using Payouts.Stellar.Xdr;
using Shouldly;
using Xunit;

namespace Payouts.Stellar.Tests.Transactions;

public sealed class When_a_transaction_is_built
{
    [Fact]
    public void Should_carry_what_was_asked_for()
    {
        var transaction = Sample.Payout();

        transaction.Source.ShouldBe(Sample.Account(1).AccountId);
        transaction.SequenceNumber.ShouldBe(1001);
        transaction.TimeBounds.ShouldBe(new TimeBounds(0, (ulong)Sample.MaxTime.ToUnixTimeSeconds()));
        transaction.LedgerBounds.ShouldBe(new LedgerBounds(0, 5000));
        transaction.Body.Operations[0].SourceAccount.ShouldBe(Sample.Account(2).AccountId.ToMuxedAccount());
        Transaction.FromBase64(transaction.ToBase64()).Body.ShouldBe(transaction.Body);
    }

    [Fact]
    public void Should_add_the_resource_fee_to_the_inclusion_fee()
    {
        var transaction = new TransactionBuilder(Sample.Account(1).AccountId, 1)
            .Add(new RestoreFootprintOperation()).SorobanData(Sample.SorobanData(5000)).InclusionFeePerOperation(321).ValidUntil(Sample.MaxTime).Build();

        (transaction.Fee, transaction.ResourceFee, transaction.InclusionFee).ShouldBe((5321u, 5000, 321));
        Sample.Payment(operations: 3, inclusionFeePerOperation: 200).Fee.ShouldBe(600u);
    }

    [Fact]
    public void Should_refuse_what_the_ledger_would_refuse()
    {
        Builder().ShouldFailBecause("needs an operation");
        Builder().Add(new RestoreFootprintOperation()).Add(new BumpSequenceOperation(1)).ShouldFailBecause("exactly one operation");
        Builder().Add(Sample.Call.Pay(Sample.Order)).WithMemo(new Memo.Id(1)).ShouldFailBecause("no memo");
        Builder().Add(new BumpSequenceOperation(1)).SorobanData(Sample.SorobanData(1)).ShouldFailBecause("Soroban data");
        new TransactionBuilder(Sample.Account(1).AccountId, 0).ValidUntil(Sample.MaxTime).Add(new BumpSequenceOperation(1)).ShouldFailBecause("not positive");
        Builder().Add(new RestoreFootprintOperation()).SorobanData(Sample.SorobanData(uint.MaxValue)).ShouldFailBecause("does not fit");
    }

    [Fact]
    public void Should_take_a_fee_of_32_bits_and_name_any_other()
    {
        Restore(uint.MaxValue - 100).Build().Fee.ShouldBe(uint.MaxValue);
        Restore(uint.MaxValue - 99).ShouldFailBecause("The fee of 4294967296 stroops does not fit");
        Restore(long.MaxValue).ShouldFailBecause("The fee of 9223372036854775907 stroops does not fit");
        Restore(-1).ShouldFailBecause("The resource fee of -1 stroops is negative");
        Restore(long.MinValue).ShouldFailBecause("is negative");

        static TransactionBuilder Restore(long resourceFee) => Builder().Add(new RestoreFootprintOperation()).SorobanData(Sample.SorobanData(resourceFee));
    }

    [Fact]
    public void Should_refuse_to_live_for_ever()
    {
        new TransactionBuilder(Sample.Account(1).AccountId, 1).Add(new BumpSequenceOperation(1)).ShouldFailBecause("upper time bound");
        Should.Throw<ArgumentOutOfRangeException>(() => Builder().ValidUntil(DateTimeOffset.UnixEpoch));
        Should.Throw<ArgumentOutOfRangeException>(() => Builder().ValidInLedgers(10, 0));
    }

    [Fact]
    public void Should_print_itself_without_its_xdr()
    {
        var signed = Sample.Payout().Sign(Network.Testnet, [Sample.Account(1)]);

        signed.ToString().ShouldBe($"transaction of {Sample.Account(1).AccountId}, sequence number 1001, 1 signatures");
        signed.ToEnvelope().ToString()!.ShouldNotContain(signed.Signatures[0].Signature.Value.ToString());
    }

    private static TransactionBuilder Builder() => new TransactionBuilder(Sample.Account(1).AccountId, 1).ValidUntil(Sample.MaxTime);
}

internal static class BuilderExpectations
{
    public static void ShouldFailBecause(this TransactionBuilder builder, string reason) =>
        Should.Throw<InvalidOperationException>(() => builder.Build()).Message.ShouldContain(reason);
}
