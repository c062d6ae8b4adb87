using System.Globalization;
using System.Runtime.InteropServices;
using Payouts.Hosting.Configuration;
using Payouts.Stellar;

namespace Payouts.Hosting.Steps;

/// <summary>
/// For fault tests: kills this process at a point, with SIGKILL, so that no handler runs and nothing is flushed. The folder holds what is
/// asked and what was seen:
/// <list type="bullet">
/// <item><c>stop-at</c>, written by the test at any time: POINT, or POINT#N for the N-th time it is passed from then on; absent or empty: live on.</item>
/// <item><c>passed</c>, written here: every point that was passed, once a process, one a line.</item>
/// </list>
/// </summary>
public sealed class FaultSteps(string folder) : IStepPoints
{
    private const int SignalKill = 9;
    private readonly Lock _lock = new();
    private readonly HashSet<string> _passed = new(StringComparer.Ordinal);
    private readonly string _order = Path.Combine(folder, "stop-at");
    private readonly string _record = Path.Combine(folder, "passed");
    private string _ordered = "";
    private long _countdown;

    /// <inheritdoc />
    public bool AreWatched => true;

    /// <summary>The points of this process: those of PAYOUTS_FAULT_STEPS, else none that anybody watches.</summary>
    public static IStepPoints Read(Settings settings)
    {
        if (settings.Optional(SettingNames.FaultSteps) is not { } folder)
            return new UnwatchedSteps();
        // Somebody would lose money by it, so the network must be named, and be another one.
        if (settings.Optional(SettingNames.NetworkPassphrase) is not { } passphrase || passphrase == Network.Public.Passphrase)
            settings.Refuse($"{SettingNames.FaultSteps} kills the process and is for fault tests only: it needs {SettingNames.NetworkPassphrase}, and not that of the public network");
        if (!OperatingSystem.IsLinux())
            settings.Refuse($"{SettingNames.FaultSteps} needs Linux");
        if (!Directory.Exists(folder))
            settings.Refuse($"{SettingNames.FaultSteps} must name a folder that exists");
        return new FaultSteps(folder);
    }

    /// <inheritdoc />
    public void Pass(string point)
    {
        lock (_lock)
        {
            if (_passed.Add(point))
                File.AppendAllText(_record, point + "\n");
            Listen();
            if (_ordered.Length > 0 && PointOf(_ordered) == point && --_countdown == 0)
                _ = Kill(Environment.ProcessId, SignalKill);
        }
    }

    private void Listen()
    {
        var order = File.Exists(_order) ? File.ReadAllText(_order).Trim() : "";
        if (order == _ordered)
            return;
        (_ordered, _countdown) = (order, CountOf(order));
    }

    private static string PointOf(string order) => order.Split('#')[0];

    private static long CountOf(string order) => order.Split('#') switch
    {
        [_] => 1,
        [_, var count] when long.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 => number,
        _ => throw new FormatException($"stop-at reads \"{order}\"; write POINT or POINT#N with N from 1"),
    };

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int process, int signal);
}
