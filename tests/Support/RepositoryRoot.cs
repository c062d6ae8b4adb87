namespace Payouts.Tests.Support;

/// <summary>Finds files of the checkout that the running tests were built from.</summary>
public static class RepositoryRoot
{
    private const string Marker = "payouts.slnx";
    private static readonly Lazy<string> Found = new(Find);

    /// <summary>Absolute path of the folder that holds payouts.slnx.</summary>
    public static string Path => Found.Value;

    /// <summary>The configuration these tests were built in: Release or Debug.</summary>
    public static string Configuration =>
        AppContext.BaseDirectory.Split(System.IO.Path.DirectorySeparatorChar).Contains("Release") ? "Release" : "Debug";

    /// <summary>Absolute path of a file or folder named from the root, e.g. <c>PathOf("docs", "states.md")</c>.</summary>
    public static string PathOf(params ReadOnlySpan<string> parts) => System.IO.Path.Combine([Path, .. parts]);

    /// <summary>Path of a project's built assembly, e.g. <c>AssemblyOf("services/rounds", "payouts-rounds")</c>.</summary>
    /// <exception cref="FileNotFoundException">The project was not built in this configuration.</exception>
    public static string AssemblyOf(string projectFolder, string assemblyName)
    {
        var path = PathOf(projectFolder, "bin", Configuration, "net10.0", assemblyName + ".dll");
        return File.Exists(path)
            ? path
            : throw new FileNotFoundException($"{assemblyName}.dll is not built: run 'dotnet build {projectFolder} -c {Configuration}' first.", path);
    }

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, Marker)))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException($"No folder above {AppContext.BaseDirectory} holds {Marker}: the tests must run from within the checkout.");
    }
}
