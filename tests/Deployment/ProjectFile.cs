using System.Xml.Linq;

namespace Payouts.Tests.Deployment;

/// <summary>What a project file says about itself.</summary>
internal static class ProjectFile
{
    /// <summary>AssemblyName, or the file's own name when it gives none.</summary>
    public static string ReadAssemblyName(string path) =>
        XDocument.Load(path).Descendants("AssemblyName").LastOrDefault()?.Value ?? Path.GetFileNameWithoutExtension(path);

    /// <summary>Absolute paths of the projects it refers to, and of those that they refer to.</summary>
    public static IReadOnlyCollection<string> FindAllReferences(string path)
    {
        var found = new SortedSet<string>(StringComparer.Ordinal);
        var open = new Stack<string>([path]);
        while (open.TryPop(out var project))
        {
            foreach (var reference in XDocument.Load(project).Descendants("ProjectReference").Select(item => item.Attribute("Include")!.Value))
            {
                var absolute = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(project)!, reference.Replace('\\', '/')));
                if (found.Add(absolute))
                {
                    open.Push(absolute);
                }
            }
        }

        return found;
    }
}
