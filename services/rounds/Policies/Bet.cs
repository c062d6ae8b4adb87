using Payouts.Contracts;

namespace Payouts.Rounds.Policies;

/// <summary>What a player put in.</summary>
/// <param name="Stake">Zero or more.</param>
/// <param name="Choice">One word, compared by its bytes; null: nothing was chosen.</param>
internal readonly record struct Bet(Stroops Stake, string? Choice = null);
