using Payouts.Tests.Support;

namespace Payouts.Bench.Start;

/// <summary>What is measured, and how often.</summary>
/// <param name="Starts">Starts of each process.</param>
/// <param name="Idle">How long nothing happens before the memory is read.</param>
/// <param name="Published">True: the programs as the images carry them; false: as the tests run them.</param>
/// <param name="Json">Where the results go too.</param>
internal sealed record StartOptions(int Starts, TimeSpan Idle, bool Published, FileInfo? Json);

/// <summary>The memory of one process, in bytes.</summary>
/// <param name="PrivateBytes">Heaps, stacks and compiled code.</param>
/// <param name="ResidentBytes">With the files that it maps.</param>
internal sealed record StartMemory(long PrivateBytes, long ResidentBytes)
{
    public static StartMemory Of(ServiceProcess process) => new(ProcessUsage.PrivateBytes(process.ProcessId), ProcessUsage.ResidentBytes(process.ProcessId));
}

/// <summary>One process; the bare one plays no round.</summary>
internal sealed record StartRow(string Service, double ReadySeconds, double SlowestSeconds, double ProcessorSeconds, double EndedSeconds, StartMemory Idle, StartMemory? AfterRound);

/// <summary>The results as JSON.</summary>
internal sealed record StartResult(string Date, int Cores, int Starts, double IdleSeconds, bool Published, IReadOnlyList<StartRow> Rows);
