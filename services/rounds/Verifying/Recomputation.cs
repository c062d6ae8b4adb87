using System.Globalization;
using System.Text.Json;
using Payouts.Contracts;
using Payouts.Rounds.Game;
using Payouts.Rounds.Policies;
using Payouts.Rounds.Trail;

namespace Payouts.Rounds.Verifying;

/// <summary>Resolves a round again from what is stored, by the policy and version that resolved it, and compares everything that came of it.</summary>
internal static class Recomputation
{
    /// <summary>What differs; empty: the same again. The round has a resolution and its rows are all there.</summary>
    public static IReadOnlyList<Finding> Run(StoredRound stored)
    {
        var (place, row) = ($"round_resolutions[round \"{stored.Id}\"]", stored.Resolution!);
        var version = long.TryParse(row["policy_version"], NumberStyles.None, CultureInfo.InvariantCulture, out var read) ? read : 0;
        if (RoundPolicies.Find(row["policy"], version) is not { } policy)
            return [new Finding(place, $"policy: this program has no {row["policy"]} v{row["policy_version"]}")];
        if (!TryReadBets(stored, out var bets, out var unreadable))
            return [unreadable!];
        if (!TryReadDraw(row["draw"], out var draw) || (draw is null) != policy is RefundPolicy)
            return [new Finding(place, "draw: is not one that this policy could have decided")];
        var result = policy.Resolve(draw ?? new RoundDraw(stored.Id, [], Stroops.Zero, stored.Id, []), bets);
        if (result.Resolution is not { } resolution)
            return [new Finding(place, $"draw: the policy refuses it now: {result.Problems[0].Text}")];
        return Compare(stored, place, policy, draw, bets, resolution);
    }

    private static List<Finding> Compare(
        StoredRound stored, string place, IRoundPolicy policy, RoundDraw? draw, Dictionary<string, Bet> bets, Resolution resolution)
    {
        var (row, findings) = (stored.Resolution!, new List<Finding>());
        void Same(string column, string? expected)
        {
            if (row[column] != expected)
                findings.Add(new Finding(place, $"{column}: is {row[column] ?? "empty"}, recomputed it is {expected ?? "empty"}"));
        }

        var inputs = TrailText.Hash(ResolutionText.Inputs(stored.Id, policy, draw, bets));
        Same("inputs_hash", inputs);
        Same("seed", draw?.Seed);
        Same("outcome", resolution.Outcome.ToString());
        Same("outcome_hash", TrailText.Hash(ResolutionText.Outcome(inputs, resolution)));
        var owed = resolution.Payouts.ToDictionary(x => x.Winner, x => TrailText.Of(x.Amount), StringComparer.Ordinal);
        foreach (var payout in stored.Payouts)
        {
            var winner = payout["winner"] ?? "";
            if (!owed.Remove(winner, out var amount))
                findings.Add(new Finding(PayoutPlace(stored, winner), $"owes {payout["amount"]} stroops to somebody who is owed nothing"));
            else if (payout["amount"] != amount)
                findings.Add(new Finding(PayoutPlace(stored, winner), $"amount: is {payout["amount"]}, recomputed it is {amount}"));
        }

        findings.AddRange(owed.Select(missing => new Finding(PayoutPlace(stored, missing.Key), $"is gone; {missing.Value} stroops are owed")));
        return findings;
    }

    private static bool TryReadBets(StoredRound stored, out Dictionary<string, Bet> bets, out Finding? unreadable)
    {
        (bets, unreadable) = (new Dictionary<string, Bet>(StringComparer.Ordinal), null);
        foreach (var entry in stored.Entries)
        {
            if (!Int128.TryParse(entry["stake"], NumberStyles.None, CultureInfo.InvariantCulture, out var stake))
            {
                unreadable = new Finding($"round_entries[round \"{stored.Id}\", player {entry["player"]}]", $"stake: {entry["stake"]} is no number of stroops");
                return false;
            }

            bets[entry["player"] ?? ""] = new Bet(new Stroops(stake), entry["choice"]);
        }

        return true;
    }

    private static bool TryReadDraw(string? json, out RoundDraw? draw)
    {
        draw = null;
        if (json is null)
            return true;
        try
        {
            draw = JsonSerializer.Deserialize<GameRoundDrawn>(json, ContractsJson.Options) is { Winners: not null } drawn ? GameEventReader.Read(drawn) : null;
        }
        catch (JsonException)
        {
            return false;
        }

        return draw is { Problems.Count: 0 };
    }

    private static string PayoutPlace(StoredRound stored, string winner) => $"round_payouts[round \"{stored.Id}\", winner {winner}]";
}
