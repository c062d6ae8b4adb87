using System.Globalization;

namespace Payouts.Hosting.Messaging;

/// <summary>The TCP connections of this process, as the kernel knows them (proc(5)); the client library's own view may be wrong.</summary>
internal static class ProcessConnections
{
    private const int RemoteColumn = 2, StateColumn = 3, InodeColumn = 9;
    private const string Established = "01";

    /// <summary>Established connections to a port, on whatever host; null where the kernel does not tell.</summary>
    public static int? CountTo(int port)
    {
        if (!OperatingSystem.IsLinux())
            return null;
        var own = Directory.EnumerateFiles("/proc/self/fd").Select(TargetOf).ToHashSet(StringComparer.Ordinal);
        var suffix = $":{port.ToString("X4", CultureInfo.InvariantCulture)}";
        return new[] { "/proc/self/net/tcp", "/proc/self/net/tcp6" }.Where(File.Exists).SelectMany(File.ReadLines)
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Count(columns => columns.Length > InodeColumn && columns[StateColumn] == Established
                && columns[RemoteColumn].EndsWith(suffix, StringComparison.Ordinal) && own.Contains($"socket:[{columns[InodeColumn]}]"));
    }

    private static string TargetOf(string descriptor)
    {
        try
        {
            return new FileInfo(descriptor).LinkTarget ?? "";
        }
        catch (IOException)
        {
            // Closed since it was listed.
            return "";
        }
    }
}
