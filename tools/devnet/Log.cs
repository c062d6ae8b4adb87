namespace Payouts.Devnet;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Error, "RPC method {Method} failed unexpectedly; the client was answered -32603")]
    public static partial void UnexpectedFailure(this ILogger log, string? method, Exception error);

    [LoggerMessage(2, LogLevel.Error, "Ledger {Ledger} could not be closed; the next tick tries again")]
    public static partial void CloseFailed(this ILogger log, uint ledger, Exception error);

    [LoggerMessage(3, LogLevel.Debug, "Devnet stopped after ledger {Ledger}")]
    public static partial void Stopped(this ILogger log, uint ledger);
}
