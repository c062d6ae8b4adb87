using System.Collections.Frozen;
using Payouts.Rounds.Game;

namespace Payouts.Rounds.Rules;

/// <summary>What the table says about an event in a state.</summary>
internal enum Verdict
{
    /// <summary>The event may be taken, if its content fits the round.</summary>
    Take,

    /// <summary>The event waits for another one.</summary>
    TooEarly,

    /// <summary>The event was taken already: the same content changes nothing, other content is refused.</summary>
    Compare,

    /// <summary>Never right in this state.</summary>
    Refuse,

    /// <summary>Cannot happen: this service raises the event itself and only where it fits.</summary>
    Never,
}

/// <summary>One row: in state From (null: the round is unknown), On leads To, because of Reason. Code names the refusal that follows from the verdict.</summary>
internal sealed record Transition(RoundState? From, RoundTrigger On, Verdict Verdict, RoundState? To, RefusalCode? Code, string Reason);

/// <summary>The one place that says what may happen to a round, and when. Every state x event is a row.</summary>
internal static class RoundTransitions
{
    public static IReadOnlyList<Transition> Table { get; } =
    [
        new(null, RoundTrigger.Opened, Verdict.Take, RoundState.Open, null, "the round begins"),
        new(null, RoundTrigger.Entered, Verdict.TooEarly, null, RefusalCode.RoundUnknown, "entries may overtake the opening"),
        new(null, RoundTrigger.Closed, Verdict.TooEarly, null, RefusalCode.RoundUnknown, "the closing may overtake the opening"),
        new(null, RoundTrigger.Drawn, Verdict.TooEarly, null, RefusalCode.RoundUnknown, "the draw may overtake the opening"),
        new(null, RoundTrigger.CancelAsked, Verdict.Refuse, null, RefusalCode.RoundUnknown, "what nobody opened holds no stakes to give back"),
        new(null, RoundTrigger.AllPaid, Verdict.Never, null, null, "a round that nobody opened owes nothing"),

        new(RoundState.Open, RoundTrigger.Opened, Verdict.Compare, RoundState.Open, RefusalCode.RoundConflict, "a repeat, or two rounds under one name"),
        new(RoundState.Open, RoundTrigger.Entered, Verdict.Take, RoundState.Open, null, "players enter while the round is open"),
        new(RoundState.Open, RoundTrigger.Closed, Verdict.Take, RoundState.Closed, RefusalCode.EntriesOutstanding, "closes when as many entries arrived as the closing counts"),
        new(RoundState.Open, RoundTrigger.Drawn, Verdict.TooEarly, RoundState.Open, RefusalCode.RoundNotClosed, "the draw may overtake the closing or the last entries"),
        new(RoundState.Open, RoundTrigger.CancelAsked, Verdict.Take, RoundState.Cancelled, null, "nothing is decided yet: every stake is owed back"),
        new(RoundState.Open, RoundTrigger.AllPaid, Verdict.Never, RoundState.Open, null, "nothing is owed yet"),

        new(RoundState.Closed, RoundTrigger.Opened, Verdict.Compare, RoundState.Closed, RefusalCode.RoundConflict, "a repeat, or two rounds under one name"),
        new(RoundState.Closed, RoundTrigger.Entered, Verdict.Compare, RoundState.Closed, RefusalCode.RoundAlreadyClosed, "a repeat, or an entry after the end"),
        new(RoundState.Closed, RoundTrigger.Closed, Verdict.Compare, RoundState.Closed, RefusalCode.RoundConflict, "a repeat, or another count of entries"),
        new(RoundState.Closed, RoundTrigger.Drawn, Verdict.Take, RoundState.Resolved, null, "all players are known: the debts can be computed"),
        new(RoundState.Closed, RoundTrigger.CancelAsked, Verdict.Take, RoundState.Cancelled, null, "nothing is decided yet: every stake is owed back"),
        new(RoundState.Closed, RoundTrigger.AllPaid, Verdict.Never, RoundState.Closed, null, "nothing is owed yet"),

        new(RoundState.Resolved, RoundTrigger.Opened, Verdict.Compare, RoundState.Resolved, RefusalCode.RoundConflict, "a repeat, or two rounds under one name"),
        new(RoundState.Resolved, RoundTrigger.Entered, Verdict.Compare, RoundState.Resolved, RefusalCode.RoundAlreadyClosed, "a repeat, or an entry after the end"),
        new(RoundState.Resolved, RoundTrigger.Closed, Verdict.Compare, RoundState.Resolved, RefusalCode.RoundConflict, "a repeat, or another count of entries"),
        new(RoundState.Resolved, RoundTrigger.Drawn, Verdict.Compare, RoundState.Resolved, RefusalCode.RoundConflict, "a repeat, or a second draw: debts are announced once"),
        new(RoundState.Resolved, RoundTrigger.CancelAsked, Verdict.Refuse, RoundState.Resolved, RefusalCode.RoundConflict, "the winners may be paid already"),
        new(RoundState.Resolved, RoundTrigger.AllPaid, Verdict.Take, RoundState.Settled, null, "every payout is confirmed or written off, and that is what was owed"),

        new(RoundState.Settled, RoundTrigger.Opened, Verdict.Compare, RoundState.Settled, RefusalCode.RoundConflict, "a repeat, or two rounds under one name"),
        new(RoundState.Settled, RoundTrigger.Entered, Verdict.Compare, RoundState.Settled, RefusalCode.RoundAlreadyClosed, "a repeat, or an entry after the end"),
        new(RoundState.Settled, RoundTrigger.Closed, Verdict.Compare, RoundState.Settled, RefusalCode.RoundConflict, "a repeat, or another count of entries"),
        new(RoundState.Settled, RoundTrigger.Drawn, Verdict.Compare, RoundState.Settled, RefusalCode.RoundConflict, "a repeat, or a second draw: debts are announced once"),
        new(RoundState.Settled, RoundTrigger.CancelAsked, Verdict.Refuse, RoundState.Settled, RefusalCode.RoundConflict, "the winners are paid"),
        new(RoundState.Settled, RoundTrigger.AllPaid, Verdict.Never, RoundState.Settled, null, "a round is settled once"),

        new(RoundState.Cancelled, RoundTrigger.Opened, Verdict.Compare, RoundState.Cancelled, RefusalCode.RoundConflict, "a repeat, or two rounds under one name"),
        new(RoundState.Cancelled, RoundTrigger.Entered, Verdict.Compare, RoundState.Cancelled, RefusalCode.RoundCancelled, "a repeat, or an entry that came too late to be refunded: the game keeps that stake apart"),
        new(RoundState.Cancelled, RoundTrigger.Closed, Verdict.Compare, RoundState.Cancelled, RefusalCode.RoundCancelled, "a repeat, or entries are missing that will not be taken any more"),
        new(RoundState.Cancelled, RoundTrigger.Drawn, Verdict.Refuse, RoundState.Cancelled, RefusalCode.RoundCancelled, "every stake is owed back: there is nothing to win"),
        new(RoundState.Cancelled, RoundTrigger.CancelAsked, Verdict.Compare, RoundState.Cancelled, null, "a repeat: who asked first and why stays"),
        new(RoundState.Cancelled, RoundTrigger.AllPaid, Verdict.Take, RoundState.Cancelled, null, "every refund is confirmed or written off; the round stays cancelled"),
    ];

    private static readonly FrozenDictionary<(RoundState? From, RoundTrigger On), Transition> Index = Table.ToFrozenDictionary(row => (row.From, row.On));

    /// <summary>The row for an event in a state; null is a round that nobody opened.</summary>
    public static Transition Of(RoundState? from, RoundTrigger on) => Index[(from, on)];
}
