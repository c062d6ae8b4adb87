using Microsoft.AspNetCore.Builder;
using Payouts.Hosting.Configuration;
using Payouts.Hosting.Database;

namespace Payouts.Hosting.Web;

/// <summary>What a command of a service's program came to.</summary>
/// <param name="ExitCode">As a shell or a cron sees it.</param>
/// <param name="Text">For the standard output, or for the standard error when there is no answer.</param>
public sealed record CommandResult(int ExitCode, string Text);

/// <summary>Runs a command of a service's program: with the service's settings and on its database, and nothing is started.</summary>
public static class ServiceCommand
{
    /// <summary>The command could not answer: a wrong argument (EX_USAGE).</summary>
    public const int ExitUsage = 64;

    /// <summary>The command could not answer: what it needs is not there (EX_UNAVAILABLE).</summary>
    public const int ExitUnavailable = 69;

    /// <summary>Runs and prints; returns the exit code.</summary>
    public static async Task<int> RunAsync(IServiceModule module, Func<IServiceProvider, Task<CommandResult>> command) =>
        await PrintAsync(module, await AnswerAsync(module, command));

    /// <summary>Prints an answer; returns the exit code.</summary>
    internal static async Task<int> PrintAsync(IServiceModule module, CommandResult result)
    {
        var place = result.ExitCode >= ExitUsage ? Console.Error : Console.Out;
        await place.WriteAsync(result.ExitCode >= ExitUsage ? $"{module.Name}: {result.Text}{Environment.NewLine}" : result.Text);
        return result.ExitCode;
    }

    private static async Task<CommandResult> AnswerAsync(IServiceModule module, Func<IServiceProvider, Task<CommandResult>> command)
    {
        try
        {
            await using var app = ServiceHost.Build(ServiceHost.CreateBuilder(), [module]);
            return await command(app.Services);
        }
        catch (SettingsException wrong)
        {
            return new CommandResult(ServiceHost.ExitConfiguration, string.Join(Environment.NewLine, wrong.Problems));
        }
        catch (Exception failure) when (DatabaseFailure.LineOf(failure) is { } line)
        {
            return new CommandResult(ExitUnavailable, line);
        }
    }
}
