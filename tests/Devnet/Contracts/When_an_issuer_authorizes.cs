using Payouts.Devnet.Contracts;
using Payouts.Devnet.Tests.Queue;
using Payouts.Stellar;
using Payouts.Stellar.Rpc;
using Payouts.Stellar.Xdr;
using Shouldly;
using Xunit;

namespace Payouts.Devnet.Tests.Contracts;

/// <summary>Authorization flags of an issuer's account (1 required, 2 revocable) as the token contract obeys them.</summary>
public sealed class When_an_issuer_authorizes : NetworkTest
{
    private const uint Required = 1;
    private const uint Revocable = 2;

    [Fact(Timeout = TimeoutMs)]
    public async Task Should_pay_a_trustline_only_once_it_is_authorized()
    {
        await Token.SetIssuerFlagsAsync(Net, Required);
        var winner = Net.Account("winner");
        await Token.TrustAsync(Net, winner);
        (await Token.ReadAsync(Net, "authorized", Of(winner))).AsBool().ShouldBeFalse();
        (await MintErrorAsync(Of(winner))).ShouldBe(TokenErrors.BalanceDeauthorized);

        var record = await Token.CallAsync(Net, Net.Issuer, "set_authorized", Of(winner), ScVal.Bool(true));

        var body = ((ContractEventBody.V0)record.ContractEvents.ShouldHaveSingleItem().ShouldHaveSingleItem().Decode().Body).Value;
        (body.Topics[0], body.Topics[1], body.Data).ShouldBe((ScVal.Symbol("set_authorized"), Of(winner), ScVal.Bool(true)));
        (await Token.ReadAsync(Net, "authorized", Of(winner))).AsBool().ShouldBeTrue();
        (await Net.ApplyAsync(await Net.PayoutAsync(Net.Account("channel"), Net.Order(winner, currency: TestNetwork.Usdc)))).Status.ShouldBe(TransactionStatus.SUCCESS);
        Net.Ledger.Balance(winner.AccountId.ToString(), Net.UsdcAsset).ShouldBe(50_000_000);
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task Should_freeze_a_balance_only_when_revocable()
    {
        var winner = Net.Account("winner");
        await Token.TrustAsync(Net, winner);
        await Token.CallAsync(Net, Net.Issuer, "mint", Of(winner), ScVal.I128(100));
        (await Token.ErrorAsync(Net, Net.Issuer, "set_authorized", Of(winner), ScVal.Bool(false))).ShouldBe(TokenErrors.OperationNotSupported);

        await Token.SetIssuerFlagsAsync(Net, Revocable);
        await Token.CallAsync(Net, Net.Issuer, "set_authorized", Of(winner), ScVal.Bool(false));

        (await MintErrorAsync(Of(winner))).ShouldBe(TokenErrors.BalanceDeauthorized);
        (await Token.ErrorAsync(Net, winner, "transfer", Of(winner), Of(Net.Issuer), ScVal.I128(1))).ShouldBe(TokenErrors.BalanceDeauthorized);
        Net.Ledger.Balance(winner.AccountId.ToString(), Net.UsdcAsset).ShouldBe(100);
    }

    /// <summary>A contract has no trustline: its balance is born authorized unless the issuer requires otherwise.</summary>
    [Fact(Timeout = TimeoutMs)]
    public async Task Should_treat_the_balance_of_a_contract_alike()
    {
        // An account's first transaction adds its sequence time to its entry: declared before, the bytes to read would be too few.
        await Net.ApplyAsync(Net.NoOp(Net.Issuer));
        var born = ScVal.Address(new ContractId(Enumerable.Repeat((byte)1, 32).ToArray()));
        var later = ScVal.Address(new ContractId(Enumerable.Repeat((byte)2, 32).ToArray()));
        await Token.CallAsync(Net, Net.Issuer, "mint", born, ScVal.I128(5));
        await Token.SetIssuerFlagsAsync(Net, Required | Revocable);

        (await MintErrorAsync(later)).ShouldBe(TokenErrors.BalanceDeauthorized);
        await Token.CallAsync(Net, Net.Issuer, "set_authorized", later, ScVal.Bool(true));
        await Token.CallAsync(Net, Net.Issuer, "mint", later, ScVal.I128(7));
        await Token.CallAsync(Net, Net.Issuer, "set_authorized", born, ScVal.Bool(false));

        (await Token.ReadAsync(Net, "balance", later)).AsI128().ShouldBe(7);
        (await MintErrorAsync(born)).ShouldBe(TokenErrors.BalanceDeauthorized);
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task Should_stop_the_payouts_of_a_contract_whose_balance_is_frozen()
    {
        var winner = Net.Account("winner");
        await Token.TrustAsync(Net, winner);
        await Token.SetIssuerFlagsAsync(Net, Revocable);
        await Token.CallAsync(Net, Net.Issuer, "set_authorized", ScVal.Address(Net.Ledger.PayoutContract), ScVal.Bool(false));

        var call = Net.Build(Net.Admin, Net.Contract.Pay(Net.Order(winner, currency: TestNetwork.Usdc))).Build();
        var failed = (await Net.Rpc.SimulateTransactionAsync(call.ToEnvelope(), TestNetwork.Cancellation)).ShouldBeOfType<SimulationResult.Failed>();

        failed.ContractError.ShouldBe(TokenErrors.BalanceDeauthorized);
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task Should_let_nobody_else_and_no_missing_trustline_be_authorized()
    {
        var stranger = Net.Account("stranger");

        (await Token.ErrorAsync(Net, Net.Issuer, "set_authorized", Of(stranger), ScVal.Bool(true))).ShouldBe(TokenErrors.TrustlineMissing);
        (await Token.ErrorAsync(Net, Net.Issuer, "set_authorized", Of(Net.Issuer), ScVal.Bool(true))).ShouldBe(TokenErrors.OperationNotSupported);
        await Token.TrustAsync(Net, stranger);
        var issuers = await Net.AssembleAsync(Net.Build(Net.Issuer, Token.Call(Net, "set_authorized", Of(stranger), ScVal.Bool(true))).Build());
        var forged = When_the_queue_is_asked.Unsigned(issuers.Body with { SourceAccount = stranger.AccountId.ToMuxedAccount(), SeqNum = Net.NextSequence(stranger) });
        (await Net.ApplyAsync(forged.Sign(Net.Network, stranger))).Status.ShouldBe(TransactionStatus.FAILED);
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task Should_fill_a_trustline_to_its_limit_and_no_further()
    {
        var winner = Net.Account("winner");
        await Token.TrustAsync(Net, winner, limit: 100);

        (await MintErrorAsync(Of(winner), 101)).ShouldBe(TokenErrors.Balance);
        await Token.CallAsync(Net, Net.Issuer, "mint", Of(winner), ScVal.I128(100));
        (await MintErrorAsync(Of(winner), 1)).ShouldBe(TokenErrors.Balance);
        (await Token.ErrorAsync(Net, winner, "transfer", Of(winner), Of(Net.Issuer), ScVal.I128(101))).ShouldBe(TokenErrors.Balance);
    }

    private Task<uint?> MintErrorAsync(SCVal to, long amount = 1) => Token.ErrorAsync(Net, Net.Issuer, "mint", to, ScVal.I128(amount));

    private static SCVal Of(KeyPair key) => ScVal.Address(key.AccountId);
}
