using Payouts.Stellar.Xdr;
using Shouldly;
using Xunit;

namespace Payouts.Stellar.Tests.Xdr;

/// <summary>What a ledger recorded of payouts: envelope, result and meta.</summary>
public sealed class When_recorded_outcomes_are_decoded
{
    public static TheoryData<string> Names => new(Vectors.Outcomes.Select(o => o.Name));

    [Fact]
    public void Should_cover_payouts_that_succeeded_and_failed_and_the_classic_kinds() => Vectors.Outcomes.Count.ShouldBe(7);

    [Theory]
    [MemberData(nameof(Names))]
    public void Should_write_the_same_bytes_again(string name)
    {
        var outcome = Vectors.Outcomes.Single(o => o.Name == name);

        XdrCodec.ToBase64(XdrCodec.FromBase64<TransactionEnvelope>(outcome.Envelope)).ShouldBe(outcome.Envelope);
        XdrCodec.ToBase64(XdrCodec.FromBase64<TransactionResult>(outcome.Result)).ShouldBe(outcome.Result);
        XdrCodec.ToBase64(XdrCodec.FromBase64<TransactionMeta>(outcome.Meta)).ShouldBe(outcome.Meta);
    }

    [Theory]
    [InlineData("payout in XLM", 1)]
    [InlineData("payout in USDC", 1)]
    [InlineData("payout refused as paid already", 0)]
    [InlineData("payment", 0)]
    public void Should_find_the_payout_event_only_where_one_was_paid(string name, int payouts)
    {
        var meta = (TransactionMeta.V4)XdrCodec.FromBase64<TransactionMeta>(Vectors.Outcomes.Single(o => o.Name == name).Meta);

        meta.Value.Operations.SelectMany(o => o.Events).Select(PayoutEvents.TryReadPayout).OfType<PayoutEvent>().Count().ShouldBe(payouts);
    }
}
