using System.Globalization;

namespace Payouts.Tests.Support;

/// <summary>What a process holds in memory and what it took of the processor, as the kernel counts it.</summary>
public static class ProcessUsage
{
    private const long BytesPerKilobyte = 1024;

    /// <summary>The kernel's unit of processor time: USER_HZ, 100 a second on every Linux.</summary>
    private const double TicksPerSecond = 100;

    /// <summary>VmRSS of /proc/ID/status, in bytes; files that it maps included, which the kernel drops when memory is short and processes of one image share.</summary>
    public static long ResidentBytes(int processId) => ReadStatus(processId, "VmRSS:");

    /// <summary>RssAnon and RssShmem, in bytes: heaps, stacks and compiled code. The kernel cannot drop it; what a memory limit is about.</summary>
    public static long PrivateBytes(int processId) => ReadStatus(processId, "RssAnon:") + ReadStatus(processId, "RssShmem:");

    /// <summary>Seconds of processor time since its start, all threads together, user and system.</summary>
    public static double ProcessorSeconds(int processId)
    {
        // The name in parentheses may hold blanks; after it, state is field 3, and 14 and 15 are utime and stime.
        var stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/stat"));
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return (long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)) / TicksPerSecond;
    }

    private static long ReadStatus(int processId, string row)
    {
        var line = File.ReadLines(string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/status")).Single(line => line.StartsWith(row, StringComparison.Ordinal));
        return long.Parse(line.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * BytesPerKilobyte;
    }
}
