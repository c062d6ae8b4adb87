using System.Globalization;
using System.Text.Json;
using Payouts.Devnet.Faults;
using Payouts.Devnet.Ledger;

namespace Payouts.Devnet.Rpc.Methods;

/// <summary>getFeeStats: inclusion fees that were charged, over the last 50 ledgers (Soroban) and 10 (classic).</summary>
internal sealed class FeeStatsMethod(Chain chain)
{
    private const int SorobanLedgers = 50;
    private const int ClassicLedgers = 10;

    private Answer? last;

    public void GetFeeStats(RpcParams parameters, Utf8JsonWriter json)
    {
        var answer = chain.Read(c => Of(new NodeLook(c, NodeView.LagLedgers)));
        json.WriteStartObject();
        Write(json, "sorobanInclusionFee", answer.Soroban, SorobanLedgers);
        Write(json, "inclusionFee", answer.Classic, ClassicLedgers);
        json.WriteNumber("latestLedger", answer.Ledger);
        json.WriteEndObject();
    }

    /// <summary>Asked for every payout, changed by every ledger: computed once a ledger.</summary>
    private Answer Of(NodeLook look)
    {
        var surge = chain.Faults.InForce(FaultKind.FeeSurge);
        if (last is not { } kept || kept.Ledger != look.Latest.Sequence || kept.Surge != surge)
        {
            last = new Answer(look.Latest.Sequence, surge, Fees(look, SorobanLedgers, soroban: true), Fees(look, ClassicLedgers, soroban: false));
        }

        return last;
    }

    private List<long> Fees(NodeLook look, int ledgers, bool soroban)
    {
        var first = look.Latest.Sequence >= ledgers ? look.Latest.Sequence - (uint)ledgers + 1 : 1;
        var fees = look.Ledgers(first, (uint)ledgers)
            .SelectMany(ledger => ledger.Transactions)
            .Where(transaction => transaction.IsSoroban == soroban)
            .Select(transaction => transaction.InclusionFeePerOperation)
            .ToList();

        // During a surge on demand the market shows its price even when nobody has paid it yet.
        if (chain.Faults.InForce(FaultKind.FeeSurge) is { } surge)
        {
            fees.Add(surge.FeeStroops);
        }

        fees.Sort();
        return fees;
    }

    private sealed record Answer(uint Ledger, FaultRule? Surge, List<long> Soroban, List<long> Classic);

    private static void Write(Utf8JsonWriter json, string name, List<long> sorted, int ledgers)
    {
        json.WriteStartObject(name);
        json.WriteDecimal("max", sorted.Count > 0 ? sorted[^1] : 0);
        json.WriteDecimal("min", sorted.Count > 0 ? sorted[0] : 0);
        json.WriteDecimal("mode", Mode(sorted));
        foreach (var percent in (ReadOnlySpan<int>)[10, 20, 30, 40, 50, 60, 70, 80, 90, 95, 99])
        {
            json.WriteDecimal(string.Create(CultureInfo.InvariantCulture, $"p{percent}"), Percentile(sorted, percent));
        }

        json.WriteDecimal("transactionCount", (long)sorted.Count);
        json.WriteNumber("ledgerCount", ledgers);
        json.WriteEndObject();
    }

    private static long Mode(List<long> sorted) => sorted.Count == 0 ? 0 : sorted.GroupBy(fee => fee).MaxBy(group => group.Count())!.Key;

    /// <summary>Nearest rank: the smallest fee that at least so many percent did not exceed.</summary>
    private static long Percentile(List<long> sorted, int percent) =>
        sorted.Count == 0 ? 0 : sorted[Math.Max(0, ((sorted.Count * percent) + 99) / 100 - 1)];
}
