using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using NJsonSchema;

namespace Payouts.Tests.Contracts;

/// <summary>What other teams are told is true: every example is read, every code and exchange is there.</summary>
public sealed partial class When_the_guides_are_read
{
    private static readonly string Events = File.ReadAllText(RepositoryRoot.PathOf("docs/events.md"));

    public static TheoryData<string, string> Examples => [.. new[] { "events", "signing" }
        .SelectMany(guide => Example().Matches(File.ReadAllText(RepositoryRoot.PathOf($"docs/{guide}.md"))))
        .Select(match => (match.Groups["contract"].Value, match.Groups["json"].Value))];

    [Theory]
    [MemberData(nameof(Examples))]
    public async Task Should_be_a_message_that_the_services_read(string contract, string json)
    {
        var example = JsonNode.Parse(json)!;
        var written = Samples.Serialize(Samples.Deserialize(contract, example));
        JsonNode.DeepEquals(written, example).ShouldBeTrue($"the services would understand {written.ToJsonString()}");
        var schema = await JsonSchema.FromJsonAsync(Schemas.TextOf(ContractTypes.Named(contract)), TestContext.Current.CancellationToken);
        schema.Validate(json).Select(error => $"{error.Path} {error.Kind}").ShouldBeEmpty();
    }

    [Fact]
    public void Should_show_an_example_of_each_event_of_the_game_and_of_each_answer() => Example().Matches(Events).Select(match => match.Groups["contract"].Value)
        .Distinct().ShouldBe(["GameRoundOpened", "GameRoundEntered", "GameRoundClosed", "GameRoundDrawn", "DirectPayoutRequested", "RoundResolved", "RoundSettled", "DirectPayoutOrdered", "PayoutSettled", "GameEventRefused", "PayoutOnHold"]);

    [Fact]
    public void Should_list_every_refusal_code_and_no_other()
    {
        var codes = EnumMember().Matches(File.ReadAllText(RepositoryRoot.PathOf("services/rounds/Game/RefusalCode.cs"))).Select(match => match.Groups["name"].Value).ToList();
        codes.ShouldContain("OwedAbovePool");
        CodeRow().Matches(Section("## What is refused")).Select(match => match.Groups["code"].Value).ShouldBe(codes, ignoreOrder: true);
    }

    [Fact]
    public void Should_name_only_exchanges_that_exist()
    {
        var frozen = File.ReadAllLines(RepositoryRoot.PathOf("tests/Contracts/frozen-names.txt"));
        var named = Exchange().Matches(Events).Select(match => match.Value).Distinct().ToList();
        named.Count.ShouldBeGreaterThanOrEqualTo(8);
        named.Except(frozen).ShouldBeEmpty();
    }

    [Fact]
    public void Should_give_the_bounds_of_the_code()
    {
        var options = File.ReadAllText(RepositoryRoot.PathOf("services/rounds/RoundsOptions.cs"));
        var limits = File.ReadAllText(RepositoryRoot.PathOf("shared/hosting/Messaging/RoundLimits.cs"));
        options.ShouldContain("EntriesPerRoundMax = RoundLimits.DebtsMax");
        limits.ShouldContain("DebtsMax = 10_000");
        options.ShouldContain("RoundIdLengthMax = RoundLimits.RoundIdLengthMax");
        limits.ShouldContain("RoundIdLengthMax = 100");
        options.ShouldContain("WeightMax = 1_000_000_000_000");
        options.ShouldContain("ProblemsNamedMax = 100");
        options.ShouldContain("ParkedAgeMax { get; init; } = TimeSpan.FromMinutes(10)");
    }

    [Fact]
    public void Should_notice_a_code_that_is_not_documented() =>
        CodeRow().Matches(Section("## What is refused").Replace("| `KeyUsed` |", "| `KeyTaken` |", StringComparison.Ordinal)).Select(match => match.Groups["code"].Value).ShouldNotContain("KeyUsed");

    private static string Section(string heading)
    {
        var start = Events.IndexOf(heading, StringComparison.Ordinal);
        start.ShouldBeGreaterThan(0, heading);
        var end = Events.IndexOf("\n## ", start, StringComparison.Ordinal);
        return Events[start..end];
    }

    [GeneratedRegex("<!-- contract: (?<contract>\\w+) -->\n```json\n(?<json>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Example();

    [GeneratedRegex(@"^    (?<name>[A-Z]\w+),", RegexOptions.Multiline)]
    private static partial Regex EnumMember();

    [GeneratedRegex(@"^\| `(?<code>\w+)` \|", RegexOptions.Multiline)]
    private static partial Regex CodeRow();

    [GeneratedRegex(@"Payouts\.Contracts:\w+")]
    private static partial Regex Exchange();
}
