using Payouts.Stellar.Xdr;
using Shouldly;
using Xunit;

namespace Payouts.Stellar.Tests.Soroban;

public sealed class When_a_payout_is_called
{
    [Fact]
    public void Should_read_back_every_named_value()
    {
        var call = Sample.Call.Decode(Sample.Payout().Body.Operations[0]).ShouldBeOfType<DecodedPayout.Call>();

        call.ShouldBe(new DecodedPayout.Call("arena", 7, 42, Sample.Key.Winner, 12_345_678, new Currency.Symbol("XLM")));
        call.Matches(Sample.Order).ShouldBeTrue();
    }

    [Fact]
    public void Should_match_no_order_that_differs_in_one_value()
    {
        var call = (DecodedPayout.Call)Sample.Call.Decode(Sample.Payout().Body.Operations[0]);
        var order = Sample.Order;
        PayoutOrder[] others =
        [
            order with { Amount = order.Amount + 1 },
            order with { Currency = new Currency.Symbol("USDC") },
            order with { Key = order.Key with { Context = "other" } },
            order with { Key = order.Key with { PoolId = 8 } },
            order with { Key = order.Key with { RoundId = 43 } },
            order with { Key = order.Key with { Winner = Sample.Account(4).AccountId } },
        ];

        others.ShouldAllBe(other => !call.Matches(other));
    }

    [Fact]
    public void Should_follow_another_layout()
    {
        var layout = PayoutArgumentLayout.Parse("winner:address,currency:address , amount:i128");
        var contract = new PayoutContractCall(Sample.Contract, "pay", layout);
        var order = Sample.Order with { Currency = new Currency.Token(Sample.Token) };

        var operation = contract.Pay(order).ToXdr();

        layout.ToString().ShouldBe("winner:address, currency:address, amount:i128");
        contract.Decode(operation).ShouldBe(new DecodedPayout.Call(null, null, null, order.Key.Winner, order.Amount, order.Currency));
        Should.Throw<ArgumentException>(() => contract.Pay(Sample.Order)).Message.ShouldContain("Address");
    }

    [Theory]
    [InlineData("distribute_batch", "ctx:symbol, pool_id:u32, round_id:u32, payouts:list, currency:symbol")]
    [InlineData("distribute_prize", "game_id:u32, total_prize:i128, winners:list, currency:symbol")]
    public void Should_pay_several_winners_where_the_method_takes_them(string method, string layout)
    {
        var contract = new PayoutContractCall(Sample.Contract, method, PayoutArgumentLayout.Parse(layout));
        var order = Sample.Order with { Others = [new PayoutShare(Sample.Account(4).AccountId, Sample.Order.Amount), new PayoutShare(Sample.Account(5).AccountId, Sample.Order.Amount)] };

        var call = contract.Decode(contract.Pay(order).ToXdr()).ShouldBeOfType<DecodedPayout.Call>();

        contract.Layout.ToString().ShouldBe(layout);
        call.Matches(order).ShouldBeTrue();
        call.Matches(order with { Others = order.Others.Reverse().ToXdrArray() }).ShouldBeFalse("the order of the list is part of what is signed");
        call.Matches(Sample.Order).ShouldBeFalse("it pays more than this one");
        call.Pays(Sample.Order).ShouldBeTrue();
        call.Pays(Sample.Order with { Amount = 1 }).ShouldBeFalse();
    }

    [Fact]
    public void Should_refuse_winners_whom_the_method_does_not_take()
    {
        var unequal = Sample.Order with { Others = [new PayoutShare(Sample.Account(4).AccountId, Sample.Order.Amount + 1)] };
        var prize = new PayoutContractCall(Sample.Contract, "distribute_prize", PayoutArgumentLayout.Parse("game_id:u32, total_prize:i128, winners:list, currency:symbol"));

        Should.Throw<ArgumentException>(() => Sample.Call.Pay(unequal)).Message.ShouldContain("one winner a call");
        Should.Throw<ArgumentException>(() => prize.Pay(unequal)).Message.ShouldContain("the amounts of this round differ");
        Should.Throw<ArgumentException>(() => Sample.Call.Pay(unequal with { Others = [new PayoutShare(Sample.Account(4).AccountId, 0)] })).Message.ShouldContain("must be positive");
    }

