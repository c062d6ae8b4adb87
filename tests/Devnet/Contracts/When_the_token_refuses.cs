using Payouts.Stellar;
using Payouts.Stellar.Rpc;
using Payouts.Stellar.Xdr;
using Shouldly;
using Xunit;

namespace Payouts.Devnet.Tests.Contracts;

/// <summary>Everything that makes a transfer to one winner impossible, and with it the whole call.</summary>
public sealed class When_the_token_refuses : NetworkTest
{
    [Fact(Timeout = TimeoutMs)]
    public async Task Should_need_a_trustline_for_an_issued_asset() => (await ErrorAsync(Net.Account("winner"))).ShouldBe(13u);

    [Fact(Timeout = TimeoutMs)]
    public async Task Should_pay_into_a_trustline_up_to_its_limit()
    {
        var winner = Net.Account("winner");
        await TrustAsync(winner, limit: 60_000_000);
        (await Net.ApplyAsync(await Net.PayoutAsync(Net.Account("channel"), Order(winner)))).Status.ShouldBe(TransactionStatus.SUCCESS);
        Net.Ledger.Balance(winner.AccountId.ToString(), Net.UsdcAsset).ShouldBe(50_000_000);

        var simulation = await SimulateAsync(Order(winner, round: 2));

        simulation.ContractError.ShouldBe(10u);
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task Should_need_the_issuers_authorization()
    {
        (await Net.ApplyAsync(Net.Signed(Net.Issuer, new SetOptionsOperation { SetFlags = 1 }))).Status.ShouldBe(TransactionStatus.SUCCESS);
        var winner = Net.Account("winner");
        await TrustAsync(winner);

        (await ErrorAsync(winner)).ShouldBe(11u);
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task Should_create_a_native_account_only_with_two_base_reserves()
    {
        var newcomer = TestNetwork.Key("newcomer");

        (await SimulateAsync(Net.Order(newcomer, amount: 9_999_999))).ContractError.ShouldBe(6u);
        (await Net.ApplyAsync(await Net.PayoutAsync(Net.Account("channel"), Net.Order(newcomer, amount: 10_000_000)))).Status.ShouldBe(TransactionStatus.SUCCESS);

        Net.Ledger.Balance(newcomer.AccountId.ToString()).ShouldBe(10_000_000);
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task Should_not_pay_more_than_the_contract_holds()
    {
        var winner = Net.Account("winner");

        (await SimulateAsync(Net.Order(winner, amount: 1_000_000_000_001))).ContractError.ShouldBe(10u);
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task Should_name_the_contract_that_refused_in_the_diagnostic_events()
    {
        var failed = await SimulateAsync(Order(Net.Account("winner")));

        var first = failed.Events.Select(one => one.Decode().Event).First(one => ((ContractEventBody.V0)one.Body).Value.Topics[0] == ScVal.Symbol("error"));
        ContractId.FromXdr(first.ContractID.ShouldNotBeNull()).ShouldNotBe(Net.Ledger.PayoutContract);
        failed.Error.ShouldContain("contract call failed");
    }

    private PayoutOrder Order(KeyPair winner, uint round = 1) => Net.Order(winner, round: round, currency: TestNetwork.Usdc);

    private async Task TrustAsync(KeyPair winner, long limit = long.MaxValue)
    {
        var asset = Stellar.Asset.Issue(TestNetwork.Usdc, Net.Issuer.AccountId);
        (await Net.ApplyAsync(Net.Signed(winner, new ChangeTrustOperation(asset, limit)))).Status.ShouldBe(TransactionStatus.SUCCESS);
    }

    private async Task<uint?> ErrorAsync(KeyPair winner) => (await SimulateAsync(Order(winner))).ContractError;

    private async Task<SimulationResult.Failed> SimulateAsync(PayoutOrder order)
    {
        var call = Net.Build(Net.Admin, Net.Contract.Pay(order)).Build();
        return (await Net.Rpc.SimulateTransactionAsync(call.ToEnvelope(), TestNetwork.Cancellation)).ShouldBeOfType<SimulationResult.Failed>();
    }
}
