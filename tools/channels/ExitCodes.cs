namespace Payouts.Channels;

/// <summary>How a command ended, as a shell or a cron sees it.</summary>
public static class ExitCodes
{
    /// <summary>All is as it was asked for.</summary>
    public const int Done = 0;

    /// <summary>Something is wrong, or was refused: the output says what, for each account.</summary>
    public const int Wrong = 1;

    /// <summary>The arguments or the settings are wrong; nothing was sent.</summary>
    public const int Usage = 2;

    /// <summary>The network or payout-builder did not answer in time: the same command again goes on where this one ended.</summary>
    public const int Unfinished = 3;

    /// <summary>Interrupted (128 + SIGINT); the same command again goes on.</summary>
    public const int Interrupted = 130;
}

/// <summary>A command cannot go on; the message is for the one who gave it.</summary>
public sealed class CommandException(int exitCode, string message) : Exception(message)
{
    /// <summary>One of <see cref="ExitCodes"/>.</summary>
    public int ExitCode { get; } = exitCode;
}
