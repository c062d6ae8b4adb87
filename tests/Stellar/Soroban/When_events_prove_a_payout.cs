using Payouts.Stellar.Xdr;
using Shouldly;
using Xunit;

namespace Payouts.Stellar.Tests.Soroban;

public sealed class When_events_prove_a_payout
{
    private static readonly Address Winner = Sample.Key.Winner;
    private static readonly SCVal Payer = ScVal.Address(Sample.Contract);

    [Fact]
    public void Should_read_the_contracts_own_event() =>
        PayoutEvents.TryReadPayout(Event([ScVal.Symbol("PAYOUT")], Payout())).ShouldBe(new PayoutEvent(Sample.Token, Winner, 7, new Currency.Symbol("XLM")));

    [Fact]
    public void Should_read_a_classic_assets_transfer() =>
        PayoutEvents.TryReadTransfer(Event([ScVal.Symbol("transfer"), Payer, ScVal.Address(Winner), ScVal.String("native")], ScVal.I128(7)))
            .ShouldBe(new TransferEvent(Sample.Token, Sample.Contract, Winner, 7, "native"));

    [Fact]
    public void Should_read_a_transfer_of_any_other_token() =>
        PayoutEvents.TryReadTransfer(Event([ScVal.Symbol("transfer"), Payer, ScVal.Address(Winner)], ScVal.I128(7)))
            .ShouldBe(new TransferEvent(Sample.Token, Sample.Contract, Winner, 7, null));

    [Fact]
    public void Should_read_the_amount_beside_a_muxed_id() =>
        PayoutEvents.TryReadTransfer(Event(
            [ScVal.Symbol("transfer"), Payer, ScVal.Address(Winner)],
            ScVal.Map(("amount", ScVal.I128(7)), ("to_muxed_id", ScVal.U64(9))))).ShouldNotBeNull().Amount.ShouldBe(7);

    [Fact]
    public void Should_not_read_anything_else()
    {
        SCVal[] topics = [ScVal.Symbol("transfer"), Payer, ScVal.Address(Winner)];

        PayoutEvents.TryReadPayout(Event([ScVal.Symbol("REFUND")], Payout())).ShouldBeNull();
        PayoutEvents.TryReadPayout(Event([ScVal.Symbol("PAYOUT")], ScVal.Vec(ScVal.Address(Winner), ScVal.I128(7)))).ShouldBeNull();
        PayoutEvents.TryReadPayout(Event([], Payout())).ShouldBeNull();
        PayoutEvents.TryReadPayout(Event([ScVal.Symbol("PAYOUT")], Payout(), ContractEventType.DIAGNOSTIC)).ShouldBeNull();
        PayoutEvents.TryReadTransfer(Event([ScVal.Symbol("transfer"), Payer], ScVal.I128(7))).ShouldBeNull();
        PayoutEvents.TryReadTransfer(Event(topics, ScVal.U64(7))).ShouldBeNull();
        PayoutEvents.TryReadTransfer(Event(topics, ScVal.Map(("value", ScVal.I128(7))))).ShouldBeNull();
        PayoutEvents.TryReadTransfer(Event([ScVal.Symbol("mint"), Payer, ScVal.Address(Winner)], ScVal.I128(7))).ShouldBeNull();
    }

    private static SCVal Payout() => ScVal.Vec(ScVal.Address(Winner), ScVal.I128(7), ScVal.Symbol("XLM"));

    private static ContractEvent Event(IEnumerable<SCVal> topics, SCVal data, ContractEventType type = ContractEventType.CONTRACT) => new(
        new ExtensionPoint.V0(), Sample.Token.ToXdr(), type, new ContractEventBody.V0(new ContractEventV0(topics.ToXdrArray(), data)));
}
