using Payouts.Contracts;
using Payouts.Rounds.Game;
using Payouts.Rounds.Policies;
using Payouts.Rounds.Storage;
using static Payouts.Rounds.Game.FieldChecks;

namespace Payouts.Rounds.Rules;

/// <summary>
/// Decides what becomes of an event, given the round as it is. Pure: reads, changes nothing. The order of events is the table's
/// business; here is what the content must fit.
/// </summary>
internal static class RoundRules
{
    /// <param name="round">The round, or null when nobody opened it.</param>
    /// <param name="opening">The event.</param>
    /// <param name="keyHolder">The other round that has the contract's key, if any.</param>
    public static Decision Open(Round? round, RoundOpening opening, string? keyHolder)
    {
        var row = RoundTransitions.Of(round?.State, RoundTrigger.Opened);
        var problems = opening.Problems.ToList();
        if (keyHolder is not null)
            problems.Add(new Problem(RefusalCode.KeyUsed,
                $"context, poolId, roundNumber: {opening.Key} belongs to round \"{keyHolder}\"; the contract pays a key's winners once"));
        if (round is not null && !(round.Key == opening.Key && round.Currency == opening.Currency))
            problems.Add(new Problem(row.Code!.Value,
                $"round \"{round.Id}\" was opened as {round.Key} in {round.Currency}, not as {opening.Key} in {Shorten(opening.Currency)}"));
        if (problems.Count > 0)
            return Decision.Refuse(problems);
        return row.Verdict == Verdict.Compare ? new Decision.Repeated() : new Decision.Taken(row.To!.Value);
    }

    /// <param name="round">The round, or null when nobody opened it.</param>
    /// <param name="entering">The event.</param>
    /// <param name="known">Stakes of those players of the event that are in the round already.</param>
    public static Decision Enter(Round? round, RoundEntering entering, IReadOnlyDictionary<string, Bet> known)
    {
        var row = RoundTransitions.Of(round?.State, RoundTrigger.Entered);
        if (row.Verdict == Verdict.TooEarly)
            return Early(entering, row, $"round \"{Shorten(entering.RoundId)}\" was not opened");
        if (entering.Problems.Count == 0 && entering.Entries.All(entry => known.TryGetValue(entry.Player, out var bet) && bet == new Bet(entry.Stake, entry.Choice)))
            return new Decision.Repeated();
        if (row.Verdict == Verdict.Compare)
            return Decision.Refuse([.. entering.Problems, new Problem(row.Code!.Value, $"round \"{round!.Id}\" is {(round.State == RoundState.Cancelled ? "cancelled" : "closed")} and takes no more entries")]);

        var problems = entering.Problems.ToList();
        foreach (var entry in entering.Entries)
            if (known.TryGetValue(entry.Player, out var bet))
                problems.Add(new Problem(RefusalCode.DuplicatePlayer,
                    $"{At("entries", entry.Index, "player")}: {entry.Player} is in the round with stake {bet.Stake}{(bet.Choice is null ? "" : $" and choice {bet.Choice}")}; a player enters a round once"));
        var entries = round!.Entries + entering.Entries.Count;
        if (entries > RoundsOptions.EntriesPerRoundMax)
            problems.Add(new Problem(RefusalCode.TooManyEntries,
                Invariant($"entries: the round has {round.Entries} and would have {entries}; it holds {RoundsOptions.EntriesPerRoundMax}")));
        return problems.Count > 0 ? Decision.Refuse(problems) : new Decision.Taken(row.To!.Value);
    }

