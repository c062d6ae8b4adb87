using Payouts.Stellar;
using Payouts.Stellar.Rpc;
using Payouts.Stellar.Xdr;
using Shouldly;
using Xunit;

namespace Payouts.Devnet.Tests.Classic;

/// <summary>AccountMerge as stellar-core's MergeOpFrame judges it.</summary>
public sealed class When_accounts_are_merged : NetworkTest
{
    [Fact(Timeout = TimeoutMs)]
    public async Task Should_move_the_whole_balance_and_remove_the_account()
    {
        var (funder, channel) = (Net.Account("funder"), Net.Account("channel", 70_000_000));
        Net.CloseLedger();

        var record = await Net.ApplyAsync(Merge(funder, channel, funder));

        Inner(record).ShouldBe(new AccountMergeResult.Success(70_000_000));
        Net.Ledger.SequenceNumber(channel.AccountId).ShouldBeNull();
        Net.Ledger.Balance(funder.AccountId.ToString()).ShouldBe(1_000_000_000 + 70_000_000 - 100);
        TestNetwork.Refusal(await Net.SendAsync(Net.NoOp(channel, 1))).ShouldBe(TransactionResultCode.txNO_ACCOUNT);
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task Should_begin_anew_above_every_number_that_was_used()
    {
        var (funder, channel) = (Net.Account("funder"), Net.Account("channel"));
        Net.CloseLedger();
        await Net.ApplyAsync(Merge(funder, channel, funder));

        var created = await Net.ApplyAsync(Net.Signed(funder, new CreateAccountOperation(channel.AccountId, 20_000_000)));

        Net.Ledger.SequenceNumber(channel.AccountId).ShouldBe((long)created.Ledger << 32);
    }

    /// <summary>Otherwise an account created in this ledger could use a number twice.</summary>
    [Fact(Timeout = TimeoutMs)]
    public async Task Should_refuse_a_sequence_number_that_a_new_account_would_repeat()
    {
        var (funder, channel) = (Net.Account("funder"), Net.Account("channel"));
        var ledger = Net.CloseLedger();
        // The bump's own ledger, then the merge's: the first number that is too far for it.
        (await Net.ApplyAsync(Net.Signed(channel, new BumpSequenceOperation((long)(ledger + 2) << 32)))).Status.ShouldBe(TransactionStatus.SUCCESS);

        Inner(await Net.ApplyAsync(Merge(funder, channel, funder))).ShouldBe(new AccountMergeResult.SeqnumTooFar());

        Inner(await Net.ApplyAsync(Merge(funder, channel, funder))).ShouldBeOfType<AccountMergeResult.Success>("one ledger later it is not");
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task Should_refuse_what_the_ledger_refuses()
    {
        var (funder, channel) = (Net.Account("funder"), Net.Account("channel"));
        Net.CloseLedger();
        Inner(await Net.ApplyAsync(Merge(funder, channel, TestNetwork.Key("nobody")))).ShouldBe(new AccountMergeResult.NoAccount());
        TestNetwork.Refusal(await Net.SendAsync(Merge(funder, channel, channel))).ShouldBe(TransactionResultCode.txFAILED, "into itself");

        await Net.ApplyAsync(Net.Signed(channel, new ChangeTrustOperation(Stellar.Asset.Issue("GEM", Net.Issuer.AccountId))));
        Inner(await Net.ApplyAsync(Merge(funder, channel, funder))).ShouldBe(new AccountMergeResult.HasSubEntries());
        await Net.ApplyAsync(Net.Signed(channel, new ChangeTrustOperation(Stellar.Asset.Issue("GEM", Net.Issuer.AccountId), 0)));

        await Net.ApplyAsync(Net.Signed(channel, new SetOptionsOperation { SetFlags = 4 }));
        Inner(await Net.ApplyAsync(Merge(funder, channel, funder))).ShouldBe(new AccountMergeResult.ImmutableSet());
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task Should_demand_the_high_threshold_and_take_signers_along()
    {
        var (funder, channel, second) = (Net.Account("funder"), Net.Account("channel"), TestNetwork.Key("second"));
        await Net.ApplyAsync(Net.Signed(channel, new SetOptionsOperation { HighThreshold = 2, Signer = (second.AccountId, 1) }));
        Net.CloseLedger();
        var merge = Merge(funder, channel, funder);

        TestNetwork.Refusal(await Net.SendAsync(merge)).ShouldBe(TransactionResultCode.txFAILED);

        Inner(await Net.ApplyAsync(merge.Sign(Net.Network, second))).ShouldBeOfType<AccountMergeResult.Success>("a signer is no hindrance");
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task Should_keep_the_account_when_a_later_operation_fails()
    {
        var (funder, channel) = (Net.Account("funder"), Net.Account("channel"));
        Net.CloseLedger();
        var merge = new AccountMergeOperation(funder.AccountId) { Source = channel.AccountId };
        var transaction = Net.Build(funder, merge).Add(merge).Build().Sign(Net.Network, funder, channel);

        var record = await Net.ApplyAsync(transaction);

        record.Status.ShouldBe(TransactionStatus.FAILED);
        ((TransactionResultResult.TxFailed)TestNetwork.Result(record).Result).Value[1].ShouldBeOfType<OperationResult.OpNoAccount>();
        Net.Ledger.Balance(channel.AccountId.ToString()).ShouldBe(1_000_000_000);
    }

    private Stellar.Transaction Merge(KeyPair funder, KeyPair channel, KeyPair into) =>
        Net.Build(funder, new AccountMergeOperation(into.AccountId) { Source = channel.AccountId }).Build().Sign(Net.Network, funder, channel);

    private static AccountMergeResult Inner(TransactionRecord record) => TestNetwork.Result(record).Result switch
    {
        TransactionResultResult.TxFailed failed => ((OperationResultTr.AccountMerge)((OperationResult.OpInner)failed.Value[0]).Value).Value,
        TransactionResultResult.TxSuccess success => ((OperationResultTr.AccountMerge)((OperationResult.OpInner)success.Value[0]).Value).Value,
        var other => throw new ShouldAssertException($"no operation results in {other}"),
    };
}
