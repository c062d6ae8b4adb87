using System.Text.Json.Nodes;

namespace Payouts.Tests.Bench;

/// <summary>./run.sh bench in short: the four services, a signer, RabbitMQ and PostgreSQL pay a round, and the bench itself judges the ledger.</summary>
public sealed class When_the_pipeline_is_measured
{
    private const int Winners = 40;

    [Fact(Timeout = 300_000)]
    public async Task Should_settle_the_round_and_account_for_its_time()
    {
        var file = Path.Combine(Path.GetTempPath(), $"payouts-bench-{Guid.NewGuid():N}.json");
        try
        {
            (await Payouts.Bench.CommandLine.RunAsync(["--payouts", $"{Winners}", "--channels", "100", "--close-time-ms", "500", "--json", file])).ShouldBe(0);
            var result = JsonNode.Parse(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken))!;
            result["payouts"]!.GetValue<int>().ShouldBe(Winners);
            result["settledPerSecond"]!.GetValue<double>().ShouldBeGreaterThan(0);
            result["round"]!["settledMs"]!.GetValue<double>().ShouldBeGreaterThan(0);
            result["stages"]!.AsArray().Select(stage => stage!["stage"]!.GetValue<string>()).ShouldBe(["Building", "AwaitingSignature", "Submitting", "AwaitingConfirmation"]);
            result["statements"]!.AsArray().Select(cost => cost!["purpose"]!.GetValue<string>()).ShouldContain(purpose => purpose.StartsWith("trail:", StringComparison.Ordinal));
            result["guards"]!.AsArray().Count.ShouldBe(2);
        }
        finally
        {
            File.Delete(file);
        }
    }
}
