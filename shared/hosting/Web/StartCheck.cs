using Microsoft.Extensions.Hosting;
using Payouts.Hosting.Configuration;

namespace Payouts.Hosting.Web;

/// <summary>What can only be known by asking somebody, such as whose key a KMS holds: asked before a program starts anything.</summary>
public interface IStartCheck
{
    /// <summary>Returns when nothing is known to be wrong; that nobody answered is no reason to stop.</summary>
    /// <exception cref="SettingsException">The settings do not fit what was found.</exception>
    Task CheckAsync(CancellationToken cancellationToken);
}

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
