using Payouts.Devnet.Contracts;
using Payouts.Devnet.Tests.Payouts;
using Payouts.Devnet.Tests.Queue;
using Payouts.Stellar;
using Payouts.Stellar.Rpc;
using Payouts.Stellar.Xdr;
using Shouldly;
using Xunit;

namespace Payouts.Devnet.Tests.Contracts;

/// <summary>approve, allowance, transfer_from and burn_from of the token contract.</summary>
public sealed class When_an_allowance_is_spent : NetworkTest
{
    private KeyPair Holder => TestNetwork.Key("holder");

    private KeyPair Spender => TestNetwork.Key("spender");

    private KeyPair Receiver => TestNetwork.Key("receiver");

    [Fact(Timeout = TimeoutMs)]
    public async Task Should_move_what_was_approved_and_no_more()
    {
        await PrepareAsync();
        var approved = await ApproveAsync(60);
        var until = Net.Ledger.LatestLedger + 99;
        var approval = ((ContractEventBody.V0)approved.ContractEvents.ShouldHaveSingleItem().ShouldHaveSingleItem().Decode().Body).Value;
        approval.Topics.ShouldBe([ScVal.Symbol("approve"), Of(Holder), Of(Spender), ScVal.String(Net.UsdcAsset)]);
        approval.Data.ShouldBe(ScVal.Vec(ScVal.I128(60), ScVal.U32(until)));

        var moved = await Token.CallAsync(Net, Spender, "transfer_from", Of(Spender), Of(Holder), Of(Receiver), ScVal.I128(45));

        PayoutEvents.TryReadTransfer(moved.ContractEvents[0][0].Decode()).ShouldNotBeNull().From.ShouldBe((Address)Holder.AccountId);
        (Balance(Holder), Balance(Receiver)).ShouldBe((55, 45));
        (await AllowanceAsync()).ShouldBe(15);
        (await SpendErrorAsync(16)).ShouldBe(TokenErrors.Allowance);
        await Token.CallAsync(Net, Spender, "burn_from", Of(Spender), Of(Holder), ScVal.I128(15));
        (Balance(Holder), await AllowanceAsync()).ShouldBe((40, 0));
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task Should_count_until_its_last_ledger_and_not_in_the_next()
    {
        await PrepareAsync();

        // Approved in the next ledger, good for that one and the one after.
        await ApproveAsync(60, ledgers: 2);
        await Token.CallAsync(Net, Spender, "transfer_from", Of(Spender), Of(Holder), Of(Receiver), ScVal.I128(1));

        Net.CloseLedger();
        (await AllowanceAsync()).ShouldBe(0);
        (await SpendErrorAsync(1)).ShouldBe(TokenErrors.Allowance);
        Balance(Receiver).ShouldBe(1);
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task Should_refuse_bounds_and_amounts_that_cannot_be_and_revoke_with_nothing()
    {
        await PrepareAsync();
        var latest = Net.Ledger.LatestLedger;

        (await ErrorAsync(60, latest - 1)).ShouldBe(TokenErrors.Allowance);
        (await ErrorAsync(60, latest + 3_110_400)).ShouldBe(TokenErrors.Allowance);
        (await ErrorAsync(-1, latest + 10)).ShouldBe(TokenErrors.NegativeAmount);
        await ApproveAsync(60);
        await Token.CallAsync(Net, Holder, "approve", Of(Holder), Of(Spender), ScVal.I128(0), ScVal.U32(0));
        (await AllowanceAsync()).ShouldBe(0);
    }

    /// <summary>The spender must have signed, and what fails spends nothing.</summary>
    [Fact(Timeout = TimeoutMs)]
    public async Task Should_need_the_spender_and_stay_whole_when_the_transfer_fails()
    {
        await PrepareAsync();
        await ApproveAsync(60);
        var thief = Net.Account("thief");
        var ready = await Net.AssembleAsync(Net.Build(Spender, Token.Call(Net, "transfer_from", Of(Spender), Of(Holder), Of(Receiver), ScVal.I128(45)), validSeconds: 600).Build());

        // The same call with somebody else as the source: nothing of it is the spender's.
        var stolen = When_the_queue_is_asked.Unsigned(ready.Body with { SourceAccount = thief.AccountId.ToMuxedAccount(), SeqNum = Net.NextSequence(thief) });
        When_a_payout_is_sent.Code(await Net.ApplyAsync(stolen.Sign(Net.Network, thief))).ShouldBeOfType<InvokeHostFunctionResult.Trapped>();
        await Token.TrustAsync(Net, Receiver, limit: 0);
        var failed = await Net.ApplyAsync(ready.Sign(Net.Network, Spender));

        ContractErrors.Find(failed.DiagnosticEvents).ShouldBe(TokenErrors.TrustlineMissing);
        (Balance(Holder), await AllowanceAsync()).ShouldBe((100, 60));
    }

    private async Task PrepareAsync()
    {
        Net.Account("spender");
        foreach (var key in new[] { Net.Account("holder"), Net.Account("receiver") })
        {
            await Token.TrustAsync(Net, key);
        }

        await Token.CallAsync(Net, Net.Issuer, "mint", Of(Holder), ScVal.I128(100));
    }

    private Task<TransactionRecord> ApproveAsync(long amount, uint ledgers = 100) =>
        Token.CallAsync(Net, Holder, "approve", Of(Holder), Of(Spender), ScVal.I128(amount), ScVal.U32(Net.Ledger.LatestLedger + ledgers));

    private Task<uint?> ErrorAsync(long amount, uint liveUntil) =>
        Token.ErrorAsync(Net, Holder, "approve", Of(Holder), Of(Spender), ScVal.I128(amount), ScVal.U32(liveUntil));

    private Task<uint?> SpendErrorAsync(long amount) =>
        Token.ErrorAsync(Net, Spender, "transfer_from", Of(Spender), Of(Holder), Of(Receiver), ScVal.I128(amount));

    private async Task<Int128> AllowanceAsync() => (await Token.ReadAsync(Net, "allowance", Of(Holder), Of(Spender))).AsI128();

    private Int128? Balance(KeyPair key) => Net.Ledger.Balance(key.AccountId.ToString(), Net.UsdcAsset);

    private static SCVal Of(KeyPair key) => ScVal.Address(key.AccountId);
}
