using Payouts.Stellar.Rpc;
using Payouts.Stellar.Xdr;
using Payouts.Submitter.Sending;
using Payouts.Submitter.Tests.Support;

namespace Payouts.Submitter.Tests.Sending;

/// <summary>Every answer and what follows. There is no decision "failed": only the ledger says that.</summary>
public sealed class When_the_network_answers_a_send
{
    private const string Table =
        """
        PENDING                  | Watch
        DUPLICATE                | Watch
        TRY_AGAIN_LATER          | SendAgain
        NOT_SENT                 | SendAgain
        UNKNOWN                  | SendAgain
        ERROR                    | SendAgain
        txFEE_BUMP_INNER_SUCCESS | TellHuman
        txSUCCESS                | TellHuman
        txFAILED                 | TellHuman
        txTOO_EARLY              | SendAgain
        txTOO_LATE               | AskLedger
        txMISSING_OPERATION      | TellHuman
        txBAD_SEQ                | SendAgain
        txBAD_AUTH               | TellHuman
        txINSUFFICIENT_BALANCE   | BidMore
        txNO_ACCOUNT             | TellHuman
        txINSUFFICIENT_FEE       | BidMore
        txBAD_AUTH_EXTRA         | TellHuman
        txINTERNAL_ERROR         | SendAgain
        txNOT_SUPPORTED          | TellHuman
        txFEE_BUMP_INNER_FAILED  | TellHuman
        txBAD_SPONSORSHIP        | TellHuman
        txBAD_MIN_SEQ_AGE_OR_GAP | TellHuman
        txMALFORMED              | TellHuman
        txSOROBAN_INVALID        | TellHuman
        txFROZEN_KEY_ACCESSED    | TellHuman
        """;

    private static readonly Dictionary<string, string> Rows = Table.Split('\n').Select(line => line.Split('|')).ToDictionary(x => x[0].Trim(), x => x[1].Trim(), StringComparer.Ordinal);

    public static TheoryData<string> Words => [.. Rows.Keys];

    [Theory]
    [MemberData(nameof(Words))]
    public void Should_do_what_the_table_says(string answer)
    {
        var outcome = Answers.Outcome(answer);

        SendTable.NameOf(outcome).ShouldBe(answer);
        var decision = SendTable.Decide(new SendEvidence(outcome, Tries: 1));
        decision.GetType().Name.ShouldBe(Rows[answer]);
        (decision as SendDecision.TellHuman)?.Detail.ShouldContain(answer);
        (decision as SendDecision.Watch)?.Ledger.ShouldBe(7u);
    }

    [Fact]
    public void Should_name_every_answer_that_the_network_has()
    {
        var words = new[] { "PENDING", "DUPLICATE", "TRY_AGAIN_LATER", "NOT_SENT", "UNKNOWN", "ERROR" };
        Rows.Keys.ShouldBe(words.Concat(Enum.GetNames<TransactionResultCode>()), ignoreOrder: true);
        Nested<SendOutcome>().ShouldBe(["Pending", "Duplicate", "TryAgainLater", "Refused", "NotSent", "Unknown"], ignoreOrder: true);
        Nested<SendDecision>().ShouldBe(["Watch", "AskLedger", "SendAgain", "WaitTurn", "BidMore", "FundFeeAccount", "TellHuman"], ignoreOrder: true, "and none of them is a failure");
    }

    /// <summary>The table is total: whatever the answer, the account and the prices say, something follows, and it is never a failure.</summary>
    [Fact]
    public void Should_decide_every_combination()
    {
        var decided = new HashSet<string>(StringComparer.Ordinal);
        foreach (var word in Answers.Words.Concat(Answers.InnerCodes.Select(code => $"inner {code}")))
        {
            foreach (var place in Enum.GetValues<SlotPlace>())
            {
                foreach (var price in Enum.GetValues<PriceView>())
                {
                    foreach (var bumped in new[] { false, true })
                    {
                        foreach (var tries in new[] { 1, 11, int.MaxValue })
                            decided.Add(SendTable.Decide(new SendEvidence(Answers.Outcome(word), tries, place, price, bumped)).GetType().Name);
                    }
                }
            }
        }

        decided.ShouldBe(Nested<SendDecision>(), ignoreOrder: true, "every decision is somebody's");
    }

