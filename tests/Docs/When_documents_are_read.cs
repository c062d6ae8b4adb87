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

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex("`(services|shared|tools|tests|samples)/[a-z/-]+`")]
    private static partial Regex Room();
}
