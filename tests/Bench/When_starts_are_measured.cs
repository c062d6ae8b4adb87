using System.Text.Json;
using Payouts.Bench.Start;

namespace Payouts.Tests.Bench;

/// <summary>./run.sh bench start, in short: what a service holds when it is idle, and its start beside that of an application that does nothing.</summary>
public sealed class When_starts_are_measured
{
    /// <summary>What a node must be able to keep for a service that has had nothing to do yet.</summary>
    private const double IdleMegabytesMax = 150;

    /// <summary>After work the collector keeps some of what it took: how much differs from run to run.</summary>
    private const double WorkedMegabytesMax = 225;

    /// <summary>A start that waits for something, or compiles what it need not, takes more of the bare application's starts than this.</summary>
    private const double BareStartsMax = 15;

    [Fact(Timeout = 600_000)]
    public async Task Should_hold_little_memory_and_start_in_a_few_times_what_a_bare_application_takes()
    {
        var file = Path.Combine(Path.GetTempPath(), $"payouts-bench-{Guid.NewGuid():N}.json");
        try
        {
            (await Payouts.Bench.CommandLine.RunAsync(["start", "--starts", "1", "--idle-seconds", "3", "--json", file])).ShouldBe(0);
            var result = JsonSerializer.Deserialize<StartResult>(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken), JsonSerializerOptions.Web)!;
            result.Rows.Select(row => row.Service).ShouldBe([StartBench.BareName, "rounds", "payout-builder", "payout-signer", "payout-submitter", "local-signer"]);
            var bare = result.Rows[0];
            foreach (var row in result.Rows.Skip(1))
            {
                (row.Idle.PrivateBytes / 1e6).ShouldBeInRange(1, IdleMegabytesMax, $"{row.Service}, idle after its start");
                (row.AfterRound!.PrivateBytes / 1e6).ShouldBeInRange(1, WorkedMegabytesMax, $"{row.Service}, idle after a round");
                (row.ReadySeconds / bare.ReadySeconds).ShouldBeLessThanOrEqualTo(BareStartsMax, $"{row.Service}: {row.ReadySeconds:0.0} s, the bare application {bare.ReadySeconds:0.0} s");
            }
        }
        finally
        {
            File.Delete(file);
        }
    }
}
