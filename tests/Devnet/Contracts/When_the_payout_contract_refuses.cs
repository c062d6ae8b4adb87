using Payouts.Devnet.Contracts;
using Payouts.Stellar;
using Payouts.Stellar.Rpc;
using Payouts.Stellar.Xdr;
using Shouldly;
using Xunit;

namespace Payouts.Devnet.Tests.Contracts;

public sealed class When_the_payout_contract_refuses
{
    private const int TimeoutMs = 30_000;

    [Theory(Timeout = TimeoutMs)]
    [InlineData("no admin", 1)]
    [InlineData("zero", 2)]
    [InlineData("negative", 2)]
    [InlineData("paused", 6)]
    public async Task Should_answer_with_its_own_error(string situation, int error)
    {
        await using var net = await TestNetwork.StartAsync(options => options with
        {
            Payout = options.Payout with { Paused = situation == "paused", Admin = situation == "no admin" ? null : options.Payout.Admin },
        });
        Int128 amount = situation switch { "zero" => 0, "negative" => -1, _ => 1 };

        (await ErrorAsync(net, Winnings(net, amount))).ShouldBe((uint)error);
    }

    [Theory(Timeout = TimeoutMs)]
    [InlineData(10, 3, false, 5)]
    [InlineData(2, 3, true, 2)]
    [InlineData(0, 3, true, 2)]
    [InlineData(9, 0, true, 4)]
    public async Task Should_refuse_prizes_it_cannot_split(long total, int winners, bool treasury, int error)
    {
        await using var net = await StartWithTreasuryAsync(treasury);

        (await ErrorAsync(net, Prize(net, total, winners))).ShouldBe((uint)error);
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task Should_split_a_prize_equally_give_the_dust_to_the_treasury_and_do_so_once()
    {
        await using var net = await StartWithTreasuryAsync(true);
        for (var i = 0; i < 3; i++)
        {
            net.Account($"winner {i}");
        }

        var treasury = net.Account("treasury");
        var transaction = await net.AssembleAsync(net.Build(net.Admin, Prize(net, 1_000, 3)).Build());
        (await IsDistributedAsync(net)).ShouldBeFalse();
        var record = await net.ApplyAsync(transaction.Sign(net.Network, net.Admin));
        record.Status.ShouldBe(TransactionStatus.SUCCESS);

        net.Ledger.Balance(TestNetwork.Key("winner 2").AccountId.ToString()).ShouldBe(1_000_000_333);
        net.Ledger.Balance(treasury.AccountId.ToString()).ShouldBe(1_000_000_001);
        (await ErrorAsync(net, Prize(net, 1_000, 3))).ShouldBe(3u);
        (await IsDistributedAsync(net)).ShouldBeTrue();

        // Three transfers, each followed by its announcement, and the dust, which nobody announces.
        var events = record.ContractEvents.ShouldHaveSingleItem().Select(one => one.Decode()).ToList();
        events.Count.ShouldBe(7);
        events.Select(PayoutEvents.TryReadTransfer).OfType<TransferEvent>().Select(one => one.Amount).ShouldBe([333, 333, 333, 1]);
        events.Select(PayoutEvents.TryReadPayout).OfType<PayoutEvent>().ShouldAllBe(one => one.Amount == 333 && one.Currency is Currency.Token);
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task Should_trap_on_wrong_arguments_and_unknown_functions()
    {
        await using var net = await TestNetwork.StartAsync();

        (await FailureAsync(net, InvokeHostFunctionOperation.ContractCall(net.Ledger.PayoutContract, "distribute_winnings"))).ShouldContain("Error(WasmVm, UnexpectedSize)");
        (await FailureAsync(net, InvokeHostFunctionOperation.ContractCall(net.Ledger.PayoutContract, "mint"))).ShouldContain("Error(WasmVm, MissingValue)");
        var noSymbol = new InvokeContractArgs(net.Ledger.PayoutContract.ToScAddress(), new SCSymbol(new XdrString(new XdrBytes([0xff, 0x00]))), []);
        (await FailureAsync(net, new InvokeHostFunctionOperation(new HostFunction.InvokeContract(noSymbol)))).ShouldContain("Error(Value, InvalidInput)");
        (await FailureAsync(net, InvokeHostFunctionOperation.ContractCall(new ContractId(new byte[32]), "mint"))).ShouldContain("Error(Storage, MissingValue)");
        (await FailureAsync(net, InvokeHostFunctionOperation.ContractCall(net.Ledger.PayoutContract, "is_prize_distributed", ScVal.I128(1)))).ShouldContain("Error(WasmVm, InvalidAction)");
    }

    private static async Task<bool> IsDistributedAsync(TestNetwork net)
    {
        var question = InvokeHostFunctionOperation.ContractCall(net.Ledger.PayoutContract, "is_prize_distributed", ScVal.U32(9));
        var answer = await net.Rpc.SimulateTransactionAsync(net.Build(net.Admin, question).Build().ToEnvelope(), TestNetwork.Cancellation);
        return answer.ShouldBeOfType<SimulationResult.Success>().Value.ShouldNotBeNull().AsBool();
    }

    private static Task<TestNetwork> StartWithTreasuryAsync(bool treasury) => TestNetwork.StartAsync(options => options with
    {
        Payout = options.Payout with { Treasury = treasury ? TestNetwork.Key("treasury").AccountId.ToString() : null },
    });

    private static InvokeHostFunctionOperation Winnings(TestNetwork net, Int128 amount) => InvokeHostFunctionOperation.ContractCall(
        net.Ledger.PayoutContract, "distribute_winnings", ScVal.Symbol("GAME"), ScVal.U32(1), ScVal.U32(1), ScVal.Address(net.Admin.AccountId), ScVal.I128(amount), ScVal.Symbol("XLM"));

    private static InvokeHostFunctionOperation Prize(TestNetwork net, long total, int winners)
    {
        var token = ContractId.FromXdr(new TokenContractIds(net.Network).Of(new Stellar.Xdr.Asset.Native()));
        var addresses = Enumerable.Range(0, winners).Select(i => ScVal.Address(TestNetwork.Key($"winner {i}").AccountId));
        return InvokeHostFunctionOperation.ContractCall(
            net.Ledger.PayoutContract, "distribute_prize", ScVal.U32(9), ScVal.I128(total), ScVal.Vec(addresses), ScVal.Address(token));
    }

    private static async Task<uint?> ErrorAsync(TestNetwork net, InvokeHostFunctionOperation call) => (await FailedAsync(net, call)).ContractError;

    private static async Task<string> FailureAsync(TestNetwork net, InvokeHostFunctionOperation call) => (await FailedAsync(net, call)).Error;

    private static async Task<SimulationResult.Failed> FailedAsync(TestNetwork net, InvokeHostFunctionOperation call) =>
        (await net.Rpc.SimulateTransactionAsync(net.Build(net.Admin, call).Build().ToEnvelope(), TestNetwork.Cancellation)).ShouldBeOfType<SimulationResult.Failed>();
}
