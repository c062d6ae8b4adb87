using System.Diagnostics;
using System.Globalization;
using Payouts.Tests.Support;

namespace Payouts.Tests.Faults.Restores;

/// <summary>A service's schema on disk and back, with the commands that docs/operations.md names: pg_dump, psql, pg_restore.</summary>
internal sealed class Backups(TestDatabase database) : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("payouts-backups-");

    /// <summary>Why this host cannot take backups; null: it can. pg_dump refuses a server that is newer than itself.</summary>
    public static async Task<string?> MissingAsync(PostgreSqlServer server, CancellationToken cancellationToken)
    {
        try
        {
            var said = await RunAsync("pg_dump", ["--version"], cancellationToken);
            var tools = int.Parse(said.Split(' ').First(word => char.IsAsciiDigit(word[0])).Split('.')[0], CultureInfo.InvariantCulture);
            var wanted = int.Parse((await server.ShowAsync("server_version", cancellationToken)).Split('.', ' ')[0], CultureInfo.InvariantCulture);
            return tools >= wanted ? null : $"pg_dump {tools} cannot read a server {wanted}: install the client of that version";
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return "there is no pg_dump: install postgresql-client";
        }
    }

    /// <summary>Takes one while the service works: pg_dump reads one snapshot.</summary>
    public async Task TakeAsync(string service, CancellationToken cancellationToken) =>
        await RunAsync("pg_dump", ["--format=custom", "--no-owner", $"--schema={SchemaOf(service)}", $"--file={FileOf(service)}", database.Url], cancellationToken);

    /// <summary>Puts it back; the service must not run.</summary>
    public async Task RestoreAsync(string service, CancellationToken cancellationToken)
    {
        await RunAsync("psql", ["--quiet", "--set=ON_ERROR_STOP=1", $"--command=drop schema {SchemaOf(service)} cascade", $"--dbname={database.Url}"], cancellationToken);
        await RunAsync("pg_restore", ["--exit-on-error", "--single-transaction", "--no-owner", $"--dbname={database.Url}", FileOf(service)], cancellationToken);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static string SchemaOf(string service) => service.Replace('-', '_');

    private string FileOf(string service) => Path.Combine(_folder.FullName, $"{service}.dump");

    private static async Task<string> RunAsync(string program, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(cancellationToken), process.StandardError.ReadToEndAsync(cancellationToken));
        await process.WaitForExitAsync(cancellationToken);
        return process.ExitCode == 0 ? await output : throw new InvalidOperationException($"{program} ended with code {process.ExitCode}: {await errors}");
    }
}
