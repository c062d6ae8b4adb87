using System.CommandLine;
using Payouts.Hosting.Configuration;
using Payouts.Run.Play;

namespace Payouts.Run;

/// <summary>The commands of ./run.sh.</summary>
internal static class CommandLine
{
    public static Task<int> RunAsync(string[] args)
    {
        var mode = new Option<SuiteMode>("--mode") { Description = "external (default), hotkey or buildonly", Recursive = true, CustomParser = argument => ParseMode(argument) };
        var channels = new Option<int>("--channels") { Description = "channel accounts, 0 to 1000: how many payouts one ledger can take", DefaultValueFactory = _ => 200, Recursive = true };
        var closeTime = new Option<int>("--close-time-ms") { Description = "how often the devnet closes a ledger", DefaultValueFactory = _ => 1000, Recursive = true };
        var verbose = new Option<bool>("--verbose") { Description = "log what the services do", Recursive = true };
        channels.Validators.Add(result => Within(result, channels, 0, 1000));
        closeTime.Validators.Add(result => Within(result, closeTime, 100, 60_000));
        EmbeddedOptions Options(ParseResult parsed) => new()
        {
            Mode = parsed.GetValue(mode),
            Channels = parsed.GetValue(channels),
            CloseTime = TimeSpan.FromMilliseconds(parsed.GetValue(closeTime)),
            Verbose = parsed.GetValue(verbose),
        };

        var root = new RootCommand("The payout suite in one process: four services, a devnet and a local signer, on SQLite and an in-memory broker. Beside it: ./run.sh channels --help makes and verifies channel accounts, ./run.sh bench --help measures, ./run.sh simulate --help plays faults.")
        {
            mode, channels, closeTime, verbose,
        };
        var port = new Option<int>("--port") { Description = "HTTP port of the services", DefaultValueFactory = _ => 8080 };
        root.Options.Add(port);
        root.SetAction((parsed, cancellationToken) => Guard(() => Serve.RunAsync(Options(parsed) with { Port = parsed.GetValue(port), DevnetPort = 8000 }, cancellationToken)));

        var file = new Argument<FileInfo>("file") { Description = "a round, as samples/rounds/README.md describes it" };
        var all = new Option<bool>("--all") { Description = "print every payout of a large round" };
        var play = new Command("play", "Plays the round in a file from opening to settlement and prints what was paid.") { file, all };
        play.SetAction((parsed, cancellationToken) => Guard(() => PlayCommand.RunAsync(parsed.GetValue(file)!, parsed.GetValue(all), Options(parsed), cancellationToken)));
        root.Subcommands.Add(play);
        return root.Parse(args).InvokeAsync();
    }

    private static SuiteMode ParseMode(System.CommandLine.Parsing.ArgumentResult argument)
    {
        switch (argument.Tokens.Count == 1 ? argument.Tokens[0].Value.Replace("-", "", StringComparison.Ordinal).ToLowerInvariant() : "")
        {
            case "external":
                return SuiteMode.External;
            case "hotkey":
                return SuiteMode.HotKey;
            case "buildonly":
                return SuiteMode.BuildOnly;
            default:
                argument.AddError("--mode is external, hotkey or buildonly");
                return default;
        }
    }

    private static void Within(System.CommandLine.Parsing.OptionResult result, Option<int> option, int min, int max)
    {
        if (result.Errors.Any() || result.GetValue(option) is var value && value >= min && value <= max)
            return;
        result.AddError($"{option.Name} must be from {min} to {max}");
    }

    private static async Task<int> Guard(Func<Task<int>> run)
    {
        try
        {
            return await run();
        }
        catch (Exception problem) when (problem is RoundFileException or SettingsException or IOException)
        {
            foreach (var line in problem.Message.Split('\n'))
                await Console.Error.WriteLineAsync(line);
            return 2;
        }
    }
}
