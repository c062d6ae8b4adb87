using Payouts.Stellar.Xdr;
using Payouts.Submitter.Confirming;

namespace Payouts.Submitter.Tests.Documented;

public sealed class When_the_outcomes_are_documented
{
    [Fact]
    public async Task Should_be_what_the_tables_say()
    {
        var written = OutcomesDocument.Write();
        if (Environment.GetEnvironmentVariable(OutcomesDocument.WriteVariable) == "1")
            await File.WriteAllTextAsync(OutcomesDocument.Path, written, TestContext.Current.CancellationToken);
        var kept = File.Exists(OutcomesDocument.Path) ? await File.ReadAllTextAsync(OutcomesDocument.Path, TestContext.Current.CancellationToken) : "";
        kept.ShouldBe(written, $"docs/outcomes.md is out of date; write it again with: {OutcomesDocument.Command}");
    }

    /// <summary>Only a transaction that failed by its call's own result ends a payout as failed.</summary>
    [Fact]
    public void Should_call_failed_only_what_the_ledger_shows_to_have_failed()
    {
        OutcomesDocument.Results().Select(x => x.Discriminant).ShouldBe(Enum.GetValues<InvokeHostFunctionResultCode>(), ignoreOrder: true, "every result of a call is judged");
        OutcomesDocument.Verdicts().Where(x => x.Verdict is LedgerVerdict.Failed).Select(x => x.What).ShouldBe(
        [
            "FAILED, the payout contract's error AlreadyPaid", "FAILED, the payout contract's error Paused", "FAILED, the payout contract's error any other",
            "FAILED, an error of a contract that it calls", "FAILED, INVOKE_HOST_FUNCTION_MALFORMED", "FAILED, INVOKE_HOST_FUNCTION_TRAPPED",
            "FAILED, INVOKE_HOST_FUNCTION_RESOURCE_LIMIT_EXCEEDED", "FAILED, INVOKE_HOST_FUNCTION_ENTRY_ARCHIVED", "FAILED, INVOKE_HOST_FUNCTION_INSUFFICIENT_REFUNDABLE_FEE",
        ], ignoreOrder: true);
        foreach (var evidence in Enum.GetValues<LedgerEvidence>())
        {
            foreach (var lastPoll in new[] { false, true })
                OutcomeTable.Decide(evidence, lastPoll).ShouldNotBeNull();
        }
    }
}
