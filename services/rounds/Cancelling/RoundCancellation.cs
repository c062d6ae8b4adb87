using Payouts.Hosting.Messaging;
using Payouts.Rounds.Game;
using Payouts.Rounds.Intake;
using Payouts.Rounds.Rules;
using Payouts.Rounds.Storage;
using Payouts.Rounds.Trail;
using Payouts.Rounds.Treasury;

namespace Payouts.Rounds.Cancelling;

/// <summary>
/// Calls a round off before it is drawn: every stake is owed back, as ordinary payouts of the same round. The treasury's limit does not ask:
/// stakes were the players' all along.
/// </summary>
internal sealed class RoundCancellation(UnitOfWorkFactory<RoundsDbContext> units, IRoundsSql sql, ITreasury treasury, ILogger<RoundCancellation> logger)
{
    /// <summary>Cancels, in a transaction of its own. Repeats change nothing: the first name and reason stay.</summary>
    /// <param name="roundId">The game's name of it.</param>
    /// <param name="by">Who asks, as proven at the door.</param>
    /// <param name="why">Kept for ever: 1 to 200 characters.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Null when the round is cancelled; else why it cannot be.</returns>
    /// <exception cref="ArgumentException">Nobody asks, or for no reason.</exception>
    public async Task<Refusal?> CancelAsync(string roundId, string by, string why, CancellationToken cancellationToken)
    {
        await using var unit = await units.BeginAsync(cancellationToken);
        var refusal = await CancelAsync(unit, roundId, by, why, cancellationToken);
        if (refusal is null)
            await unit.CommitAsync(cancellationToken);
        return refusal;
    }

    /// <summary>Cancels in the caller's transaction, which the caller commits when null is returned.</summary>
    /// <inheritdoc cref="CancelAsync(string, string, string, CancellationToken)" />
    public async Task<Refusal?> CancelAsync(UnitOfWork<RoundsDbContext> unit, string roundId, string by, string why, CancellationToken cancellationToken)
    {
        (by, why) = (Checked(by, nameof(by)), Checked(why, nameof(why)));
        var book = new RoundBook(unit, sql, treasury);
        await book.LockAsync([roundId], cancellationToken);
        var round = book.Find(roundId);
        if (round is not null)
            await book.LoadBetsAsync([roundId], cancellationToken);
        switch (RoundRules.Cancel(round, roundId, book.BetsOf(roundId)))
        {
            case Decision.Decided decided:
                var reason = $"{why}: {RoundTransitions.Of(round!.State, RoundTrigger.CancelAsked).Reason}";
                round.Cancel(decided.To, decided.Resolution, decided.Policy, by, why, unit.Now);
                RoundResolver.Decide(round, TrailAction.Cancelled, by, reason, decided, draw: null, book, unit, logger);
                unit.AfterCommit(() => Log.RoundCancelled(logger, roundId, by, why));
                return null;
            case Decision.Refused refused:
                return refused.Refusal;
            default:
                return null;
        }
    }

    /// <summary>True for a name or reason that can be kept.</summary>
    public static bool CanKeep(string? text) => text?.Length is > 0 and <= RoundsOptions.ReasonLengthMax && !text.Any(char.IsControl) && ForeignText.IsStorable(text);

    private static string Checked(string text, string name) => CanKeep(text)
        ? text
        : throw new ArgumentException($"{name} holds 1 to {RoundsOptions.ReasonLengthMax} printable characters", name);
}
