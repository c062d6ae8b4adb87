using System.Globalization;

namespace Payouts.Tests.Simulation.Runs;

/// <summary>./run.sh simulate: many seeds, or one seed again.</summary>
internal static class CommandLine
{
    private const string Usage = "usage: simulate [--seeds N (200)] [--from N (1)] [--planted KIND] [--trace] [--logs]";

    public static async Task<int> RunAsync(string[] args)
    {
        long from = 1, seeds = 200;
        var options = new RunOptions();
        for (var i = 0; i < args.Length; i++)
        {
            switch (args[i])
            {
                case "--seeds" when i + 1 < args.Length && long.TryParse(args[i + 1], CultureInfo.InvariantCulture, out seeds) && seeds > 0:
                case "--from" when i + 1 < args.Length && long.TryParse(args[i + 1], CultureInfo.InvariantCulture, out from):
                    i++;
                    break;
                case "--planted" when i + 1 < args.Length && Enum.TryParse<PlantedFault>(args[i + 1], out var planted):
                    options = options with { Planted = planted };
                    i++;
                    break;
                case "--trace":
                    options = options with { Listener = Console.WriteLine };
                    break;
                case "--logs":
                    options = options with { Listener = Console.WriteLine, WithLogs = true };
                    break;
                default:
                    await Console.Error.WriteLineAsync(Usage);
                    return 2;
            }
        }

        var (failed, tally) = await Seeds.RunAsync(from, seeds, options, Report);
        Console.WriteLine(tally);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{seeds} seeds, {failed.Count} failed{(failed.Count > 0 ? $": {string.Join(", ", failed.Select(x => x.Seed))}" : "")}"));
        return failed.Count == 0 ? 0 : 1;
    }

    private static void Report(RunResult result, long done, long seeds)
    {
        if (result.Failure is { } failure)
            Console.WriteLine(failure);
        if (done % 50 == 0 || done == seeds)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{done} of {seeds} seeds"));
    }
}
