using Payouts.Rounds.Game;
using Payouts.Rounds.Policies;

namespace Payouts.Rounds.Rules;

/// <summary>What becomes of an event; a closed set.</summary>
internal abstract record Decision
{
    private Decision()
    {
    }

    /// <summary>The round takes the event and is then in state <paramref name="To"/>.</summary>
    public sealed record Taken(RoundState To) : Decision;

    /// <summary>The draw is taken: these are the debts.</summary>
    public sealed record Decided(RoundState To, IRoundPolicy Policy, Resolution Resolution) : Decision;

    /// <summary>The event was taken before, word for word: nothing changes.</summary>
    public sealed record Repeated : Decision;

    /// <summary>The event waits; if it waits too long, this is why it was in vain.</summary>
    public sealed record TooEarly(Problem Missing) : Decision;

    /// <summary>The event can never be taken.</summary>
    public sealed record Refused(Refusal Refusal) : Decision;

    public static Decision Refuse(RefusalCode code, string text) => new Refused(new Refusal([new Problem(code, text)]));

    public static Decision Refuse(IReadOnlyList<Problem> problems) => new Refused(new Refusal(problems));
}
