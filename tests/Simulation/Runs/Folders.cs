using Microsoft.Data.Sqlite;
using Payouts.Tests.Simulation.Judging;

namespace Payouts.Tests.Simulation.Runs;

/// <summary>A folder with the four services' databases, migrated. The migrations run once a process; every run gets copies.</summary>
internal sealed class Folders : IDisposable
{
    private static readonly Lock Gate = new();
    private static string? _template;

    private readonly string _path;

    private Folders(string path) => (_path, Database) = (path, new Database(path));

    public Database Database { get; }

    public static async Task<Folders> CreateAsync(Func<Database, Task> migrate)
    {
        if (_template is null)
        {
            var fresh = New();
            await migrate(new Database(fresh));
            // Closing the last connection brings the write-ahead log into the file: only then is the file the whole database.
            SqliteConnection.ClearAllPools();
            lock (Gate)
                _template ??= fresh;
        }

        var path = New();
        foreach (var file in Directory.GetFiles(_template))
            File.Copy(file, Path.Combine(path, Path.GetFileName(file)));
        return new Folders(path);
    }

    public void Dispose()
    {
        foreach (var service in Database.All)
        {
            foreach (var connection in new[] { Hosting.Database.DatabaseSettings.Parse(Database.Url, service).ConnectionString, Database.ConnectionString(service) })
            {
                using var pooled = new SqliteConnection(connection);
                SqliteConnection.ClearPool(pooled);
            }
        }

        Directory.Delete(_path, recursive: true);
    }

    // In memory where the host has such a folder: a commit is then not the disk's matter.
    private static string New() => Directory.CreateDirectory(
        Path.Combine(Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath(), $"payouts-simulation-{Guid.NewGuid():N}")).FullName;
}
