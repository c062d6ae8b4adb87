using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Payouts.Tests.OperatorConsole.Support;
using Payouts.Tests.Support;

namespace Payouts.Tests.OperatorConsole;

/// <summary>docs/console.md shows what the console really prints. PAYOUTS_TEST_UPDATE=1 writes it anew.</summary>
public sealed partial class When_the_guide_is_read
{
    private static readonly string Path = RepositoryRoot.PathOf("docs", "console.md");

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact(Timeout = 240_000)]
    public async Task Should_show_what_is_really_printed()
    {
        var text = await File.ReadAllTextAsync(Path, Cancelled);
        var blocks = Block().Matches(text).ToList();
        blocks.Count.ShouldBeGreaterThanOrEqualTo(3);
        var played = new PlayedSuite();
        await using var suite = played;
        await played.InitializeAsync();
        await Probe.Until("the payout on hold is counted", async _ => (await played.Suite.RunAsync("status", "ruth")).Output, x => x.Contains("payouts OnHold: 1", StringComparison.Ordinal), TimeSpan.FromSeconds(60), cancellationToken: Cancelled);
        await Probe.Until("the books have what the other winner got", async _ => (await played.Suite.JsonAsync($"reconcile --round {PlayedSuite.Held}", "ruth"))["currencies"]![0]!["paid"]!.GetValue<string>(), x => x == "10.0000000", TimeSpan.FromSeconds(60), cancellationToken: Cancelled);
        var environment = played.Suite.EnvironmentOf("ruth");
        environment["PAYOUTS_CONSOLE_NAME"] = "./run.sh console";
        var real = new StringBuilder(text);
        foreach (var block in blocks.AsEnumerable().Reverse())
        {
            var line = block.Groups["line"].Value;
            var output = (await ConsoleProcess.RunAsync(Uuid().Replace(line, played.HeldPayout), environment)).Output.TrimEnd('\n');
            if (Environment.GetEnvironmentVariable("PAYOUTS_TEST_UPDATE") == "1")
                real.Remove(block.Index, block.Length).Insert(block.Index, $"```console\n$ ./run.sh console {Uuid().Replace(line, played.HeldPayout)}\n{Version().Replace(Port().Replace(output, ":8080"), " 0.1.0")}\n```");
            else
                Masked(block.Groups["output"].Value.TrimEnd('\n')).ShouldBe(Masked(output), line);
        }

        if (Environment.GetEnvironmentVariable("PAYOUTS_TEST_UPDATE") == "1")
            await File.WriteAllTextAsync(Path, real.ToString(), Cancelled);
    }

    [Fact(Timeout = 60_000)]
    public async Task Should_show_a_file_of_profiles_that_can_be_read()
    {
        var text = await File.ReadAllTextAsync(Path, Cancelled);
        var file = System.IO.Path.GetTempFileName();
        await File.WriteAllTextAsync(file, Profiles().Match(text).Groups[1].Value, Cancelled);
        JsonDocument.Parse(await File.ReadAllTextAsync(file, Cancelled)).RootElement.GetProperty("profiles").EnumerateObject().Count().ShouldBe(2);
        var environment = new Dictionary<string, string> { ["HOME"] = "/nowhere", ["PAYOUTS_CONSOLE_FILE"] = file };
        var live = await ConsoleProcess.RunAsync("rounds list --profile live", environment);
        File.Delete(file);
        live.Errors.ShouldContain("apiKeyFile names /run/secrets/payouts-key, which cannot be read");
        live.Errors.ShouldNotContain("console.json");
    }

    /// <summary>Each command stands in the table.</summary>
    [Fact]
    public void Should_name_every_command()
    {
        var text = File.ReadAllText(Path);
        foreach (var path in When_commands_are_listed.Paths.Select(x => x.Data))
            text.ShouldContain($"`{path.Split(' ')[0]}", Case.Sensitive, path);
        foreach (var word in When_commands_are_listed.Paths.Select(x => x.Data.Split(' ')[^1]))
            text.ShouldContain(word);
    }

    /// <summary>What differs from run to run.</summary>
    private static string Masked(string text)
    {
        foreach (var (pattern, instead) in new[] { (Uuid(), "ID"), (Hash(), "HASH"), (Account(), "ACCOUNT"), (Time(), "TIME"), (Port(), "PORT"), (Version(), " VERSION"), (Age(), "AGE"), (Number(), "N"), (Spaces(), " ") })
            text = pattern.Replace(text, instead);
        return text;
    }

    [GeneratedRegex(@"```console\n\$ \./run\.sh console (?<line>[^\n]+)\n(?<output>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex(@"```json\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Profiles();

    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")]
    private static partial Regex Uuid();

    [GeneratedRegex("[0-9a-f]{64}")]
    private static partial Regex Hash();

    [GeneratedRegex("G[A-Z2-7]{55}(?:/[0-9]+)?")]
    private static partial Regex Account();

    [GeneratedRegex(@"\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)")]
    private static partial Regex Time();

    [GeneratedRegex(@"(?<=127\.0\.0\.1):\d+")]
    private static partial Regex Port();

    [GeneratedRegex(@" 0\.\d+\.\d+(?:\+[0-9a-f]+)?")]
    private static partial Regex Version();

    [GeneratedRegex(@"\b\d+ (?:s|min|h|d)\b")]
    private static partial Regex Age();

    // Ledgers and how far one is behind.
    [GeneratedRegex(@"(?<=ledger |up to |, )\d+(?=[ ,])")]
    private static partial Regex Number();

    [GeneratedRegex(" +")]
    private static partial Regex Spaces();
}
