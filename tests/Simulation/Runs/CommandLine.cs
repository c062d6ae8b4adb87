using System.Globalization;

namespace Payouts.Tests.Simulation.Runs;

/// <summary>./run.sh simulate: many seeds, or one seed again.</summary>
internal static class CommandLine
{
    private const string Usage = "usage: simulate [--seeds N (200)] [--from N (1)] [--planted KIND] [--trace] [--logs], or simulate --slow-signer [--winners N (5000)] [--channels N (20), at most 32] [--thinks-seconds N (3600)] [--envelopes]";

    public static async Task<int> RunAsync(string[] args)
    {
        if (args is ["--slow-signer", ..])
            return await SlowSignerAsync(args[1..]);
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

    private static async Task<int> SlowSignerAsync(string[] args)
    {
        var (winners, channels, seconds, authorizes) = (5000, 20, 3600, true);
        for (var i = 0; i < args.Length; i++)
        {
            switch (args[i])
            {
                case "--winners" when i + 1 < args.Length && int.TryParse(args[i + 1], CultureInfo.InvariantCulture, out winners) && winners is > 0 and <= 10_000:
                case "--channels" when i + 1 < args.Length && int.TryParse(args[i + 1], CultureInfo.InvariantCulture, out channels) && channels is > 0 and <= 32:
                case "--thinks-seconds" when i + 1 < args.Length && int.TryParse(args[i + 1], CultureInfo.InvariantCulture, out seconds) && seconds is >= 10 and <= 43_200:
                    i++;
                    break;
                case "--envelopes":
                    authorizes = false;
                    break;
                default:
                    await Console.Error.WriteLineAsync(Usage);
                    return 2;
            }
        }

        var result = await Run.SlowSignerAsync(winners, channels, TimeSpan.FromSeconds(seconds), authorizes, Console.WriteLine);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{winners} winners, {channels} channels, a signer that takes {seconds} s, {(authorizes ? "calls authorized" : "envelopes signed")}: paid in {result.PaidByLedger.Count} ledgers, {result.PaidByLedger.Min()} to {result.PaidByLedger.Max()} each, {result.Took} after the round began; the signer was asked at most {result.Asked} times for a winner"));
        return 0;
    }

    private static void Report(RunResult result, long done, long seeds)
    {
        if (result.Failure is { } failure)
            Console.WriteLine(failure);
        if (done % 50 == 0 || done == seeds)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{done} of {seeds} seeds"));
    }
}