    [Theory]
    [InlineData("winner:address, amount:i128, payouts:list", "no two of these")]
    [InlineData("winners:list", "total_prize:i128")]
    [InlineData("winner:address", "amount")]
    [InlineData("winner:address, amount:i64", "'amount:i64'")]
    [InlineData("winner:address, amount:i128, winner:address", "twice")]
    [InlineData("winner:address, amount:i128, tip:i128", "'tip:i128'")]
    [InlineData("", "''")]
    public void Should_refuse_a_layout_and_name_the_fault(string layout, string reason) =>
        Should.Throw<FormatException>(() => PayoutArgumentLayout.Parse(layout)).Message.ShouldContain(reason);

    [Fact]
    public void Should_not_take_anything_else_for_a_payout()
    {
        var other = new PayoutContractCall(Sample.Token);
        var otherMethod = new PayoutContractCall(Sample.Contract, "distribute_prize");

        Reason(other.Pay(Sample.Order).ToXdr()).ShouldContain("another contract");
        Reason(otherMethod.Pay(Sample.Order).ToXdr()).ShouldContain("another method");
        Reason(new BumpSequenceOperation(1).ToXdr()).ShouldContain("BUMP_SEQUENCE");
        Reason(InvokeHostFunctionOperation.ContractCall(Sample.Contract, "distribute_winnings", ScVal.U32(1)).ToXdr()).ShouldContain("1 arguments");
        Reason(InvokeHostFunctionOperation.ContractCall(
            Sample.Contract, "distribute_winnings", Enumerable.Repeat(ScVal.U32(1), 6)).ToXdr()).ShouldContain("address was expected, not SCV_U32");

        static string Reason(Payouts.Stellar.Xdr.Operation operation) => Sample.Call.Decode(operation).ShouldBeOfType<DecodedPayout.NotThePayout>().Reason;
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    public void Should_refuse_to_pay_nothing(string amount) =>
        Should.Throw<ArgumentException>(() => Sample.Call.Pay(Sample.Order with { Amount = Int128.Parse(amount) }));

    [Theory]
    [InlineData("1")]
    [InlineData("-1")]
    [InlineData("9223372036854775808")]
    [InlineData("-9223372036854775809")]
    [InlineData("170141183460469231731687303715884105727")]
    [InlineData("-170141183460469231731687303715884105728")]
    public void Should_carry_every_128_bit_amount(string amount) => ScVal.I128(Int128.Parse(amount)).AsI128().ShouldBe(Int128.Parse(amount));

    [Fact]
    public void Should_read_what_the_contract_remembers()
    {
        var record = ScVal.Map(
            ("winner", ScVal.Address(Sample.Key.Winner)), ("amount", ScVal.I128(5)), ("currency", ScVal.Symbol("XLM")), ("paid", ScVal.Bool(true)));

        PayoutContractCall.DecodeRecord(record).ShouldBe(new PayoutRecord(Sample.Key.Winner, 5, new Currency.Symbol("XLM"), true));
        PayoutContractCall.DecodeRecord(ScVal.Void).ShouldBeNull();
        Should.Throw<ScValException>(() => PayoutContractCall.DecodeRecord(ScVal.Map(("winner", ScVal.Address(Sample.Key.Winner))))).Message.ShouldContain("amount");
    }

    [Fact]
    public void Should_ask_the_contract_by_its_own_key()
    {
        var asked = (HostFunction.InvokeContract)Sample.Call.IsPayoutProcessed(Sample.Key).Function;

        asked.Value.FunctionName.ShouldBe(new SCSymbol("is_payout_processed"));
        asked.Value.Args.ShouldBe([ScVal.Symbol("arena"), ScVal.U32(7), ScVal.U32(42), ScVal.Address(Sample.Key.Winner)]);
    }
}