    /// <summary>A fee bump's own refusal is the fee account's business; what it says of the envelope inside is judged as the envelope's.</summary>
    [Theory]
    [InlineData("txINSUFFICIENT_BALANCE", "FundFeeAccount")]
    [InlineData("txNO_ACCOUNT", "FundFeeAccount")]
    [InlineData("txINSUFFICIENT_FEE", "BidMore")]
    [InlineData("txBAD_AUTH", "TellHuman")]
    [InlineData("txTOO_LATE", "AskLedger")]
    [InlineData("inner txBAD_SEQ", "SendAgain")]
    [InlineData("inner txTOO_LATE", "AskLedger")]
    [InlineData("inner txINSUFFICIENT_BALANCE", "SendAgain")]
    [InlineData("inner txNO_ACCOUNT", "TellHuman")]
    [InlineData("inner txBAD_AUTH", "TellHuman")]
    public void Should_tell_a_fee_bump_from_what_it_holds(string answer, string decision) =>
        SendTable.Decide(new SendEvidence(Answers.Outcome(answer), Tries: 1, Bumped: true)).GetType().Name.ShouldBe(decision);

    /// <summary>"Bad" is a number that is used, and one whose turn has not come: the account says which.</summary>
    [Theory]
    [InlineData(SlotPlace.NotAsked, "SendAgain")]
    [InlineData(SlotPlace.Later, "WaitTurn")]
    [InlineData(SlotPlace.Next, "SendAgain")]
    [InlineData(SlotPlace.Consumed, "AskLedger")]
    [InlineData(SlotPlace.NoAccount, "AskLedger")]
    public void Should_let_the_account_say_what_a_bad_number_is(SlotPlace place, string decision) =>
        SendTable.Decide(new SendEvidence(Answers.Outcome("txBAD_SEQ"), Tries: 1, place)).GetType().Name.ShouldBe(decision);

    [Theory]
    [InlineData(8, SlotPlace.Later)]
    [InlineData(9, SlotPlace.Next)]
    [InlineData(10, SlotPlace.Consumed)]
    [InlineData(11, SlotPlace.Consumed)]
    [InlineData(null, SlotPlace.NoAccount)]
    public void Should_see_where_the_account_stands(int? used, SlotPlace place)
    {
        var account = used is { } number
            ? new AccountEntry(SubmittingNetwork.Key("one").AccountId.ToXdr(), 1, number, 0, null, 0, new String32(""), new Thresholds(new XdrBytes(new byte[4])), [], new AccountEntryExt.V0())
            : null;

        SendTable.PlaceOf(new AccountSnapshot(account, 7), sequenceNumber: 10).ShouldBe(place);
    }

    [Fact]
    public void Should_wait_longer_each_time_and_never_longer_than_two_minutes()
    {
        Pauses(new SendOutcome.Unknown("lost")).ShouldBe([1, 2, 5, 10, 15, 22, 33, 50, 75, 113, 120, 120, 120]);
        Pauses(new SendOutcome.TryAgainLater(7)).ShouldBe([5, 10, 15, 10, 15, 22, 33, 50, 75, 113, 120, 120, 120], "a ban lasts ten ledgers");
    }

    private static IEnumerable<double> Pauses(SendOutcome outcome) =>
        Enumerable.Range(1, 13).Select(tries => ((SendDecision.SendAgain)SendTable.Decide(new SendEvidence(outcome, tries))).Pause.TotalSeconds);

    private static IEnumerable<string> Nested<T>() => typeof(T).GetNestedTypes().Where(x => x.IsSubclassOf(typeof(T))).Select(x => x.Name);
}
