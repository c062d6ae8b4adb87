using Npgsql;

namespace Payouts.Tests.Support;

/// <summary>PostgreSQL as a child process, on Debian's and Ubuntu's packages.</summary>
internal static class PostgreSqlLocalHost
{
    private const string SystemUser = "postgres";
    private const string Superuser = "postgres";
    private const string Password = "superuser";
    private const string PackageFolder = "/usr/lib/postgresql";

    public static async Task<(IServerHost Host, NpgsqlConnectionStringBuilder Superuser)> CreateAsync(PostgreSqlOptions options)
    {
        var programs = FindPrograms();
        var port = FreePort.Next();
        var directory = await ServerDirectory.CreateAsync("postgresql", SystemUser);
        try
        {
            var data = Path.Combine(directory.Path, "data");
            var environment = ServerEnvironment.Minimal(directory.Path);
            await ChildProcess.RunAsync(
                new ChildProcessStart
                {
                    File = Path.Combine(programs, "initdb"),
                    Arguments =
                    [
                        "--pgdata", data, "--username", Superuser, "--pwfile", directory.AddFile("password", Password + "\n"),
                        "--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", "C", "--no-sync",
                    ],
                    Environment = environment,
                    User = SystemUser,
                },
                TimeSpan.FromSeconds(60));
            var start = new ChildProcessStart
            {
                File = Path.Combine(programs, "postgres"),
                Arguments =
                [
                    "-D", data, "-h", "127.0.0.1", "-p", port.ToString(System.Globalization.CultureInfo.InvariantCulture),
                    "-c", "unix_socket_directories=", .. options.ToServerArguments(),
                ],
                Environment = environment,
                User = SystemUser,
            };
            var superuser = new NpgsqlConnectionStringBuilder
            {
                Host = "127.0.0.1",
                Port = port,
                Username = Superuser,
                Password = Password,
                Database = "postgres",
            };
            // SIGINT is PostgreSQL's fast shutdown: it does not wait for clients to leave.
            return (new LocalServerHost(start, Signal.Interrupt, [directory]), superuser);
        }
        catch
        {
            directory.Dispose();
            throw;
        }
    }

    private static string FindPrograms()
    {
        var newest = !Directory.Exists(PackageFolder)
            ? null
            : Directory.GetDirectories(PackageFolder)
                .Select(folder => Path.Combine(folder, "bin"))
                .Where(folder => File.Exists(Path.Combine(folder, "initdb")))
                .MaxBy(folder => Version.TryParse(Path.GetFileName(Path.GetDirectoryName(folder)) + ".0", out var version) ? version : new Version());
        return newest ?? throw new FileNotFoundException($"No PostgreSQL server in {PackageFolder}: install the package 'postgresql' (test.sh does), or start a Docker engine.");
    }
}
