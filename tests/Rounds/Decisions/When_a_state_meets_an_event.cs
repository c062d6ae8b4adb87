using Payouts.Contracts;
using Payouts.Rounds.Game;
using Payouts.Rounds.Rules;

namespace Payouts.Rounds.Tests.Decisions;

public sealed class When_a_state_meets_an_event
{
    private static readonly RoundState?[] States = [null, .. Enum.GetValues<RoundState>().Select(x => (RoundState?)x)];
    private static readonly GameRoundOpened Opened = Tests.Game.Opened();
    private static readonly GameRoundDrawn Drawn = Tests.Game.Drawn(Opened.RoundId, (1, "3"));

    [Fact]
    public void Should_find_exactly_one_row_with_a_reason_for_each_pair()
    {
        var pairs = from state in States from trigger in Enum.GetValues<RoundTrigger>() select (state, trigger);
        RoundTransitions.Table.Select(row => (row.From, row.On)).ShouldBe(pairs, ignoreOrder: true);
        RoundTransitions.Table.ShouldAllBe(row => row.Reason.Length > 0);
    }

    [Fact]
    public void Should_move_only_forwards_and_only_by_the_steps_there_are()
    {
        RoundTransitions.Table.Where(row => row.From != row.To).Select(row => (row.From, row.On, row.To)).ShouldBe(
            [
                (null, RoundTrigger.Opened, RoundState.Open),
                (RoundState.Open, RoundTrigger.Closed, RoundState.Closed),
                (RoundState.Closed, RoundTrigger.Drawn, RoundState.Resolved),
                (RoundState.Resolved, RoundTrigger.AllPaid, RoundState.Settled),
                (RoundState.Open, RoundTrigger.CancelAsked, RoundState.Cancelled),
                (RoundState.Closed, RoundTrigger.CancelAsked, RoundState.Cancelled),
            ], ignoreOrder: true);
    }

    [Theory]
    [InlineData(null, "Taken", "RoundUnknown", "RoundUnknown", "RoundUnknown")]
    [InlineData(RoundState.Open, "Repeated", "Repeated", "Taken", "RoundNotClosed")]
    [InlineData(RoundState.Closed, "Repeated", "Repeated", "Repeated", "Decided")]
    [InlineData(RoundState.Resolved, "Repeated", "Repeated", "Repeated", "Repeated")]
    [InlineData(RoundState.Settled, "Repeated", "Repeated", "Repeated", "Repeated")]
    [InlineData(RoundState.Cancelled, "Repeated", "Repeated", "Repeated", "RoundCancelled")]
    internal void Should_take_or_recognise_or_park_what_fits(RoundState? state, string opened, string entered, string closed, string drawn) =>
        Decide(state, Opened, Read.Entries(Opened.RoundId), Tests.Game.Closed(Opened.RoundId, 2), Drawn).ShouldBe([opened, entered, closed, drawn]);

    [Theory]
    [InlineData(null, "Taken", "RoundUnknown", "RoundUnknown", "RoundUnknown")]
    [InlineData(RoundState.Open, "RoundConflict", "Taken", "EntriesOutstanding", "RoundNotClosed")]
    [InlineData(RoundState.Closed, "RoundConflict", "RoundAlreadyClosed", "RoundConflict", "Decided")]
    [InlineData(RoundState.Resolved, "RoundConflict", "RoundAlreadyClosed", "RoundConflict", "RoundConflict")]
    [InlineData(RoundState.Settled, "RoundConflict", "RoundAlreadyClosed", "RoundConflict", "RoundConflict")]
    [InlineData(RoundState.Cancelled, "RoundConflict", "RoundCancelled", "RoundCancelled", "RoundCancelled")]
    internal void Should_refuse_other_content(RoundState? state, string opened, string entered, string closed, string drawn) =>
        Decide(state, Opened with { Currency = "USDC" }, Tests.Game.Entered(Opened.RoundId, 3, "1"), Tests.Game.Closed(Opened.RoundId, 3), Tests.Game.Drawn(Opened.RoundId, (2, "3")))
            .ShouldBe([opened, entered, closed, drawn]);

    [Theory]
    [InlineData(null, "RoundUnknown")]
    [InlineData(RoundState.Open, "Decided")]
    [InlineData(RoundState.Closed, "Decided")]
    [InlineData(RoundState.Resolved, "RoundConflict")]
    [InlineData(RoundState.Settled, "RoundConflict")]
    [InlineData(RoundState.Cancelled, "Repeated")]
    internal void Should_be_cancelled_only_before_anything_is_owed(RoundState? state, string expected) =>
        Name(RoundRules.Cancel(Read.RoundIn(state, Opened, Drawn), Opened.RoundId, Read.Known)).ShouldBe(expected);

    [Theory]
    [InlineData("1.5", "2", "Repeated")]
    [InlineData("1.50", "2.0000000", "Repeated")]
    [InlineData("1.5", "3", "DuplicatePlayer")]
    internal void Should_tell_a_repeated_entry_from_a_second_one(string first, string second, string expected) =>
        Name(RoundRules.Enter(Read.RoundIn(RoundState.Open, Opened, Drawn), GameEventReader.Read(Tests.Game.Entered(Opened.RoundId, 1, first, second)), Read.Known)).ShouldBe(expected);

    [Fact]
    public void Should_refuse_a_closing_that_forgets_entries() =>
        Name(RoundRules.Close(Read.RoundIn(RoundState.Open, Opened, Drawn), GameEventReader.Read(Tests.Game.Closed(Opened.RoundId, 1)))).ShouldBe("EntryCountExceeded");

    [Fact]
    public void Should_refuse_a_key_that_another_round_has()
    {
        var refused = RoundRules.Open(null, GameEventReader.Read(Opened), "first").ShouldBeOfType<Decision.Refused>().Refusal;
        refused.Code.ShouldBe(RefusalCode.KeyUsed);
        refused.Detail.ShouldContain("\"first\"");
    }

    [Fact]
    public void Should_recognise_a_draw_in_another_wording()
    {
        var drawn = Tests.Game.Drawn(Opened.RoundId, (1, "1"), (2, "2"));
        var reworded = drawn with { Yield = "0.0", Winners = [drawn.Winners[1] with { Amount = "2.000" }, drawn.Winners[0]] };
        RoundRules.Draw(Read.RoundIn(RoundState.Resolved, Opened, drawn), Read.Draw(reworded), Read.Known, room: null).ShouldBeOfType<Decision.Repeated>();
    }

    private static string[] Decide(RoundState? state, GameRoundOpened opened, GameRoundEntered entered, GameRoundClosed closed, GameRoundDrawn drawn)
    {
        var round = Read.RoundIn(state, Opened, Drawn);
        return
        [
            Name(RoundRules.Open(round, GameEventReader.Read(opened), keyHolder: null)),
            Name(RoundRules.Enter(round, GameEventReader.Read(entered), Read.Known)),
            Name(RoundRules.Close(round, GameEventReader.Read(closed))),
            Name(RoundRules.Draw(round, Read.Draw(drawn), Read.Known, room: null)),
        ];
    }

    private static string Name(Decision decision) => decision switch
    {
        Decision.TooEarly early => early.Missing.Code.ToString(),
        Decision.Refused refused => refused.Refusal.Code.ToString(),
        _ => decision.GetType().Name,
    };
}
