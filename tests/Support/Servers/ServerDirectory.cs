using System.Globalization;

namespace Payouts.Tests.Support;

/// <summary>A folder for a local server's data, owned by the user that the server runs as, and removed with it.</summary>
internal sealed class ServerDirectory : IDisposable
{
    private const string Prefix = "payouts-test-";

    private ServerDirectory(string path) => Path = path;

    public string Path { get; }

    public static async Task<ServerDirectory> CreateAsync(string server, string user)
    {
        RemoveAbandoned();
        var path = Directory.CreateTempSubdirectory(FormattableString.Invariant($"{Prefix}{Environment.ProcessId}-{server}-")).FullName;
        // The server's user only has to pass through.
        File.SetUnixFileMode(path, File.GetUnixFileMode(path) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        var directory = new ServerDirectory(path);
        await directory.AddAsync("data", user);
        return directory;
    }

    /// <summary>Adds a folder that belongs to the server's user.</summary>
    public async Task<string> AddAsync(string name, string user)
    {
        var path = System.IO.Path.Combine(Path, name);
        string[] owner = Environment.UserName == "root" ? ["--owner", user, "--group", user] : [];
        await ChildProcess.RunAsync(
            new ChildProcessStart
            {
                File = "install",
                Arguments = ["--directory", "--mode", "700", .. owner, path],
                Environment = ServerEnvironment.Minimal(Path),
            },
            TimeSpan.FromSeconds(10));
        return path;
    }

    /// <summary>Adds a file that the server's user may read.</summary>
    public string AddFile(string name, string content)
    {
        var path = System.IO.Path.Combine(Path, name);
        File.WriteAllText(path, content);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        return path;
    }

    public void Dispose()
    {
        if (Directory.Exists(Path))
        {
            Directory.Delete(Path, recursive: true);
        }
    }

    /// <summary>A killed test process cannot remove its folders; the next one does.</summary>
    private static void RemoveAbandoned()
    {
        foreach (var path in Directory.EnumerateDirectories(System.IO.Path.GetTempPath(), Prefix + "*"))
        {
            var name = System.IO.Path.GetFileName(path);
            var owner = name[Prefix.Length..].Split('-')[0];
            if (int.TryParse(owner, NumberStyles.None, CultureInfo.InvariantCulture, out var processId) && !Directory.Exists($"/proc/{processId}"))
            {
                try
                {
                    Directory.Delete(path, recursive: true);
                }
                catch (Exception error) when (error is IOException or UnauthorizedAccessException)
                {
                    // Another user's, or another test process is removing it right now: not ours to insist on.
                    continue;
                }
            }
        }
    }
}
