using System.Globalization;

namespace Payouts.Tests.Support;

/// <summary>What a process holds in memory, as the kernel counts it.</summary>
public static class ProcessMemory
{
    private const long BytesPerKilobyte = 1024;

    /// <summary>VmRSS of /proc/ID/status, in bytes; shared pages of the runtime included.</summary>
    public static long ResidentBytes(int processId)
    {
        var line = File.ReadLines(string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/status")).Single(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * BytesPerKilobyte;
    }
}
