using Payouts.Tests.Support;

namespace Payouts.Tests.Docs.Bounds;

/// <summary>docs/bounds.md names every bound of the source with the test at it, and every table with its end.</summary>
public sealed class When_bounds_are_stated
{
    private const string Room = "services/rounds";

    private static readonly Lazy<ILookup<string, string>> Sources = new(() => Directory.EnumerateFiles(RepositoryRoot.PathOf("tests"), "When_*.cs", SearchOption.AllDirectories)
        .ToLookup(path => Path.GetFileNameWithoutExtension(path), File.ReadAllText, StringComparer.Ordinal));

    /// <summary>What somebody may add to a file of rounds, and the name under which it must be found.</summary>
    public static TheoryData<string, string, string?> Planted => new()
    {
        { "internal sealed class Planted { private const int QueueMax = 1_000; }", "Planted.QueueMax", "1,000" },
        { "internal sealed class Planted { private static readonly TimeSpan AgeMax = TimeSpan.FromMinutes(2 * 5); }", "Planted.AgeMax", "10 min" },
        { "internal static class Planted { public const long BytesMin = 4 * 1024; }", "Planted.BytesMin", "4,096" },
        { "internal sealed class Planted { private const int EventsPerPage = 7; }", "Planted.EventsPerPage", "7" },
        { "public sealed record PlantedOptions { public int RetriesMax { get; init; } = 3; }", "PlantedOptions.RetriesMax", "3" },
        { "public sealed record PlantedLimits { public required long FeeMax { get; init; } }", "PlantedLimits.FeeMax", null },
        { "public readonly record struct PlantedLimits(int Other, int DepthMax);", "PlantedLimits.DepthMax", null },
        { "public sealed class Planted { record Inner(int A); public Planted(int first, int waitingMax = 10) { } }", "Planted(waitingMax)", "10" },
        { "class Planted { void Read() => settings.Number(SettingNames.MaxAttempts, 5, 1, 7 * 24); }", "PAYOUTS_MAX_ATTEMPTS", "1 to 168" },
        { "class Planted { void Run() { while (true) { } } }", "Planted: while (true)", null },
        { "class Planted { void Run() { for (var tries = 1; ; tries++) { } } }", "Planted: for without an end", null },
        { "class Planted { object queue = Channel.CreateUnbounded<int>(); }", "Planted: Channel.CreateUnbounded", null },
        { "class Planted { string Cut(string text) => text[..99]; }", "Planted: a cut at 99 that has no name", null },
    };

    [Fact(Timeout = 30_000)]
    public void Should_name_every_bound_of_the_source_with_its_value() => BoundInventory.Read().Compare(BoundScan.OfRepository()).ShouldBeEmpty();

    [Fact(Timeout = 30_000)]
    public void Should_say_of_every_table_what_ends_it() => BoundInventory.Read().Compare(BoundScan.Tables()).ShouldBeEmpty();

    [Fact(Timeout = 30_000)]
    public void Should_name_a_test_that_exists_for_each() => BoundInventory.Read().Unproven(Exists).ShouldBeEmpty();

    [Fact(Timeout = 30_000)]
    public void Should_read_the_whole_source()
    {
        var found = BoundScan.OfRepository();
        foreach (var name in new[] { "PAYOUTS_LANE_DEPTH", "OutboxRelay.BatchSizeMax", "SubmitterOptions.SendBatchMax", "NetworkLimits.TxInstructionsMax", "GroupCommit(waitingMax)", "FeeLimits.TotalFeeMax" })
            found.ShouldContain(bound => bound.Name == name);
        found.ShouldNotContain(bound => bound.Name.StartsWith('.'), "a bound without its type");
        BoundScan.Tables().Select(table => table.Name).ShouldContain("payout_transitions");
    }

    [Theory(Timeout = 30_000)]
    [MemberData(nameof(Planted))]
    public void Should_catch_a_planted_bound_that_nobody_named(string source, string name, string? value)
    {
        var planted = BoundScan.Of(Room, source).ShouldHaveSingleItem(source);
        planted.ShouldBe(new Bound(Room, name, value));
        BoundInventory.Read().Compare([.. BoundScan.OfRepository(), planted]).ShouldHaveSingleItem().ShouldContain(name);
    }

    [Fact(Timeout = 30_000)]
    public void Should_catch_a_row_that_is_wrong()
    {
        var bound = new Bound(Room, "Planted.QueueMax", "7");
        const string Right = "## services/rounds\n| `Planted.QueueMax` | 7 rows | refused | `When_bounds_are_stated.Should_catch_a_row_that_is_wrong` |";
        Wrong(Right).ShouldBeEmpty();
        Wrong(Right.Replace("7 rows", "8 rows", StringComparison.Ordinal)).ShouldHaveSingleItem().ShouldContain("is 7 in the source");
        Wrong(Right.Replace("| 7 rows", "| 70 rows", StringComparison.Ordinal)).ShouldHaveSingleItem();
        Wrong(Right.Replace("7 rows", "7 ", StringComparison.Ordinal)).ShouldNotBeEmpty("no unit");
        Wrong(Right.Replace("refused", "", StringComparison.Ordinal)).ShouldNotBeEmpty("nothing is said of what happens");
        Wrong(Right.Replace("Should_catch_a_row", "Should_have_caught_a_row", StringComparison.Ordinal)).ShouldHaveSingleItem().ShouldContain("does not exist");
        Wrong(Right.Replace("QueueMax`", "QueueMost`", StringComparison.Ordinal)).Count().ShouldBe(2, "one is missing, one is too much");

        IEnumerable<string> Wrong(string text) => BoundInventory.Of(text).Compare([bound]).Concat(BoundInventory.Of(text).Unproven(Exists));
    }

    [Theory(Timeout = 30_000)]
    [InlineData("letters", true, "kept: for ever")]
    [InlineData("letters", false, "retention: after a while")]
    [InlineData("letters", false, "who knows")]
    [InlineData("others", false, "kept: for ever")]
    public void Should_catch_a_table_without_an_end(string table, bool forgotten, string end) =>
        BoundInventory.Of($"## Tables\n| `rounds.letters` | {end} | read | `When_x.Should_y` |").Compare([new StoredTable(Room, table, forgotten)]).ShouldNotBeEmpty();

    private static bool Exists(string type, string method) => Sources.Value[type].Any(source => source.Contains($" {method}(", StringComparison.Ordinal));
}
