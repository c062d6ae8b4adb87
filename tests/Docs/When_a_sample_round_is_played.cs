using System.Text.Json.Nodes;
using Payouts.Tests.Support;

namespace Payouts.Tests.Docs;

/// <summary>The README's first command, on every sample.</summary>
public sealed class When_a_sample_round_is_played
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory(Timeout = 300_000)]
    [InlineData("four-players", 2)]
    [InlineData("fifty-players", 50)]
    [InlineData("uneven-stakes", 3)]
    [InlineData("nobody-wins", 5)]
    [InlineData("five-thousand-players", 5000)]
    public async Task Should_settle_with_paid_equal_to_owed_and_exit_0(string sample, int payouts)
    {
        var (exit, output, errors) = await PlayProcess.RunAsync(Token, "play", $"samples/rounds/{sample}.json");
        var report = JsonNode.Parse(output[^1])!;
        report["state"]!.GetValue<string>().ShouldBe("SETTLED", errors);
        report["owedStroops"]!.GetValue<decimal>().ShouldBeGreaterThan(0);
        report["paidStroops"]!.GetValue<decimal>().ShouldBe(report["owedStroops"]!.GetValue<decimal>());
        report["payouts"]!.GetValue<int>().ShouldBe(payouts);
        report["confirmed"]!.GetValue<int>().ShouldBe(payouts);
        report["transactions"]!.GetValue<int>().ShouldBe(payouts);
        report["failed"]!.GetValue<int>().ShouldBe(0);
        report["onHold"]!.GetValue<int>().ShouldBe(0);
        exit.ShouldBe(0, errors);
        output.Count(line => line.Contains("payouts confirmed", StringComparison.Ordinal)).ShouldBeGreaterThan(1, "progress is shown");
    }

    [Fact(Timeout = 120_000)]
    public async Task Should_settle_with_the_hot_key()
    {
        var (exit, output, errors) = await PlayProcess.RunAsync(Token, "play", "samples/rounds/four-players.json", "--mode", "hotkey");
        exit.ShouldBe(0, errors);
        output[^1].ShouldContain("\"state\":\"SETTLED\"");
    }

    [Fact(Timeout = 120_000)]
    public async Task Should_pay_nothing_and_exit_1_when_execution_is_off()
    {
        var (exit, output, errors) = await PlayProcess.RunAsync(Token, "play", "samples/rounds/four-players.json", "--mode", "buildonly");
        exit.ShouldBe(1, errors);
        output[^1].ShouldContain("\"state\":\"RESOLVED\"");
        output[^1].ShouldContain("\"paidStroops\":0,");
    }

    [Theory(Timeout = 60_000)]
    [InlineData("does-not-exist.json", "does not exist")]
    [InlineData("samples/rounds/README.md", "README.md: ")]
    public async Task Should_say_in_one_line_what_is_wrong_with_the_file(string file, string expected)
    {
        var (exit, _, errors) = await PlayProcess.RunAsync(Token, "play", file);
        exit.ShouldBe(2);
        errors.Trim().Split('\n').Length.ShouldBe(1, errors);
        errors.ShouldContain(expected);
    }

    [Fact(Timeout = 120_000)]
    public async Task Should_refuse_a_wrong_round_by_name_and_place()
    {
        var wrong = JsonNode.Parse(await File.ReadAllTextAsync(RepositoryRoot.PathOf("samples", "rounds", "four-players.json"), Token))!;
        wrong["entries"]![1]!["stake"] = "1.12345678";
        var file = Path.Combine(Path.GetTempPath(), $"wrong-round-{Guid.NewGuid():N}.json");
        await File.WriteAllTextAsync(file, wrong.ToJsonString(), Token);
        try
        {
            var (exit, output, errors) = await PlayProcess.RunAsync(Token, "play", file);
            exit.ShouldBe(1, errors);
            var refusal = output.Single(line => line.StartsWith("not settled", StringComparison.Ordinal));
            refusal.ShouldContain("entries[1].stake");
            refusal.ShouldContain("8 decimals");
        }
        finally
        {
            File.Delete(file);
        }
    }
}
