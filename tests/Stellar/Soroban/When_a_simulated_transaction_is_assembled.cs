using Payouts.Stellar.Rpc;
using Payouts.Stellar.Xdr;
using Shouldly;
using Xunit;

namespace Payouts.Stellar.Tests.Soroban;

public sealed class When_a_simulated_transaction_is_assembled
{
    private static readonly FeeLimits Limits = new() { InclusionFeeMax = 1000, ResourceFeeMax = 150_000, TotalFeeMax = 151_000 };
    private static readonly InvokeContractArgs Call = ((HostFunction.InvokeContract)Sample.Call.Pay(Sample.Order).Function).Value;
    private static readonly SorobanAuthorizationEntry Own = Entry(new SorobanCredentials.SourceAccount(), Call);

    [Fact]
    public void Should_take_footprint_authorization_and_fee_and_leave_the_rest()
    {
        var built = Sample.Payout();

        var result = Assemble(Simulation(100_000)).ShouldBeOfType<AssemblyResult.Assembled>();

        (result.InclusionFee, result.ResourceFee, result.Transaction.Fee).ShouldBe((500, 115_000, 115_500u));
        result.Transaction.SorobanData.ShouldBe(Sample.SorobanData(115_000));
        result.Transaction.Body.Cond.ShouldBe(built.Body.Cond);
        result.Transaction.SequenceNumber.ShouldBe(built.SequenceNumber);
        Sample.Call.Decode(result.Transaction.Body.Operations[0]).ShouldBe(Sample.Call.Decode(built.Body.Operations[0]));
        ((OperationBody.InvokeHostFunction)result.Transaction.Body.Operations[0].Body).Value.Auth.ShouldBe([Own]);
    }

    [Theory]
    [InlineData(100_000, 15, 115_000)]
    [InlineData(1, 15, 2)]
    [InlineData(100_000, 0, 100_000)]
    // Never above twice the simulated fee, nor above the cap.
    [InlineData(50_000, 900, 100_000)]
    [InlineData(149_999, 15, 150_000)]
    [InlineData(150_000, 15, 150_000)]
    // The margin is rounded up to a whole stroop; none on nothing, none below zero percent.
    [InlineData(7, 1, 8)]
    [InlineData(0, 15, 0)]
    [InlineData(100, -5, 100)]
    [InlineData(75_000, 100, 150_000)]
    public void Should_declare_the_simulated_fee_and_a_bounded_margin(long simulated, int marginPercent, long declared) =>
        TransactionAssembler.Assemble(Sample.Payout(), Simulation(simulated), 500, Limits with { ResourceFeeMarginPercent = marginPercent })
            .ShouldBeOfType<AssemblyResult.Assembled>().ResourceFee.ShouldBe(declared);

    [Fact]
    public void Should_name_the_cap_that_was_passed()
    {
        Assemble(Simulation(150_001)).ShouldBe(new AssemblyResult.ResourceFeeAboveCap(150_001, 150_000));
        Assemble(Simulation(1), inclusionFee: 1001).ShouldBe(new AssemblyResult.InclusionFeeAboveCap(1001, 1000));
        TransactionAssembler.Assemble(Sample.Payout(), Simulation(100_000), 500, Limits with { TotalFeeMax = 115_499 })
            .ShouldBe(new AssemblyResult.TotalFeeAboveCap(115_500, 115_499));
        TransactionAssembler.Assemble(
            Sample.Payout(), Simulation(5_000_000_000), 500, Limits with { ResourceFeeMax = long.MaxValue, TotalFeeMax = long.MaxValue })
            .ShouldBeOfType<AssemblyResult.TotalFeeAboveCap>().Cap.ShouldBe(uint.MaxValue);
    }

    [Fact]
    public void Should_take_a_fee_at_its_cap_and_refuse_one_more()
    {
        var limits = Limits with { ResourceFeeMarginPercent = 0 };

        Fee(limits, 1000, 150_000).ShouldBe(151_000u);
        Refused(limits, 1001, 150_000).ShouldBe(new AssemblyResult.InclusionFeeAboveCap(1001, 1000));
        Refused(limits, 1000, 150_001).ShouldBe(new AssemblyResult.ResourceFeeAboveCap(150_001, 150_000));
        Fee(limits with { TotalFeeMax = 150_500 }, 500, 150_000).ShouldBe(150_500u);
        Refused(limits with { TotalFeeMax = 150_499 }, 500, 150_000).ShouldBe(new AssemblyResult.TotalFeeAboveCap(150_500, 150_499));
    }

    [Fact]
    public void Should_take_a_fee_of_32_bits_and_refuse_one_more()
    {
        var unlimited = new FeeLimits { InclusionFeeMax = long.MaxValue, ResourceFeeMax = long.MaxValue, TotalFeeMax = long.MaxValue, ResourceFeeMarginPercent = 0 };

        Fee(unlimited, 100, uint.MaxValue - 100).ShouldBe(uint.MaxValue);
        Refused(unlimited, 101, uint.MaxValue - 100).ShouldBe(new AssemblyResult.TotalFeeAboveCap(uint.MaxValue + 1L, uint.MaxValue));
        // Sums beyond 64 bits are not wrapped into something cheap.
        Refused(unlimited, long.MaxValue, long.MaxValue).ShouldBe(new AssemblyResult.TotalFeeAboveCap(long.MaxValue, uint.MaxValue));
        Refused(unlimited with { ResourceFeeMarginPercent = 100 }, 100, long.MaxValue).ShouldBe(new AssemblyResult.TotalFeeAboveCap(long.MaxValue, uint.MaxValue));
    }

