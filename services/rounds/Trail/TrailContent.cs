using System.Data.Common;
using Payouts.Contracts;
using Payouts.Rounds.Storage;

namespace Payouts.Rounds.Trail;

/// <summary>The rows beside a round that came with an entry of its trail, as its content hash covers them: all columns but those that only say where they belong.</summary>
internal static class TrailContent
{
    private const string EntriesTitle = "payouts entries 1";
    private const string EndsTitle = "payouts ends 1";

    /// <summary>What says to which entry of which trail a row belongs.</summary>
    private static readonly string[] Places = ["round_id", "trail_seq"];

    /// <summary>Players that entered together.</summary>
    public static string OfEntries(IEnumerable<PlayerStake> entries) => OfEntries(entries.Select(entry => new Dictionary<string, string?>(StringComparer.Ordinal)
    {
        ["player"] = entry.Player, ["stake"] = TrailText.Of(entry.Bet.Stake), ["choice"] = entry.Bet.Choice,
    }));

    /// <summary>Rows of round_entries.</summary>
    public static string OfEntries(IEnumerable<IReadOnlyDictionary<string, string?>> rows) => TrailText.HashRows(EntriesTitle, rows.Select(row => row.Without(Places)));

    /// <summary>Payouts that ended together.</summary>
    public static string OfEnds(IEnumerable<PayoutSettled> ends, DateTimeOffset now) => OfEnds(ends.Select(end => new Dictionary<string, string?>(StringComparer.Ordinal)
    {
        ["winner"] = end.Winner,
        ["outcome"] = end.Outcome.ToString(),
        ["paid"] = TrailText.Of(end.Paid),
        ["payout_id"] = end.PayoutId.Value.ToString("D"),
        ["transaction_hash"] = end.TransactionHash,
        ["ledger"] = end.Ledger is { } ledger ? TrailText.Of(ledger) : null,
        ["settled_at"] = TrailText.Of(now),
    }));

    /// <summary>Rows of round_payouts and round_former_ends; what was owed is the resolution's.</summary>
    public static string OfEnds(IEnumerable<IReadOnlyDictionary<string, string?>> rows) => TrailText.HashRows(EndsTitle, rows.Select(row => row.Without([.. Places, "amount"])));

    /// <summary>The row of round_resolutions.</summary>
    public static string OfResolution(IReadOnlyDictionary<string, string?> row) => TrailText.HashRows("payouts resolution 1", [row.Without(Places)]);

    /// <summary>What a round brought along that is older than the trail.</summary>
    public static string OfAdopted(IEnumerable<IReadOnlyDictionary<string, string?>> entries, IEnumerable<IReadOnlyDictionary<string, string?>> debts, IEnumerable<IReadOnlyDictionary<string, string?>> ends) =>
        TrailText.Hash($"payouts adopted 1\n{OfEntries(entries)}\n{TrailText.HashRows("payouts debts 1", debts.Select(row => row.Where(x => x.Key is "winner" or "amount")))}\n{OfEnds(ends)}\n");
}

/// <summary>Reads what a round brings along that is older than the trail.</summary>
internal static class AdoptedContent
{
    /// <summary>The number of the entry that adopts: what was stored before the trail carries it by default.</summary>
    public const string Seq = "1";

    public static async Task<string> HashAsync(DbTransaction transaction, string roundId, CancellationToken cancellationToken)
    {
        var entries = await TrailRows.ReadAsync(transaction, "select * from round_entries where round_id = $1", cancellationToken, roundId);
        var payouts = await TrailRows.ReadAsync(transaction, "select * from round_payouts where round_id = $1", cancellationToken, roundId);
        return TrailContent.OfAdopted(entries, payouts, payouts.Where(row => row["trail_seq"] == Seq));
    }
}
