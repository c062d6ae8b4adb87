using Microsoft.Extensions.Hosting;
using Payouts.Hosting.Configuration;

namespace Payouts.Hosting.Web;

/// <summary>What can only be known by asking somebody, such as whose key a KMS holds: asked before a program starts anything.</summary>
public interface IStartCheck
{
    /// <summary>Returns when nothing is known to be wrong; that nobody answered is no reason to stop.</summary>
    /// <exception cref="SettingsException">The settings do not fit what was found.</exception>
    /// <exception cref="StartFailedException">What the program cannot begin without is not there.</exception>
    Task CheckAsync(CancellationToken cancellationToken);
}

/// <summary>The settings may be right, and what they name cannot be used now: a program says so in one line and ends with <see cref="ServiceCommand.ExitUnavailable"/>; whoever runs it starts it again.</summary>
public sealed class StartFailedException(string message, Exception cause) : Exception(message, cause);

/// <summary>A problem of the settings that showed only after the start: the program stops as it would have at the start.</summary>
public sealed class LateProblem(IHostApplicationLifetime lifetime)
{
    /// <summary>The problem; null: none.</summary>
    public string? Text { get; private set; }

    /// <summary>Stops the program in order, with the exit code of a wrong configuration.</summary>
    public void Stop(string problem)
    {
        Text = problem;
        lifetime.StopApplication();
    }
}
