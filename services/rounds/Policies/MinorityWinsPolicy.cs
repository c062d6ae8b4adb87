using System.Security.Cryptography;
using System.Text;
using Payouts.Contracts;
using Payouts.Rounds.Game;

namespace Payouts.Rounds.Policies;

/// <summary>
/// Of two choices the one that fewer players made survives; who chose nothing is out before anybody counts. A tie is decided by the seed. When
/// all chose the same, none of them is out. Survivors get their stakes back and share, by stake, what the others lost and the yield.
/// </summary>
/// <remarks>
/// The game's contract counts in the same way (arena, resolve_round), but lets a tie of more than two players pass without a loser and
/// gives a tie of two to Heads; here no choice is better than the other.
/// </remarks>
internal sealed class MinorityWinsPolicy : IRoundPolicy
{
    public string Name => "minority-wins";

    public int Version => 1;

    public PolicyResult Resolve(RoundDraw draw, IReadOnlyDictionary<string, Bet> bets)
    {
        var problems = Survivors.Unexpected(draw, Name);
        // Asked for even when nothing is tied: a game that draws only when it helps would choose the winners.
        if (draw.Seed is null)
            problems.Add(new Problem(RefusalCode.SeedInvalid, "seed: is absent; minority-wins decides a tie by it"));
        if (draw.YieldRate is not null)
            problems.Add(new Problem(RefusalCode.YieldRateInvalid, "yieldRate: minority-wins takes none; write the money as yield"));
        var choices = bets.Values.Where(bet => bet.Choice is not null).GroupBy(bet => bet.Choice!, StringComparer.Ordinal)
            .Select(group => (Choice: group.Key, Players: group.Count())).OrderBy(x => x.Choice, StringComparer.Ordinal).ToList();
        if (choices.Count > 2)
            problems.Add(new Problem(RefusalCode.ChoiceInvalid, $"choices: players chose {choices.Count} different ones ({string.Join(", ", choices.Take(3).Select(x => x.Choice))}...); minority-wins tells two apart"));
        if (problems.Count > 0 || draw.Problems.Count > 0)
            return problems;
        var survives = Surviving(choices, draw.Seed!);
        return Survivors.Pay(bets, bet => bet.Choice is null || bet.Choice != survives, draw.Yield, byStake: true);
    }

    private static string? Surviving(List<(string Choice, int Players)> choices, string seed) => choices switch
    {
        [] => null,
        [var only] => only.Choice,
        [var first, var second] when first.Players != second.Players => first.Players < second.Players ? first.Choice : second.Choice,
        _ => choices[TieBreak(choices[0].Choice, choices[1].Choice, seed)].Choice,
    };

    /// <summary>The last bit of SHA-256 over four lines: the rule's name, the seed, and the choices in the order of their bytes.</summary>
    internal static int TieBreak(string first, string second, string drawn) =>
        SHA256.HashData(Encoding.UTF8.GetBytes($"payouts minority-wins 1\n{drawn}\n{first}\n{second}\n"))[^1] & 1;
}
