using Payouts.Contracts;
using Payouts.Stellar.Rpc;
using Payouts.Stellar.Xdr;
using Payouts.Submitter.Confirming;
using Payouts.Submitter.Tests.Support;

namespace Payouts.Submitter.Tests.Judging;

public sealed class When_the_ledger_is_read
{
    public static TheoryData<string, ContractEvent[], bool> Successes => new()
    {
        { "both events, as ordered", [Evidence.Transfer(), Evidence.Payout()], true },
        { "both among others", [Evidence.Transfer(to: Evidence.Other), Evidence.Payout(winner: Evidence.Other), Evidence.Transfer(), Evidence.Payout()], true },
        { "nothing", [], false },
        { "a record without a transfer", [Evidence.Payout()], false },
        { "a transfer without a record", [Evidence.Transfer()], false },
        { "another amount recorded", [Evidence.Transfer(), Evidence.Payout(amount: 49_999_999)], false },
        { "another amount transferred", [Evidence.Transfer(amount: 49_999_999), Evidence.Payout()], false },
        { "more transferred", [Evidence.Transfer(amount: 50_000_001), Evidence.Payout()], false },
        { "two transfers that add up", [Evidence.Transfer(amount: 25_000_000), Evidence.Transfer(amount: 25_000_000), Evidence.Payout()], false },
        { "another token", [Evidence.Transfer(token: Evidence.Stranger), Evidence.Payout()], false },
        { "from another purse", [Evidence.Transfer(from: Evidence.Stranger), Evidence.Payout()], false },
        { "to somebody else", [Evidence.Transfer(to: Evidence.Other), Evidence.Payout()], false },
        { "recorded for somebody else", [Evidence.Transfer(), Evidence.Payout(winner: Evidence.Other)], false },
        { "another currency", [Evidence.Transfer(), Evidence.Payout(currency: "USDC")], false },
        { "announced by another contract", [Evidence.Transfer(), Evidence.Payout(contract: Evidence.Stranger)], false },
        { "a transfer that was rolled back", [Evidence.Transfer().RolledBack(), Evidence.Payout()], false },
        { "a record that was rolled back", [Evidence.Transfer(), Evidence.Payout().RolledBack()], false },
    };

    [Theory]
    [MemberData(nameof(Successes))]
    public void Should_call_it_paid_only_with_both_events_as_ordered(string what, ContractEvent[] events, bool paid)
    {
        var verdict = LedgerJudge.JudgeEvents(events, 77, Evidence.Submission(), Evidence.Options);

        if (paid)
            verdict.ShouldBe(new LedgerVerdict.Paid(77), what);
        else
            verdict.ShouldBeOfType<LedgerVerdict.NotAsOrdered>(what).Ledger.ShouldBe(77u);
    }

    [Fact]
    public void Should_not_believe_in_a_currency_whose_token_nobody_named()
    {
        var verdict = LedgerJudge.JudgeEvents([Evidence.Transfer(), Evidence.Payout(currency: "GOLD")], 77, Evidence.Submission("GOLD"), Evidence.Options);

        verdict.ShouldBeOfType<LedgerVerdict.NotAsOrdered>().Detail.ShouldContain("PAYOUT_TOKEN_CONTRACTS");
    }

    [Fact]
    public void Should_not_guess_what_an_unreadable_event_says()
    {
        var record = Evidence.FailedRecord(new InvokeHostFunctionResult.Trapped()) with { Status = TransactionStatus.SUCCESS, ContractEvents = [[new EncodedXdr<ContractEvent>("AAAA")]] };

        LedgerJudge.Judge(record, Evidence.Submission(), Evidence.Options).ShouldBeOfType<LedgerVerdict.NotAsOrdered>().Detail.ShouldContain("cannot be read");
    }

    public static TheoryData<string, TransactionRecord, FailureCode, bool> Failures => new()
    {
        { "the contract's 3", Evidence.FailedRecord(new InvokeHostFunctionResult.Trapped(), 3), FailureCode.AlreadyPaid, false },
        { "the contract's 6", Evidence.FailedRecord(new InvokeHostFunctionResult.Trapped(), 6), FailureCode.ContractPaused, false },
        { "the contract's 1", Evidence.FailedRecord(new InvokeHostFunctionResult.Trapped(), 1), FailureCode.ContractRefused, false },
        { "the token's 6 is a missing account", Evidence.FailedRecord(new InvokeHostFunctionResult.Trapped(), 6, Evidence.Token), FailureCode.ContractRefused, false },
        { "a token's 3 is its own", Evidence.FailedRecord(new InvokeHostFunctionResult.Trapped(), 3, Evidence.Token), FailureCode.ContractRefused, false },
        { "trapped without a word", Evidence.FailedRecord(new InvokeHostFunctionResult.Trapped()), FailureCode.FailedOnLedger, false },
        { "malformed", Evidence.FailedRecord(new InvokeHostFunctionResult.Malformed()), FailureCode.FailedOnLedger, false },
        { "resources", Evidence.FailedRecord(new InvokeHostFunctionResult.ResourceLimitExceeded()), FailureCode.FailedOnLedger, true },
        { "archived", Evidence.FailedRecord(new InvokeHostFunctionResult.EntryArchived()), FailureCode.FailedOnLedger, true },
        { "refundable fee", Evidence.FailedRecord(new InvokeHostFunctionResult.InsufficientRefundableFee()), FailureCode.FailedOnLedger, true },
    };

    [Theory]
    [MemberData(nameof(Failures))]
    public void Should_say_why_it_failed_and_whether_it_may_go_better(string what, TransactionRecord record, FailureCode code, bool transient)
    {
        var failed = LedgerJudge.Judge(record, Evidence.Submission(), Evidence.Options).ShouldBeOfType<LedgerVerdict.Failed>(what);

        (failed.Ledger, failed.Code, failed.Transient).ShouldBe((77u, code, transient), what);
        failed.Detail.ShouldNotBeEmpty();
    }

    /// <summary>FAILED is what the RPC says; unless the result says how, nobody takes it as the proof that the slot is consumed.</summary>
    [Fact]
    public void Should_call_nothing_failed_whose_result_does_not_say_so()
    {
        foreach (var code in Enum.GetValues<TransactionResultCode>().Except([TransactionResultCode.txFAILED, TransactionResultCode.txFEE_BUMP_INNER_FAILED]))
            Judge(Answers.Encode(code)).ShouldBeOfType<LedgerVerdict.Unclear>(code.ToString()).Detail.ShouldContain(code.ToString());
        Judge("AAAA").ShouldBeOfType<LedgerVerdict.Unclear>().Detail.ShouldContain("cannot read");
        Judge(Answers.Encode(TransactionResultCode.txFAILED)).ShouldBeOfType<LedgerVerdict.Unclear>("no operation's result");
        Judge(Answers.Encode(TransactionResultCode.txFEE_BUMP_INNER_FAILED)).ShouldBeOfType<LedgerVerdict.Unclear>("the inner one says SUCCESS");

        static LedgerVerdict Judge(string result) =>
            LedgerJudge.Judge(Evidence.FailedRecord(new InvokeHostFunctionResult.Trapped()) with { Result = new EncodedXdr<TransactionResult>(result) }, Evidence.Submission(), Evidence.Options);
    }
}
