using System.Text;
using Payouts.Contracts;
using Payouts.Stellar.Rpc;
using Payouts.Stellar.Xdr;
using Payouts.Submitter.Confirming;
using Payouts.Submitter.Sending;
using Payouts.Submitter.Tests.Judging;
using Payouts.Submitter.Tests.Support;
using Payouts.Tests.Support;

namespace Payouts.Submitter.Tests.Documented;

/// <summary>docs/outcomes.md: every answer, every word of the ledger and what follows, read off the tables of the code.</summary>
internal static class OutcomesDocument
{
    /// <summary>Set to 1, the test of the document writes it instead.</summary>
    public const string WriteVariable = "PAYOUTS_TEST_WRITE_DOCS";

    public const string Command = $"{WriteVariable}=1 dotnet run --project tests/PayoutSubmitter -- -class '*When_the_outcomes_are_documented'";

    public static string Path => RepositoryRoot.PathOf("docs", "outcomes.md");

    /// <summary>The rows of the first table: answer, what else is known, what follows.</summary>
    public static IEnumerable<(string Answer, string Known, SendDecision Decision)> Sends()
    {
        foreach (var word in Answers.Words.Where(word => word is not ("txBAD_SEQ" or "TRY_AGAIN_LATER")))
            yield return (word, "", Decide(word));
        foreach (var price in Enum.GetValues<PriceView>())
            yield return ("TRY_AGAIN_LATER", $"price: {price}", Decide("TRY_AGAIN_LATER", price: price));
        foreach (var place in Enum.GetValues<SlotPlace>())
            yield return ("txBAD_SEQ", $"number: {place}", Decide("txBAD_SEQ", place));
    }

    /// <summary>Where a fee bump's answer means something else than the envelope's.</summary>
    public static IEnumerable<(string Answer, SendDecision Decision)> Bumps() =>
        Answers.Words.Concat(Answers.InnerCodes.Select(code => $"inner {code}"))
            .Select(word => (word, Decide(word, bumped: true)))
            .Where(row => row.word.StartsWith("inner ", StringComparison.Ordinal) || Say(row.Item2) != Say(Decide(row.word)));

    public static string Write()
    {
        var text = new StringBuilder(
            $"""
            # What an answer means, and what follows

            Read off the tables of payout-submitter (`SendTable`, `OutcomeTable`, `LedgerJudge`). Do not edit it; write it again with

                {Command}

            No answer to a send, no HTTP or RPC error and no clock of ours ever makes a payout failed: only a transaction that the ledger shows as
            FAILED does, and only when its result says how.

            ## A send was answered
            NOT_SENT: no connection was made, or the request was refused unread. UNKNOWN: any other HTTP error, time limit, broken or foreign answer;
            once a reply was lost, a refusal from another endpoint is UNKNOWN too. ERROR: a result that this version cannot read. "number" is what
            the channel's account says after txBAD_SEQ, "price" what getFeeStats says.

            | answer | known besides | envelope | what follows |
            |---|---|---|---|

            """);
        foreach (var (answer, known, decision) in Sends())
            text.Append($"| {answer} | {known} | {StateAfter(decision)} | {Say(decision)} |\n");
        text.Append(
            """

            Pauses in seconds: after TRY_AGAIN_LATER 5, 10, 15, 10, 15, 22, 33, 50, 75, 113, then 120 each; else 1, 2, 5, 10, 15, 22, 33, 50, 75, 113, then 120.

            ### Where a fee bump was sent
            Only what differs; "inner" is what the result says of the envelope inside.

            | answer | envelope | what follows |
            |---|---|---|

            """);
        foreach (var (answer, decision) in Bumps())
            text.Append($"| {answer} | {StateAfter(decision)} | {Say(decision)} |\n");
        text.Append(
            """

            ## The ledger was asked by hash
            | the ledger's word | meaning | while polls are left | at the last poll |
            |---|---|---|---|

            """);
        foreach (var evidence in Enum.GetValues<LedgerEvidence>())
            text.Append($"| {evidence} | {Meaning(evidence)} | {Say(OutcomeTable.Decide(evidence, lastPoll: false))} | {Say(OutcomeTable.Decide(evidence, lastPoll: true))} |\n");
        text.Append(
            """

            Validity is over when a ledger closed after the envelope's maxTime, or at its maxLedger: the ledger's clock, never ours. A watch is a slot that
            cannot be burned, with the validity of the longest of its envelopes.

            ## A transaction was found
            | it says | it follows |
            |---|---|
            | SUCCESS, with the contract's PAYOUT event and the token's transfer as ordered | PayoutConfirmed |
            | SUCCESS without them | PayoutUnresolved NotTransferred: a human |
            | a burn, restoring or not, whatever its result | SlotBurned |

            """);
        foreach (var (what, verdict) in Verdicts())
            text.Append($"| {what} | {Say(verdict)} |\n");
        return text.ToString();
    }

