using System.CommandLine;
using System.Text.RegularExpressions;
using Payouts.OperatorConsole;
using Payouts.OperatorConsole.Asking;
using Payouts.OperatorConsole.Doors;
using Payouts.OperatorConsole.Output;
using Payouts.Tests.OperatorConsole.Support;
using Payouts.Tests.Support;

namespace Payouts.Tests.OperatorConsole;

/// <summary>The tree of commands, held against the tests, the guide of doors, and the services' own settings.</summary>
public sealed partial class When_commands_are_listed
{
    private static readonly RootCommand Root = CommandLine.Build(new Surroundings(new Terminal(TextReader.Null, TextWriter.Null, TextWriter.Null, false, false), _ => null, TimeProvider.System));

    private static IReadOnlyList<(string Path, LeafCommand Command)> Leaves { get; } = [.. Below(Root, "")];

    public static TheoryData<string> Paths => [.. Leaves.Select(x => x.Path)];

    /// <summary>Each is started as a process by some test of this project, and none of those is of a command that is gone.</summary>
    [Fact]
    public void Should_each_be_run_by_a_test()
    {
        var lines = Directory.EnumerateFiles(RepositoryRoot.PathOf("tests", "Console"), "When_*.cs").SelectMany(path => Line().Matches(File.ReadAllText(path))).Select(x => x.Groups[1].Value).ToList();
        lines.Count.ShouldBeGreaterThan(40);
        Leaves.Count.ShouldBeGreaterThan(30);
        Leaves.Select(x => x.Path).Where(path => !lines.Exists(line => line == path || line.StartsWith(path + " ", StringComparison.Ordinal))).ShouldBeEmpty("run these as a process, and look at what they say");
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public void Should_each_have_examples_that_can_be_typed(string path)
    {
        var leaf = Leaves.Single(x => x.Path == path).Command;
        leaf.Examples.ShouldNotBeEmpty();
        foreach (var example in leaf.Examples)
        {
            example.ShouldStartWith(path);
            var parsed = Root.Parse(example);
            parsed.Errors.ShouldBeEmpty(example);
            parsed.CommandResult.Command.ShouldBe(leaf, example);
        }
    }

    [Fact]
    public void Should_knock_only_at_doors_of_the_guide_and_name_its_roles()
    {
        var guide = Row().Matches(File.ReadAllText(RepositoryRoot.PathOf("docs", "security.md"))).ToDictionary(x => $"{x.Groups[1].Value} {x.Groups[2].Value}", x => x.Groups[3].Value);
        guide.Count.ShouldBeGreaterThan(50);
        foreach (var endpoint in Endpoints.All)
            guide.GetValueOrDefault($"{endpoint.Method} {endpoint.Path}").ShouldBe(endpoint.Roles, endpoint.ToString());
        Leaves.SelectMany(x => x.Command.Asks).ShouldAllBe(x => Endpoints.All.Contains(x));
        Endpoints.All.Where(x => !Leaves.SelectMany(y => y.Command.Asks).Contains(x) && !x.Path.StartsWith("/metrics", StringComparison.Ordinal)).ShouldBeEmpty("no command asks there");
    }

    /// <summary>A service that is started from an operator's shell must not take the console's variables for misspelt ones of its own.</summary>
    [Fact]
    public void Should_read_only_variables_that_services_leave_alone()
    {
        var known = Regex.Match(File.ReadAllText(RepositoryRoot.PathOf("shared", "hosting", "Configuration", "SettingNames.cs")), @"OfConsole.*?\], Str", RegexOptions.Singleline).Value;
        var ours = Payouts.OperatorConsole.Settings.SettingNames.All.Select(x => x.EndsWith("_FILE", StringComparison.Ordinal) ? x[..^5] : x).Distinct().Order(StringComparer.Ordinal);
        Name().Matches(known).Select(x => x.Groups[1].Value).Order(StringComparer.Ordinal).ShouldBe(ours);
    }

    [Fact]
    public void Should_have_advice_for_every_code_of_a_hold() =>
        Enum.GetValues<Payouts.Contracts.FailureCode>().Where(x => Payouts.OperatorConsole.Why.HoldAdvice.For(x.ToString()) is null).ShouldBeEmpty();

    [Theory(Timeout = 120_000)]
    [InlineData("--help", "PAYOUTS_API_KEY_FILE PAYOUTS_ROUNDS_URL --json --utc --profile status payouts rounds decisions direct sign-requests dead-letters reconcile channels completion")]
    [InlineData("payouts write-off --help", "--reason --by --idempotency-key --yes Examples: write-off operate")]
    [InlineData("rounds draw --help", "--file --winner --policy --seed --yes admin Examples:")]
    [InlineData("status --help", "--watch --every open")]
    public async Task Should_explain_itself(string line, string words)
    {
        var help = await ConsoleProcess.RunAsync(line, new Dictionary<string, string> { ["HOME"] = "/nowhere" });
        help.Code.ShouldBe(0, help.ToString());
        foreach (var word in words.Split(' '))
            help.Output.ShouldContain(word);
    }

    private static IEnumerable<(string Path, LeafCommand Command)> Below(Command command, string path) => command.Subcommands.SelectMany(inner =>
    {
        var own = path.Length == 0 ? inner.Name : $"{path} {inner.Name}";
        return inner is LeafCommand leaf ? [(own, leaf)] : Below(inner, own);
    });

    // The first words of what tests run, also where the rest is put together.
    [GeneratedRegex("""(?:RunAsync|DoneAsync|JsonAsync|InlineData|=>|=)\s*\(?\$?"([a-z-]+(?: [a-z-]+)*)""")]
    private static partial Regex Line();

    [GeneratedRegex(@"^\| (GET|POST) \| `([^`]+)` \| ([a-z, ]+) \|$", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex("\"(PAYOUTS_[A-Z_]+)\"")]
    private static partial Regex Name();
}
