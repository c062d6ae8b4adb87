using System.Diagnostics;
using System.Text.RegularExpressions;
using Payouts.Tests.Support;

namespace Payouts.Bench.Start;

/// <summary>Every program published as its image has it: by the very command of its Dockerfile, into a folder of its own.</summary>
internal sealed partial class PublishedPrograms : IDisposable
{
    private static readonly string[] Projects = ["services/rounds", "services/payout-builder", "services/payout-signer", "services/payout-submitter", "tools/local-signer"];
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("payouts-published-");

    private PublishedPrograms()
    {
    }

    /// <summary>One folder in it for each program, by the name of its project's folder.</summary>
    public string Folder => _folder.FullName;

    /// <exception cref="InvalidOperationException">A program cannot be published; the message holds what the build said.</exception>
    public static async Task<PublishedPrograms> CreateAsync(CancellationToken cancellationToken)
    {
        var programs = new PublishedPrograms();
        try
        {
            foreach (var project in Projects)
                await programs.PublishAsync(project, cancellationToken);
            return programs;
        }
        catch
        {
            programs.Dispose();
            throw;
        }
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private async Task PublishAsync(string project, CancellationToken cancellationToken)
    {
        var command = PublishCommand().Match(await File.ReadAllTextAsync(RepositoryRoot.PathOf(project, "Dockerfile"), cancellationToken)).Groups["command"].Value;
        if (command.Length == 0)
            throw new InvalidOperationException($"{project}/Dockerfile has no line 'RUN dotnet publish ... -o /app': the bench publishes as the image does.");
        string[] arguments = [.. command.Split(' '), "--output", Path.Combine(Folder, Path.GetFileName(project)), "--artifacts-path", Path.Combine(Folder, "artifacts"), "--nologo", "--verbosity", "quiet"];
        using var process = Process.Start(new ProcessStartInfo("dotnet", arguments) { WorkingDirectory = RepositoryRoot.Path, RedirectStandardOutput = true })!;
        var said = await process.StandardOutput.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"dotnet {command} ended with code {process.ExitCode}: {said}");
    }

    [GeneratedRegex("^RUN dotnet (?<command>publish .*) -o /app", RegexOptions.Multiline)]
    private static partial Regex PublishCommand();
}
