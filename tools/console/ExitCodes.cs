namespace Payouts.OperatorConsole;

/// <summary>How a command ended, as a shell or a cron sees it.</summary>
public static class ExitCodes
{
    /// <summary>Done, and nothing is wrong.</summary>
    public const int Done = 0;

    /// <summary>A service refused it, or what was asked about is not as it should be: the output says what.</summary>
    public const int Wrong = 1;

    /// <summary>Arguments or settings are wrong; nothing was sent.</summary>
    public const int Usage = 2;

    /// <summary>No answer, or none that can be read: what became of a change is not known; the same command with its Idempotency-Key is harmless.</summary>
    public const int NoAnswer = 3;

    /// <summary>Interrupted: 128 + SIGINT.</summary>
    public const int Interrupted = 130;
}

/// <summary>A command cannot go on; the message is for the one who gave it and holds no secret.</summary>
public class CommandException(int exitCode, string message) : Exception(message)
{
    /// <summary>One of <see cref="ExitCodes"/>.</summary>
    public int ExitCode { get; } = exitCode;
}
