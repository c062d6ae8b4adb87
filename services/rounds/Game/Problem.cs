using System.Globalization;
using Payouts.Contracts;

namespace Payouts.Rounds.Game;

/// <summary>One thing that is wrong with an event.</summary>
/// <param name="Code">The kind.</param>
/// <param name="Text">The place, what is wrong, what would be right: "entries[3].stake: ...".</param>
internal sealed record Problem(RefusalCode Code, string Text);

/// <summary>Everything that is wrong with one event; never empty.</summary>
internal sealed record Refusal(IReadOnlyList<Problem> Problems)
{
    /// <summary>The kind of the first problem names the refusal.</summary>
    public RefusalCode Code => Problems[0].Code;

    /// <summary>The texts, bounded; the last line counts what is not named.</summary>
    public IReadOnlyList<string> Texts { get; } = Bounded(Problems);

    /// <summary>The texts as one line.</summary>
    public string Detail => string.Join("; ", Texts);

    /// <summary>What the game is told.</summary>
    public GameEventRefused Announce(GameEvent refused) => new()
    {
        RoundId = refused.RoundId.Length <= RoundsOptions.RoundIdLengthMax ? refused.RoundId : refused.RoundId[..RoundsOptions.RoundIdLengthMax],
        Event = refused.Name,
        Code = Code.ToString(),
        Problems = Texts,
    };

    private static List<string> Bounded(IReadOnlyList<Problem> problems)
    {
        var texts = problems.Take(RoundsOptions.ProblemsNamedMax).Select(problem => problem.Text).ToList();
        if (problems.Count > texts.Count)
            texts.Add(string.Create(CultureInfo.InvariantCulture, $"and {problems.Count - texts.Count} more problems"));
        return texts;
    }
}

/// <summary>Leaves a group's transaction: the event is refused, its neighbours are tried again without it.</summary>
internal sealed class GameEventRefusedException(Refusal refusal) : Exception(refusal.Detail)
{
    public Refusal Refusal { get; } = refusal;
}