    /// <summary>FAILED, by every code that a result or the call's own result can have.</summary>
    public static IEnumerable<(string What, LedgerVerdict Verdict)> Verdicts()
    {
        foreach (var (number, name) in new[] { (3u, "AlreadyPaid"), (6u, "Paused"), (1u, "any other") })
            yield return ($"FAILED, the payout contract's error {name}", Judge(Evidence.FailedRecord(new InvokeHostFunctionResult.Trapped(), number)));
        yield return ("FAILED, an error of a contract that it calls", Judge(Evidence.FailedRecord(new InvokeHostFunctionResult.Trapped(), 3, Evidence.Token)));
        foreach (var result in Results())
            yield return ($"FAILED, {result.Discriminant}", Judge(Evidence.FailedRecord(result)));
        foreach (var code in Enum.GetValues<TransactionResultCode>().Where(code => code != TransactionResultCode.txFAILED && code != TransactionResultCode.txFEE_BUMP_INNER_FAILED))
            yield return ($"FAILED, {code}", Judge(WithResult(Answers.Encode(code))));
        yield return ("FAILED, a result that cannot be read", Judge(WithResult("AAAA")));
    }

    public static IEnumerable<InvokeHostFunctionResult> Results() =>
    [
        new InvokeHostFunctionResult.Success(new Hash(new XdrBytes(new byte[32]))), new InvokeHostFunctionResult.Malformed(), new InvokeHostFunctionResult.Trapped(),
        new InvokeHostFunctionResult.ResourceLimitExceeded(), new InvokeHostFunctionResult.EntryArchived(), new InvokeHostFunctionResult.InsufficientRefundableFee(),
    ];

    private static LedgerVerdict Judge(TransactionRecord record) => LedgerJudge.Judge(record, Evidence.Submission(), Evidence.Options);

    private static TransactionRecord WithResult(string result) =>
        Evidence.FailedRecord(new InvokeHostFunctionResult.Trapped()) with { Result = new EncodedXdr<TransactionResult>(result) };

    private static SendDecision Decide(string word, SlotPlace place = SlotPlace.NotAsked, PriceView price = PriceView.NotAsked, bool bumped = false) =>
        SendTable.Decide(new SendEvidence(Answers.Outcome(word), Tries: 1, place, price, bumped));

    private static string StateAfter(SendDecision decision) => decision switch
    {
        SendDecision.Watch or SendDecision.AskLedger or SendDecision.TellHuman or SendDecision.FundFeeAccount => nameof(SubmissionState.Watching),
        SendDecision.SendAgain or SendDecision.WaitTurn or SendDecision.BidMore => nameof(SubmissionState.Sending),
        _ => throw new ArgumentOutOfRangeException(nameof(decision), decision, "this is no decision"),
    };

    private static string Say(SendDecision decision) => decision switch
    {
        SendDecision.Watch => "PayoutSubmitted, once; watch the ledger",
        SendDecision.AskLedger => "ask the ledger at once, send no more",
        SendDecision.SendAgain => "the same bytes again after a pause",
        SendDecision.WaitTurn => "no try: sent when the number before it is done",
        SendDecision.BidMore => "fee bump to the next step; at the cap PayoutUnresolved FeeAboveCap",
        SendDecision.FundFeeAccount => "PayoutUnresolved FeeAccountUnfunded; watch the ledger",
        SendDecision.TellHuman => "PayoutUnresolved Refused; watch the ledger",
        _ => throw new ArgumentOutOfRangeException(nameof(decision), decision, "this is no decision"),
    };

    private static string Say(OutcomeDecision decision) => decision switch
    {
        OutcomeDecision.Conclude => "see below",
        OutcomeDecision.AskAgain => "ask again",
        OutcomeDecision.Raise => "fee bump to the next step; without a fee account the same bytes again",
        OutcomeDecision.Expire => "PayoutExpired: it may be built again on its slot; of a watch SlotProvenUnused",
        OutcomeDecision.TellHuman human => $"PayoutUnresolved {human.Code}: a human",
        _ => throw new ArgumentOutOfRangeException(nameof(decision), decision, "this is no decision"),
    };

    private static string Say(LedgerVerdict verdict) => verdict switch
    {
        LedgerVerdict.Failed { Transient: true } failed => $"PayoutFailed {failed.Code}: built again on a new slot",
        LedgerVerdict.Failed { Code: FailureCode.AlreadyPaid } failed => $"PayoutFailed {failed.Code}: the evidence is looked for",
        LedgerVerdict.Failed failed => $"PayoutFailed {failed.Code}",
        LedgerVerdict.Unclear => "PayoutUnresolved OutcomeUnknown: a human, and the slot is burned",
        _ => throw new ArgumentOutOfRangeException(nameof(verdict), verdict, "FAILED is none of this"),
    };

    private static string Meaning(LedgerEvidence evidence) => evidence switch
    {
        LedgerEvidence.Applied => "found under the envelope's hash or a fee bump's",
        LedgerEvidence.RivalApplied => "of a burn: a payment on the slot is found in its place; of a watch: a payment on the slot is found",
        LedgerEvidence.StillValid => "not found, and it can still come",
        LedgerEvidence.Late => "not found, and a node took it PAYOUTS_BUMP_AFTER_LEDGERS ledgers ago",
        LedgerEvidence.Dead => "not found, validity over, and a snapshot from after that shows its number unused",
        LedgerEvidence.NumberConsumed => "not found, validity over, its number is used",
        LedgerEvidence.NotProvable => "not found, validity over, and there is no account to prove it by",
        _ => throw new ArgumentOutOfRangeException(nameof(evidence), evidence, "this is no evidence"),
    };
}
