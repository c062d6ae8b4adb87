using System.Xml.Linq;

namespace Payouts.Tests.Architecture;

/// <summary>One project uses another: both by their folders, such as services/rounds.</summary>
internal sealed record Arrow(string From, string To)
{
    public override string ToString() => $"{From} -> {To}";
}

/// <summary>The projects and their references, read from the project files.</summary>
internal static class ProjectGraph
{
    private static readonly Lazy<IReadOnlyList<SourceFile>> Files = new(() => [.. SourceTree.Files.Where(file => file.Path.EndsWith(".csproj", StringComparison.Ordinal))]);

    public static IReadOnlyList<SourceFile> ProjectFiles => Files.Value;

    public static IReadOnlyList<string> Projects => [.. ProjectFiles.Select(file => FolderOf(file.Path)).Order(StringComparer.Ordinal)];

    public static IEnumerable<Arrow> Arrows => ProjectFiles.SelectMany(ArrowsOf);

    /// <summary>Every reference counts, also one that only orders the build.</summary>
    public static IEnumerable<Arrow> ArrowsOf(SourceFile project)
    {
        var from = FolderOf(project.Path);
        return XDocument.Parse(project.Text).Descendants("ProjectReference").Select(reference => reference.Attribute("Include")!.Value.Replace('\\', '/'))
            .Select(path => new Arrow(from, FolderOf(Path.GetRelativePath("/", Path.GetFullPath("/" + from + "/" + path)))));
    }

    public static IEnumerable<string> PackagesOf(SourceFile project) =>
        XDocument.Parse(project.Text).Descendants("PackageReference").Select(reference => reference.Attribute("Include")!.Value);

    private static string FolderOf(string path) => path[..path.LastIndexOf('/')];
}
