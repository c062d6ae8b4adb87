using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Payouts.Tests.Support;

/// <summary>POSIX signals by their Linux numbers.</summary>
internal enum Signal
{
    Interrupt = 2,
    Quit = 3,
    Kill = 9,
    Terminate = 15,
    Continue = 18,
    Stop = 19,
}

internal static class Signals
{
    private const int NoSuchProcess = 3;

    /// <summary>Sends a signal; a process that is gone already is no error.</summary>
    public static void Send(int processId, Signal signal)
    {
        if (SendSignal(processId, (int)signal) != 0 && Marshal.GetLastPInvokeError() is var code and not NoSuchProcess)
        {
            throw new Win32Exception(code, $"Could not send {signal} to process {processId}: {new Win32Exception(code).Message}");
        }
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int SendSignal(int processId, int signal);
}
