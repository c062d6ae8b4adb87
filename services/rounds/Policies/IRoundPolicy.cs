using Payouts.Rounds.Game;

namespace Payouts.Rounds.Policies;

/// <summary>Turns a draw into debts. Pure; a change of the rules is a new version, so that a resolution can be verified later.</summary>
internal interface IRoundPolicy
{
    /// <summary>From a closed list: it is a metric's label.</summary>
    string Name { get; }

    /// <summary>Raised with every change of what the policy decides.</summary>
    int Version { get; }

    /// <summary>Decides who is owed what. The draw's own problems are the caller's business; its valid part is judged here.</summary>
    /// <param name="draw">What the game drew.</param>
    /// <param name="bets">Every player of the round.</param>
    PolicyResult Resolve(RoundDraw draw, IReadOnlyDictionary<string, Bet> bets);
}
