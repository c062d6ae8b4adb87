using System.Text.RegularExpressions;
using Payouts.Tests.Support;

namespace Payouts.Tests.Docs;

/// <summary>No document points at what is not there.</summary>
public sealed partial class When_documents_are_read
{
    public static TheoryData<string> Documents => [.. Directory
        .EnumerateFiles(RepositoryRoot.Path, "*.md", SearchOption.AllDirectories)
        .Select(path => Path.GetRelativePath(RepositoryRoot.Path, path))
        .Where(path => !path.Split('/').Any(part => part is "bin" or "obj" or "node_modules" or ".git"))];

    [Theory(Timeout = 10_000)]
    [MemberData(nameof(Documents))]
    public async Task Should_have_links_that_lead_somewhere(string document)
    {
        var text = await File.ReadAllTextAsync(RepositoryRoot.PathOf(document), TestContext.Current.CancellationToken);
        var folder = Path.GetDirectoryName(RepositoryRoot.PathOf(document))!;
        var broken = Link().Matches(text).Select(match => match.Groups[1].Value.Split('#')[0])
            .Where(target => target.Length > 0 && !target.Contains("://", StringComparison.Ordinal))
            .Where(target => !Path.Exists(Path.Combine(folder, target))).ToList();
        broken.ShouldBeEmpty();
    }

    [Fact(Timeout = 10_000)]
    public async Task Should_name_only_rooms_that_exist()
    {
        var readme = await File.ReadAllTextAsync(RepositoryRoot.PathOf("README.md"), TestContext.Current.CancellationToken);
        var rooms = Room().Matches(readme).Select(match => match.Value.Trim('`')).Distinct().ToList();
        rooms.Count.ShouldBeGreaterThan(8);
        rooms.Where(room => !Directory.Exists(RepositoryRoot.PathOf(room))).ShouldBeEmpty();
    }

    /// <summary>A fault without its test is a claim without proof.</summary>
    [Fact(Timeout = 30_000)]
    public async Task Should_name_only_tests_that_exist()
    {
        var faults = await File.ReadAllTextAsync(RepositoryRoot.PathOf("docs/faults.md"), TestContext.Current.CancellationToken);
        var sources = Directory.EnumerateFiles(RepositoryRoot.PathOf("tests"), "When_*.cs", SearchOption.AllDirectories)
            .ToLookup(path => Path.GetFileNameWithoutExtension(path), path => File.ReadAllText(path), StringComparer.Ordinal);
        var named = Test().Matches(faults).Select(match => (Class: match.Groups[1].Value, Method: match.Groups[2].Value)).Distinct().ToList();
        named.Where(test => !sources[test.Class].Any(source => source.Contains($" {test.Method}(", StringComparison.Ordinal))).ShouldBeEmpty();
        FaultRow().Matches(faults).Select(row => int.Parse(row.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture)).ShouldBe(Enumerable.Range(1, 18));
        FaultRow().Matches(faults).ShouldAllBe(row => Test().IsMatch(row.Value));
    }

    [GeneratedRegex(@"`(When_\w+)\.(Should_\w+)`")]
    private static partial Regex Test();

    [GeneratedRegex(@"^\| (\d+) \|.*$", RegexOptions.Multiline)]
    private static partial Regex FaultRow();

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex("`(services|shared|tools|tests|samples)/[a-z/-]+`")]
    private static partial Regex Room();
}
