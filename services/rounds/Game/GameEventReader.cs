using Payouts.Contracts;
using Payouts.Rounds.Policies;
using static Payouts.Rounds.Game.FieldChecks;

namespace Payouts.Rounds.Game;

/// <summary>Reads the game's contracts: everything that can be judged without knowing the round. Pure.</summary>
internal static class GameEventReader
{
    public static RoundOpening Read(GameRoundOpened message)
    {
        var checks = new FieldChecks();
        return new RoundOpening(
            checks.RoundId(message.RoundId),
            new RoundKey(checks.Symbol("context", message.Context), message.PoolId, message.RoundNumber),
            checks.Currency("currency", message.Currency), message, checks.Problems);
    }

    public static RoundEntering Read(GameRoundEntered message)
    {
        var checks = new FieldChecks();
        var roundId = checks.RoundId(message.RoundId);
        if (message.Entries.Count == 0)
            checks.Add(RefusalCode.EntriesMissing, "entries: is empty; bring at least one entry");
        if (IsTooLong(message.Entries.Count))
        {
            checks.Add(RefusalCode.TooManyEntries, TooLong("entries", message.Entries.Count));
            return new RoundEntering(roundId, [], message, checks.Problems);
        }

        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        var valid = new List<Entry>(message.Entries.Count);
        for (var i = 0; i < message.Entries.Count; i++)
        {
            if (message.Entries[i] is not { } entry)
            {
                checks.Add(RefusalCode.AccountInvalid, Invariant($"entries[{i}]: is null; write a player and a stake"));
                continue;
            }

            var account = checks.Account("entries", i, "player", entry.Player);
            var amount = checks.Amount(At("entries", i, "stake"), entry.Stake, zeroAllowed: true, out var stake);
            var choice = entry.Choice is null || checks.Choice(At("entries", i, "choice"), entry.Choice);
            if (account && !seen.TryAdd(entry.Player, i))
                checks.Add(RefusalCode.DuplicatePlayer,
                    Invariant($"entries[{i}].player: {entry.Player} is entries[{seen[entry.Player]}] already; a player enters a round once"));
            else if (account && amount && choice)
                valid.Add(new Entry(i, entry.Player, stake, entry.Choice));
        }

        return new RoundEntering(roundId, valid, message, checks.Problems);
    }

    public static RoundClosing Read(GameRoundClosed message)
    {
        var checks = new FieldChecks();
        var roundId = checks.RoundId(message.RoundId);
        if (message.EntryCount is < 0 or > RoundsOptions.EntriesPerRoundMax)
            checks.Add(RefusalCode.EntryCountInvalid, Invariant($"entryCount: {message.EntryCount} is not from 0 to {RoundsOptions.EntriesPerRoundMax}"));
        return new RoundClosing(roundId, message.EntryCount, message, checks.Problems);
    }

    public static RoundDraw Read(GameRoundDrawn message)
    {
        var checks = new FieldChecks();
        var roundId = checks.RoundId(message.RoundId);
        var yield = Stroops.Zero;
        if (message.Yield is not null)
            checks.Amount("yield", message.Yield, zeroAllowed: true, out yield);
        var (policy, rate) = ReadPolicy(checks, message);
        if (IsTooLong(message.Winners.Count))
        {
            checks.Add(RefusalCode.TooManyWinners, TooLong("winners", message.Winners.Count));
            return new RoundDraw(roundId, [], yield, message, checks.Problems) { Policy = policy, Seed = message.Seed, YieldRate = rate };
        }

        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        var valid = new List<Winner>(message.Winners.Count);
        for (var i = 0; i < message.Winners.Count; i++)
        {
            if (message.Winners[i] is not { } winner)
            {
                checks.Add(RefusalCode.AccountInvalid, Invariant($"winners[{i}]: is null; write a player with an amount or a weight"));
                continue;
            }

            var account = checks.Account("winners", i, "player", winner.Player);
            var prize = ReadPrize(checks, i, winner, out var amount);
            if (account && !seen.TryAdd(winner.Player, i))
                checks.Add(RefusalCode.DuplicateWinner,
                    Invariant($"winners[{i}].player: {winner.Player} is winners[{seen[winner.Player]}] already; list a winner once with the whole prize"));
            else if (account && prize)
                valid.Add(new Winner(i, winner.Player, amount, winner.Weight));
        }

        RefuseMixture(checks, message.Winners);
        return new RoundDraw(roundId, valid, yield, message, checks.Problems) { Policy = policy, Seed = message.Seed, YieldRate = rate };
    }

    private static (string Policy, Stroops? YieldRate) ReadPolicy(FieldChecks checks, GameRoundDrawn message)
    {
        var policy = message.Policy ?? RoundPolicies.Default;
        if (!RoundPolicies.Names.Contains(policy))
        {
            checks.Add(RefusalCode.PolicyUnknown, $"policy: \"{Shorten(policy)}\" is none; write one of {string.Join(", ", RoundPolicies.Names)}");
            policy = RoundPolicies.Default;
        }

        if (message.Seed is not null)
            checks.Seed("seed", message.Seed);
        if (message.YieldRate is null)
            return (policy, null);
        checks.Rate("yieldRate", message.YieldRate, out var rate);
        return (policy, rate);
    }

    private static bool ReadPrize(FieldChecks checks, int index, RoundWinner winner, out Stroops? amount)
    {
        amount = null;
        if (winner.Amount is null == winner.Weight is null)
        {
            checks.Add(RefusalCode.PrizeUnclear,
                Invariant($"winners[{index}]: has {(winner.Amount is null ? "neither" : "both")} of amount and weight; write one of them"));
            return false;
        }

        if (winner.Amount is not null)
        {
            var valid = checks.Amount(At("winners", index, "amount"), winner.Amount, zeroAllowed: false, out var read);
            amount = read;
            return valid;
        }

        if (winner.Weight is >= 1 and <= RoundsOptions.WeightMax)
            return true;
        checks.Add(RefusalCode.WeightInvalid, Invariant($"winners[{index}].weight: {winner.Weight} is not from 1 to {RoundsOptions.WeightMax}"));
        return false;
    }

    private static void RefuseMixture(FieldChecks checks, IReadOnlyList<RoundWinner> winners)
    {
        var withAmount = winners.Count(x => x is { Amount: not null, Weight: null });
        var withWeight = winners.Count(x => x is { Amount: null, Weight: not null });
        if (withAmount > 0 && withWeight > 0)
            checks.Add(RefusalCode.PrizeUnclear, Invariant($"winners: {withAmount} have an amount and {withWeight} a weight; give all of them the same kind"));
    }

    private static bool IsTooLong(int count) => count > RoundsOptions.EntriesPerRoundMax;

    private static string TooLong(string place, int count) => Invariant($"{place}: {count} are listed; at most {RoundsOptions.EntriesPerRoundMax} are taken");
}
