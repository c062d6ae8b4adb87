namespace Payouts.Tests.Architecture;

/// <summary>A text file of the repository.</summary>
/// <param name="Path">From the root, with slashes.</param>
/// <param name="Text">All of it.</param>
internal sealed record SourceFile(string Path, string Text)
{
    private CSharpText? _code;

    public bool IsCSharp => Path.EndsWith(".cs", StringComparison.Ordinal);

    public bool IsGenerated => Path.Contains("/Generated/", StringComparison.Ordinal);

    /// <summary>C# taken apart into code, comments and texts.</summary>
    public CSharpText Code => _code ??= CSharpText.Parse(Text);

    public bool IsBelow(params ReadOnlySpan<string> folders)
    {
        foreach (var folder in folders)
        {
            if (Path.StartsWith(folder, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    public override string ToString() => Path;
}

/// <summary>What is committed, or would be: the files on disk without what builds and runs leave behind.</summary>
internal static class SourceTree
{
    private static readonly HashSet<string> LeftBehind = new(StringComparer.Ordinal)
    {
        ".git", "bin", "obj", "artifacts", "node_modules", ".vs", ".idea", ".vscode", "TestResults", ".data",
    };

    private static readonly HashSet<string> Kinds = new(StringComparer.Ordinal)
    {
        ".cs", ".csproj", ".props", ".targets", ".slnx", ".json", ".mjs", ".js", ".sh", ".sql", ".md", ".yml", ".yaml", ".xml", ".http", ".example", ".npmrc", ".txt", ".config", "",
    };

    private static readonly Lazy<IReadOnlyList<SourceFile>> Read = new(() => [.. Find(new DirectoryInfo(RepositoryRoot.Path))]);

    public static IReadOnlyList<SourceFile> Files => Read.Value;

    private static IEnumerable<SourceFile> Find(DirectoryInfo folder)
    {
        foreach (var file in folder.EnumerateFiles().Where(file => Kinds.Contains(file.Extension) && file.Name is not ".env" and not ".git"))
        {
            yield return new SourceFile(Path.GetRelativePath(RepositoryRoot.Path, file.FullName).Replace('\\', '/'), File.ReadAllText(file.FullName));
        }

        foreach (var inner in folder.EnumerateDirectories().Where(inner => !LeftBehind.Contains(inner.Name) && inner.LinkTarget is null))
        {
            foreach (var file in Find(inner))
            {
                yield return file;
            }
        }
    }
}