    [Fact]
    public void Should_refuse_fees_below_what_any_network_takes()
    {
        Should.Throw<ArgumentOutOfRangeException>(() => Assemble(Simulation(1), inclusionFee: 99)).ParamName.ShouldBe("inclusionFee");
        Should.Throw<ArgumentOutOfRangeException>(() => Assemble(Simulation(1), inclusionFee: long.MinValue));
        Should.Throw<ArgumentOutOfRangeException>(() => Assemble(Simulation(-1)));
        Assemble(Simulation(0), inclusionFee: 100).ShouldBeOfType<AssemblyResult.Assembled>().Transaction.Fee.ShouldBe(100u);
    }

    [Fact]
    public void Should_say_when_archived_entries_come_first()
    {
        var preamble = new RestorePreamble(777, Sample.SorobanData(777));

        Assemble(Simulation(1) with { Restore = preamble }).ShouldBe(new AssemblyResult.RestoreRequired(preamble));
    }

    [Fact]
    public void Should_tell_which_entries_are_restored_on_the_way() =>
        Assemble(Simulation(1) with { TransactionData = Sample.SorobanData(1, 0, 3) })
            .ShouldBeOfType<AssemblyResult.Assembled>().RestoredEntries.ShouldBe([0u, 3u]);

    [Fact]
    public void Should_not_let_the_server_slip_in_an_authorization()
    {
        var transfer = new InvokeContractArgs(Sample.Token.ToScAddress(), new SCSymbol("transfer"), []);
        var address = SorobanAuthorization.ForCall(Sample.Account(2).AccountId, Call, 1, 1);

        Unexpected(Entry(new SorobanCredentials.SourceAccount(), transfer)).ShouldContain("another call");
        Unexpected(address).ShouldContain("SOROBAN_CREDENTIALS_ADDRESS");
        Unexpected(Own, Own).ShouldContain("2 times");

        static string Unexpected(params SorobanAuthorizationEntry[] entries) =>
            Assemble(Simulation(1) with { Authorizations = [.. entries] }).ShouldBeOfType<AssemblyResult.UnexpectedAuthorization>().Reason;
    }

    [Fact]
    public void Should_keep_an_authorization_that_was_signed_before()
    {
        var signed = SorobanAuthorization.Sign(SorobanAuthorization.ForCall(Sample.Account(2).AccountId, Call, 1, 1), Network.Testnet, Sample.Account(2));
        var built = new TransactionBuilder(Sample.Account(1).AccountId, 1)
            .Add(Sample.Call.Pay(Sample.Order) with { Authorizations = [signed] }).ValidUntil(Sample.MaxTime).Build();

        var result = TransactionAssembler.Assemble(built, Simulation(1), 500, Limits).ShouldBeOfType<AssemblyResult.Assembled>();

        ((OperationBody.InvokeHostFunction)result.Transaction.Body.Operations[0].Body).Value.Auth.ShouldBe([signed]);
    }

    [Fact]
    public void Should_refuse_what_was_signed_or_is_no_call()
    {
        Should.Throw<ArgumentException>(() => TransactionAssembler.Assemble(Sample.Payment(), Simulation(1), 500, Limits));
        Should.Throw<ArgumentException>(() =>
            TransactionAssembler.Assemble(Sample.Payout().Sign(Network.Testnet, Sample.Account(1)), Simulation(1), 500, Limits));
    }

    private static AssemblyResult Assemble(SimulationResult.Success simulation, long inclusionFee = 500) =>
        TransactionAssembler.Assemble(Sample.Payout(), simulation, inclusionFee, Limits);

    private static uint Fee(FeeLimits limits, long inclusionFee, long simulated) =>
        TransactionAssembler.Assemble(Sample.Payout(), Simulation(simulated), inclusionFee, limits).ShouldBeOfType<AssemblyResult.Assembled>().Transaction.Fee;

    private static AssemblyResult Refused(FeeLimits limits, long inclusionFee, long simulated)
    {
        var result = TransactionAssembler.Assemble(Sample.Payout(), Simulation(simulated), inclusionFee, limits);
        result.ShouldNotBeOfType<AssemblyResult.Assembled>();
        return result;
    }

    private static SimulationResult.Success Simulation(long fee) => new(Sample.SorobanData(fee), fee, ScVal.Void, [Own], null, [], 100);

    private static SorobanAuthorizationEntry Entry(SorobanCredentials credentials, InvokeContractArgs call) =>
        new(credentials, new SorobanAuthorizedInvocation(new SorobanAuthorizedFunction.ContractFn(call), []));
}
