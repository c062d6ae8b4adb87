using Payouts.Stellar;
using Payouts.Stellar.Rpc;
using Payouts.Stellar.Xdr;
using Shouldly;
using Xunit;

namespace Payouts.Devnet.Tests.Queue;

/// <summary>Row 10 of the queue's order: time, sequence number, signatures, fee and form. What is refused leaves no trace on the ledger.</summary>
public sealed class When_the_queue_judges_validity : NetworkTest
{
    [Fact(Timeout = TimeoutMs)]
    public async Task Should_refuse_what_would_expire_within_ten_seconds_though_the_ledger_could_still_take_it()
    {
        var channel = Net.Account("channel");
        Net.CloseLedger();

        var late = Net.NoOp(channel, validSeconds: 9);
        TestNetwork.Refusal(await Net.SendAsync(late)).ShouldBe(TransactionResultCode.txTOO_LATE);

        var inTime = Net.NoOp(channel, validSeconds: 10);
        (await Net.ApplyAsync(inTime)).Status.ShouldBe(TransactionStatus.SUCCESS);
        (await Net.FindAsync(late.Hash(Net.Network))).ShouldBeNull();
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task Should_count_the_drift_of_the_clock_since_the_last_close()
    {
        var channel = Net.Account("channel");
        Net.CloseLedger();
        var transaction = Net.NoOp(channel, validSeconds: 20);
        Net.Clock.Advance(TimeSpan.FromSeconds(11));

        TestNetwork.Refusal(await Net.SendAsync(transaction)).ShouldBe(TransactionResultCode.txTOO_LATE);
        await When_the_queue_is_asked.ShouldLeaveNoTraceAsync(Net, channel, transaction);
    }

    [Theory(Timeout = TimeoutMs)]
    [InlineData(2, TransactionResultCode.txBAD_SEQ)]
    [InlineData(0, TransactionResultCode.txBAD_SEQ)]
    public async Task Should_refuse_any_sequence_number_but_the_next(int ahead, TransactionResultCode code)
    {
        var channel = Net.Account("channel");

        TestNetwork.Refusal(await Net.SendAsync(Net.NoOp(channel, Net.NextSequence(channel) - 1 + ahead))).ShouldBe(code);

        Net.CloseLedger();
        Net.Ledger.Balance(channel.AccountId.ToString()).ShouldBe(1_000_000_000);
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task Should_refuse_wrong_and_surplus_signatures()
    {
        var channel = Net.Account("channel");
        var stranger = TestNetwork.Key("stranger");
        var unsigned = Net.Build(channel, new BumpSequenceOperation(0)).Build();

        TestNetwork.Refusal(await Net.SendAsync(unsigned)).ShouldBe(TransactionResultCode.txBAD_AUTH);
        TestNetwork.Refusal(await Net.SendAsync(unsigned.Sign(Net.Network, stranger))).ShouldBe(TransactionResultCode.txBAD_AUTH);
        TestNetwork.Refusal(await Net.SendAsync(unsigned.Sign(Net.Network, channel, stranger))).ShouldBe(TransactionResultCode.txBAD_AUTH_EXTRA);
        TestNetwork.Refusal(await Net.SendAsync(unsigned.Sign(new Network("another network"), channel))).ShouldBe(TransactionResultCode.txBAD_AUTH);
        await When_the_queue_is_asked.ShouldLeaveNoTraceAsync(Net, channel, unsigned);
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task Should_refuse_a_payout_that_the_admin_has_not_signed()
    {
        var channel = Net.Account("channel");
        var unsigned = await Net.AssembleAsync(channel, Net.Order(Net.Account("winner")));

        TestNetwork.Refusal(await Net.SendAsync(unsigned.Sign(Net.Network, channel))).ShouldBe(TransactionResultCode.txFAILED);
        await When_the_queue_is_asked.ShouldLeaveNoTraceAsync(Net, channel, unsigned);
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task Should_refuse_an_unknown_account_and_a_fee_below_the_minimum()
    {
        var nobody = TestNetwork.Key("nobody");
        var channel = Net.Account("channel");
        var cheap = When_the_queue_is_asked.Unsigned(Net.NoOp(channel).Body with { Fee = 99 });

        TestNetwork.Refusal(await Net.SendAsync(Net.NoOp(nobody, sequence: 1))).ShouldBe(TransactionResultCode.txNO_ACCOUNT);
        var refused = (await Net.SendAsync(cheap.Sign(Net.Network, channel))).ShouldBeOfType<SendOutcome.Refused>();
        (refused.Code, refused.FeeCharged).ShouldBe((TransactionResultCode.txINSUFFICIENT_FEE, 100));
        await When_the_queue_is_asked.ShouldLeaveNoTraceAsync(Net, channel, cheap);
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task Should_refuse_a_resource_fee_that_does_not_cover_what_is_declared()
    {
        var channel = Net.Account("channel");
        var payout = await Net.PayoutAsync(channel, Net.Order(Net.Account("winner")));
        var data = payout.SorobanData! with { ResourceFee = 1_000 };
        var poor = When_the_queue_is_asked.Unsigned(payout.Body with { Ext = new TransactionExt.V1(data) }).Sign(Net.Network, channel, Net.Admin);

        TestNetwork.Refusal(await Net.SendAsync(poor)).ShouldBe(TransactionResultCode.txSOROBAN_INVALID);
        await When_the_queue_is_asked.ShouldLeaveNoTraceAsync(Net, channel, poor);
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task Should_refuse_operations_that_the_devnet_does_not_model()
    {
        var channel = Net.Account("channel");
        var inflation = new Stellar.Xdr.Operation(null, new OperationBody.Inflation());
        var transaction = When_the_queue_is_asked.Unsigned(Net.NoOp(channel).Body with { Operations = [inflation] }).Sign(Net.Network, channel);

        var refused = (await Net.SendAsync(transaction)).ShouldBeOfType<SendOutcome.Refused>();

        refused.Result.Decode().Result.ShouldBeOfType<TransactionResultResult.TxFailed>().Value[0].ShouldBeOfType<OperationResult.OpNotSupported>();
        await When_the_queue_is_asked.ShouldLeaveNoTraceAsync(Net, channel, transaction);
    }

    [Theory(Timeout = TimeoutMs)]
    [InlineData("no operation", TransactionResultCode.txMISSING_OPERATION)]
    [InlineData("too early", TransactionResultCode.txTOO_EARLY)]
    [InlineData("before its first ledger", TransactionResultCode.txTOO_EARLY)]
    [InlineData("at its last ledger", TransactionResultCode.txTOO_LATE)]
    [InlineData("two operations of a contract", TransactionResultCode.txMALFORMED)]
    [InlineData("a contract call with a memo", TransactionResultCode.txSOROBAN_INVALID)]
    [InlineData("a contract call from a muxed account", TransactionResultCode.txSOROBAN_INVALID)]
    [InlineData("not the fee", TransactionResultCode.txINSUFFICIENT_BALANCE)]
    public async Task Should_refuse_by_the_first_rule_that_is_broken(string situation, TransactionResultCode code)
    {
        var channel = Net.Account("channel");
        var poor = Net.Account("poor", 10_000_099);
        var noOp = Net.NoOp(channel).Body;
        var payout = (await Net.AssembleAsync(channel, Net.Order(Net.Account("winner")))).Body;
        var next = Net.Ledger.LatestLedger + 1;
        var body = situation switch
        {
            "no operation" => noOp with { Operations = [] },
            "too early" => noOp with { Cond = new Preconditions.Time(new TimeBounds((ulong)Net.Clock.GetUtcNow().ToUnixTimeSeconds() + 60, 0)) },
            "before its first ledger" => Bounded(noOp, new LedgerBounds(next + 1, 0)),
            "at its last ledger" => Bounded(noOp, new LedgerBounds(0, next)),
            "two operations of a contract" => payout with { Operations = [payout.Operations[0], payout.Operations[0]] },
            "a contract call with a memo" => payout with { Memo = new Memo.Id(1) },
            "a contract call from a muxed account" => payout with { SourceAccount = new MuxedAccount.MuxedEd25519(new MuxedAccountMed25519(1, Key(channel))) },
            _ => Net.NoOp(poor).Body,
        };
        var source = situation == "not the fee" ? poor : channel;
        var transaction = When_the_queue_is_asked.Unsigned(body).Sign(Net.Network, source);

        TestNetwork.Refusal(await Net.SendAsync(transaction)).ShouldBe(code);

        await When_the_queue_is_asked.ShouldLeaveNoTraceAsync(Net, source, transaction);
    }

    private static Uint256 Key(KeyPair key) => ((PublicKey.Ed25519)key.AccountId.ToXdr().Value).Value;

    private static Stellar.Xdr.Transaction Bounded(Stellar.Xdr.Transaction body, LedgerBounds bounds) =>
        body with { Cond = new Preconditions.V2(new PreconditionsV2(((Preconditions.Time)body.Cond).Value, bounds, null, 0, 0, [])) };
}
