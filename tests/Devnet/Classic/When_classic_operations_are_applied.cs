using Payouts.Stellar;
using Payouts.Stellar.Rpc;
using Payouts.Stellar.Xdr;
using Shouldly;
using Xunit;

namespace Payouts.Devnet.Tests.Classic;

public sealed class When_classic_operations_are_applied : NetworkTest
{
    [Fact(Timeout = TimeoutMs)]
    public async Task Should_create_an_account_with_the_ledgers_first_sequence_number()
    {
        var source = Net.Account("source");
        var created = TestNetwork.Key("created");

        var record = await Net.ApplyAsync(Net.Signed(source, new CreateAccountOperation(created.AccountId, 20_000_000)));

        record.Status.ShouldBe(TransactionStatus.SUCCESS);
        Net.Ledger.SequenceNumber(created.AccountId).ShouldBe((long)record.Ledger << 32);
        Net.Ledger.Balance(source.AccountId.ToString()).ShouldBe(1_000_000_000 - 20_000_000 - 100);
    }

    [Theory(Timeout = TimeoutMs)]
    [InlineData(9_999_999, "LowReserve")]
    [InlineData(990_000_000, "Underfunded")]
    public async Task Should_refuse_to_create_what_cannot_be_paid(long balance, string expected)
    {
        var source = Net.Account("source");

        var record = await Net.ApplyAsync(Net.Signed(source, new CreateAccountOperation(TestNetwork.Key("created").AccountId, balance)));

        Inner<OperationResultTr.CreateAccount>(record).Value.GetType().Name.ShouldBe(expected);
        Net.Ledger.Balance(source.AccountId.ToString()).ShouldBe(1_000_000_000 - 100);
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task Should_roll_back_the_first_operation_when_the_second_fails()
    {
        var source = Net.Account("source");
        var receiver = Net.Account("receiver");
        var transaction = Net.Build(source, new PaymentOperation(receiver.AccountId, Stellar.Asset.Native, 1_000))
            .Add(new PaymentOperation(TestNetwork.Key("nobody").AccountId, Stellar.Asset.Native, 1)).Build().Sign(Net.Network, source);

        var record = await Net.ApplyAsync(transaction);

        record.Status.ShouldBe(TransactionStatus.FAILED);
        TestNetwork.Result(record).FeeCharged.ShouldBe(200);
        Net.Ledger.Balance(receiver.AccountId.ToString()).ShouldBe(1_000_000_000);
        Net.Ledger.SequenceNumber(source.AccountId).ShouldBe(transaction.SequenceNumber);
        record.ContractEvents.SelectMany(list => list).ShouldBeEmpty();
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task Should_keep_the_reserve_untouchable()
    {
        var source = Net.Account("source", 10_000_500);

        var record = await Net.ApplyAsync(Net.Signed(source, new PaymentOperation(Net.Admin.AccountId, Stellar.Asset.Native, 401)));

        Inner<OperationResultTr.Payment>(record).Value.ShouldBeOfType<PaymentResult.Underfunded>();
        (await Net.ApplyAsync(Net.Signed(source, new PaymentOperation(Net.Admin.AccountId, Stellar.Asset.Native, 300)))).Status.ShouldBe(TransactionStatus.SUCCESS);
        Net.Ledger.Balance(source.AccountId.ToString()).ShouldBe(10_000_000);
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task Should_pay_issued_assets_between_trustlines_only()
    {
        var holder = Net.Account("holder");
        var asset = Stellar.Asset.Issue("GEM", Net.Issuer.AccountId);
        var without = await Net.ApplyAsync(Net.Signed(Net.Issuer, new PaymentOperation(holder.AccountId, asset, 10)));
        Inner<OperationResultTr.Payment>(without).Value.ShouldBeOfType<PaymentResult.NoTrust>();

        await Net.ApplyAsync(Net.Signed(holder, new ChangeTrustOperation(asset, 100)));
        (await Net.ApplyAsync(Net.Signed(Net.Issuer, new PaymentOperation(holder.AccountId, asset, 60)))).Status.ShouldBe(TransactionStatus.SUCCESS);
        var full = await Net.ApplyAsync(Net.Signed(Net.Issuer, new PaymentOperation(holder.AccountId, asset, 41)));

        Inner<OperationResultTr.Payment>(full).Value.ShouldBeOfType<PaymentResult.LineFull>();
        Net.Ledger.Balance(holder.AccountId.ToString(), asset.ToString()!).ShouldBe(60);
        Inner<OperationResultTr.ChangeTrust>(await Net.ApplyAsync(Net.Signed(holder, new ChangeTrustOperation(asset, 0)))).Value.ShouldBeOfType<ChangeTrustResult.InvalidLimit>();
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task Should_demand_the_weights_that_an_account_has_set()
    {
        var account = Net.Account("account");
        var second = TestNetwork.Key("second");
        var options = new SetOptionsOperation { MasterWeight = 1, LowThreshold = 1, MediumThreshold = 2, HighThreshold = 2, Signer = (second.AccountId, 1) };
        (await Net.ApplyAsync(Net.Signed(account, options))).Status.ShouldBe(TransactionStatus.SUCCESS);
        var payment = Net.Build(account, new PaymentOperation(Net.Admin.AccountId, Stellar.Asset.Native, 1)).Build();

        TestNetwork.Refusal(await Net.SendAsync(payment.Sign(Net.Network, account))).ShouldBe(TransactionResultCode.txFAILED);
        (await Net.ApplyAsync(payment.Sign(Net.Network, account, second))).Status.ShouldBe(TransactionStatus.SUCCESS);

        // Low threshold: one signature is enough, and then two are one too many.
        TestNetwork.Refusal(await Net.SendAsync(Net.Build(account, new BumpSequenceOperation(0)).Build().Sign(Net.Network, account, second))).ShouldBe(TransactionResultCode.txBAD_AUTH_EXTRA);
        (await Net.SendAsync(Net.NoOp(account))).ShouldBeOfType<SendOutcome.Pending>();
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task Should_burn_sequence_numbers_with_a_bump()
    {
        var account = Net.Account("account");
        var target = Net.NextSequence(account) + 10;

        (await Net.ApplyAsync(Net.Signed(account, new BumpSequenceOperation(target)))).Status.ShouldBe(TransactionStatus.SUCCESS);

        Net.Ledger.SequenceNumber(account.AccountId).ShouldBe(target);
        TestNetwork.Refusal(await Net.SendAsync(Net.NoOp(account, target - 5))).ShouldBe(TransactionResultCode.txBAD_SEQ);
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task Should_apply_nothing_of_a_transaction_whose_sequence_number_was_used_by_another_in_the_same_ledger()
    {
        // The admin is the operation source of the bump, so both are valid when they are taken, and only one can be when applied.
        var other = Net.Account("other");
        var own = Net.NoOp(Net.Admin);
        var foreign = Net.Build(other, new BumpSequenceOperation(own.SequenceNumber + 5) { Source = Net.Admin.AccountId }).Build().Sign(Net.Network, other, Net.Admin);
        await Net.SendAsync(own);
        await Net.SendAsync(foreign);
        var before = Net.Ledger.Balance(Net.Admin.AccountId.ToString());

        Net.CloseLedger();

        var end = (await Net.FindAsync(own.Hash(Net.Network))).ShouldNotBeNull();
        var bumpedFirst = end.ApplicationOrder == 2;
        end.Status.ShouldBe(bumpedFirst ? TransactionStatus.FAILED : TransactionStatus.SUCCESS);
        Net.Ledger.SequenceNumber(Net.Admin.AccountId).ShouldBe(own.SequenceNumber + 5);
        Net.Ledger.Balance(Net.Admin.AccountId.ToString()).ShouldBe(before - 100);
    }

    private static T Inner<T>(TransactionRecord record)
        where T : OperationResultTr => TestNetwork.Result(record).Result switch
        {
            TransactionResultResult.TxFailed failed => ((OperationResult.OpInner)failed.Value[0]).Value.ShouldBeOfType<T>(),
            TransactionResultResult.TxSuccess success => ((OperationResult.OpInner)success.Value[0]).Value.ShouldBeOfType<T>(),
            var other => throw new ShouldAssertException($"no operation results in {other}"),
        };
}
