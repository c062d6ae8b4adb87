namespace Payouts.Hosting.Steps;

/// <summary>
/// Told whenever work passes a named place between two effects: a commit and the acknowledgement behind it, a send and its record. Whoever
/// plugs in here can let a process die at each of them; what must hold then is that nobody is paid twice and nothing is lost.
/// </summary>
/// <remarks>
/// Names read SERVICE/WHO/MOMENT, such as payout-submitter/SubmissionPump/sent. Transactions name themselves: WHO is the file that began
/// one, or the consumer. tests/Faults/step-points.txt lists them all. One instance a host, taken from its services.
/// </remarks>
public interface IStepPoints
{
    /// <summary>False in production: then names that would have to be composed are not, and nothing observes the queues.</summary>
    bool AreWatched { get; }

    /// <summary>Work is at this point. What is thrown here fails the work as if the process had ended, as far as the caller can tell.</summary>
    void Pass(string point);
}

/// <summary>Nobody watches: what runs in production.</summary>
public sealed class UnwatchedSteps : IStepPoints
{
    /// <inheritdoc />
    public bool AreWatched => false;

    /// <inheritdoc />
    public void Pass(string point)
    {
    }
}