    /// <param name="round">The round, or null when nobody opened it.</param>
    /// <param name="closing">The event.</param>
    public static Decision Close(Round? round, RoundClosing closing)
    {
        var row = RoundTransitions.Of(round?.State, RoundTrigger.Closed);
        if (row.Verdict == Verdict.TooEarly)
            return Early(closing, row, $"round \"{Shorten(closing.RoundId)}\" was not opened");
        var problems = closing.Problems.ToList();
        if (row.Verdict == Verdict.Compare && round!.Entries != closing.EntryCount)
            problems.Add(new Problem(row.Code!.Value,
                Invariant($"entryCount: round \"{round.Id}\" was {(round.State == RoundState.Cancelled ? "cancelled" : "closed")} with {round.Entries} entries, not {closing.EntryCount}")));
        if (row.Verdict == Verdict.Take && closing.EntryCount < round!.Entries)
            problems.Add(new Problem(RefusalCode.EntryCountExceeded, Invariant($"entryCount: is {closing.EntryCount}, but {round.Entries} entries were taken")));
        if (problems.Count > 0)
            return Decision.Refuse(problems);
        if (row.Verdict == Verdict.Compare)
            return new Decision.Repeated();
        return closing.EntryCount == round!.Entries
            ? new Decision.Taken(row.To!.Value)
            : Early(closing, row, Invariant($"round \"{round.Id}\" has {round.Entries} of the {closing.EntryCount} entries that the closing counts"));
    }

    /// <param name="round">The round, or null when nobody opened it.</param>
    /// <param name="draw">The event.</param>
    /// <param name="bets">Every player of the round; used when the round is closed.</param>
    /// <param name="room">What the treasury can still owe in this currency; null: it has no limit here.</param>
    public static Decision Draw(Round? round, RoundDraw draw, IReadOnlyDictionary<string, Bet> bets, Stroops? room)
    {
        var row = RoundTransitions.Of(round?.State, RoundTrigger.Drawn);
        switch (row.Verdict)
        {
            case Verdict.TooEarly:
                return Early(draw, row, round is null ? $"round \"{Shorten(draw.RoundId)}\" was not opened" : $"round \"{round.Id}\" was not closed");
            case Verdict.Refuse:
                return Decision.Refuse([.. draw.Problems, new Problem(row.Code!.Value, $"round \"{round!.Id}\" was cancelled; its stakes are owed back")]);
            case Verdict.Compare when draw.Problems.Count == 0 && round!.DrawDigest == draw.Digest:
                return new Decision.Repeated();
            case Verdict.Compare:
                return Decision.Refuse([.. draw.Problems, new Problem(row.Code!.Value, $"round \"{round!.Id}\" was resolved by another draw; what is owed is announced once")]);
        }

        var policy = RoundPolicies.Latest(draw.Policy);
        var result = policy.Resolve(draw, bets);
        var problems = draw.Problems.Concat(result.Problems).ToList();
        if (problems.Count == 0 && room is { } left && result.Resolution!.Owed > left)
            problems.Add(new Problem(RefusalCode.TreasuryShort,
                $"treasury: {result.Resolution.Owed} {round!.Currency} would be owed, and it is good for {left} more; fill it, raise its limit, and replay this letter"));
        return problems.Count > 0 ? Decision.Refuse(problems) : new Decision.Decided(row.To!.Value, policy, result.Resolution!);
    }

    /// <param name="round">The round, or null when nobody opened it.</param>
    /// <param name="roundId">Its name as it was asked for.</param>
    /// <param name="bets">Every player of the round.</param>
    public static Decision Cancel(Round? round, string roundId, IReadOnlyDictionary<string, Bet> bets)
    {
        var row = RoundTransitions.Of(round?.State, RoundTrigger.CancelAsked);
        return row.Verdict switch
        {
            Verdict.Take => new Decision.Decided(row.To!.Value, RefundPolicy.Instance, Resolution.Refund(bets)),
            Verdict.Compare => new Decision.Repeated(),
            _ => Decision.Refuse(row.Code!.Value, $"round \"{Shorten(roundId)}\" cannot be cancelled: {row.Reason}"),
        };
    }

    // What is wrong in itself does not become right by waiting.
    private static Decision Early(GameEvent early, Transition row, string missing) => early.Problems.Count > 0
        ? Decision.Refuse(early.Problems)
        : new Decision.TooEarly(new Problem(row.Code!.Value, missing));
}
