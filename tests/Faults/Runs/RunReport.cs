using System.Globalization;

namespace Payouts.Tests.Faults.Runs;

/// <summary>What a fault run prints when everything is over.</summary>
internal static class RunReport
{
    public static string Of(
        int payouts, int rounds, FaultRunner runner, Supervisor supervisor, int during, TimeSpan faultsEnded, TimeSpan settled, IReadOnlyList<string> letters)
    {
        var lines = new List<string>
        {
            Line($"{payouts} payouts in {rounds} rounds through {Chosen.Replicas} processes of each service; {runner.Struck.Values.Sum()} faults, {during} of them while payouts were in flight"),
        };
        lines.AddRange(runner.Struck.OrderByDescending(x => x.Value).ThenBy(x => x.Key, StringComparer.Ordinal).Select(x => Line($"  {x.Value,4}  {x.Key}")));
        lines.Add(Line($"SIGKILLs: {string.Join(", ", runner.Kills.OrderBy(x => x.Key, StringComparer.Ordinal).Select(x => $"{x.Key} {x.Value}"))}"));
        lines.Add(Line($"ended by themselves and started again: {Ends(supervisor)}"));
        if (runner.BrokerHangs > 0)
            lines.Add(Line($"the broker hung while starting: {runner.BrokerHangs}, killed and started again"));
        lines.Add(Line($"faults for {faultsEnded.TotalSeconds:0} s; {(settled - faultsEnded).TotalSeconds:0} s from the last fault to the last round SETTLED"));
        lines.Add(Line($"dead letters: {letters.Count}"));
        lines.Add(Line($"seed {Chosen.Seed}; again: PAYOUTS_TEST_PAYOUTS={Chosen.Payouts} PAYOUTS_TEST_FAULTS={Chosen.Faults} PAYOUTS_TEST_REPLICAS={Chosen.Replicas} PAYOUTS_TEST_SEED={Chosen.Seed} dotnet run --project tests/Faults -c Release -- -class '*When_everything_fails'"));
        return string.Join('\n', lines);
    }

    private static string Ends(Supervisor supervisor)
    {
        var ends = supervisor.Ends.Where(x => x.Key.Code != 137).OrderBy(x => x.Key.Process, StringComparer.Ordinal).Select(x => $"{x.Key.Process} {x.Value} (code {x.Key.Code})").ToList();
        return ends.Count == 0 ? "none" : string.Join(", ", ends);
    }

    private static string Line(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
