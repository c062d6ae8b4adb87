using System.Globalization;
using Payouts.Tests.Suite;

namespace Payouts.Bench.Pipeline;

/// <summary>Processor time by process, from /proc: where the time of a payout goes.</summary>
internal static class CpuTimes
{
    private const double TicksPerSecond = 100;

    /// <summary>Seconds of processor time used so far, by name.</summary>
    public static Dictionary<string, double> Read(SuiteProcesses suite)
    {
        var times = suite.Services.ToDictionary(service => service.Key, service => Of(service.Value.ProcessId), StringComparer.Ordinal);
        times["devnet and bench"] = Of(Environment.ProcessId);
        times["PostgreSQL"] = Named("postgres");
        times["RabbitMQ"] = Named("beam.smp");
        return times;
    }

    private static double Named(string name) => Directory.EnumerateDirectories("/proc").Select(path => Path.GetFileName(path)!)
        .Where(entry => int.TryParse(entry, NumberStyles.None, CultureInfo.InvariantCulture, out _) && Command(entry) == name)
        .Sum(entry => Of(int.Parse(entry, CultureInfo.InvariantCulture)));

    private static string Command(string process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/comm").Trim();
        }
        catch (IOException)
        {
            return ""; // It ended meanwhile.
        }
    }

    private static double Of(int process)
    {
        try
        {
            // Fields 14 and 15 after the name, which may hold spaces: user and system ticks.
            var fields = File.ReadAllText($"/proc/{process}/stat").Split(") ")[1].Split(' ');
            return (long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)) / TicksPerSecond;
        }
        catch (IOException)
        {
            return 0; // It ended meanwhile.
        }
    }
}
