using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Text.Json.Nodes;
using Payouts.OperatorConsole.Asking;
using Payouts.OperatorConsole.Commands;
using Payouts.OperatorConsole.Doors;
using Payouts.OperatorConsole.Output;
using Payouts.OperatorConsole.Settings;
using Payouts.OperatorConsole.Status;

namespace Payouts.OperatorConsole;

/// <summary>The commands of ./run.sh console, and of the tool payouts-console.</summary>
public static class CommandLine
{
    private const string About = """
        The operators' console of the payout suite: what waits and why, what is wrong, and what a human decides.

        Environment:
          PAYOUTS_URL              the address of all services where one door leads to them (http://127.0.0.1:8080)
          PAYOUTS_ROUNDS_URL, PAYOUTS_BUILDER_URL, PAYOUTS_SIGNER_URL, PAYOUTS_SUBMITTER_URL
                                   the address of one of them
          PAYOUTS_API_KEY_FILE     a file with a named key or a token; PAYOUTS_API_KEY holds it itself
          PAYOUTS_TLS_CA_FILE      PEM: who must have issued the services' certificates
          PAYOUTS_TIMEOUT_SECONDS  how long a service may take to answer (15)
          PAYOUTS_PROFILE          a profile of ~/.config/payouts/console.json; PAYOUTS_CONSOLE_FILE names another file
          NO_COLOR                 no colours

        Exit codes: 0 done; 1 refused, or something is wrong; 2 arguments or settings; 3 no answer: the same command again, with its
        --idempotency-key, is harmless; 130 interrupted.
        """;

    /// <summary>Runs one command and returns its exit code (<see cref="ExitCodes"/>).</summary>
    /// <param name="args">As a shell gives them.</param>
    /// <param name="surroundings">Where it is started.</param>
    /// <param name="cancellationToken">Interrupts it, as a signal does.</param>
    public static async Task<int> RunAsync(IReadOnlyList<string> args, Surroundings surroundings, CancellationToken cancellationToken)
    {
        var parsed = Build(surroundings).Parse(args);
        // The library writes to the console itself unless told otherwise.
        var invocation = new InvocationConfiguration { Output = surroundings.Terminal.Output, Error = surroundings.Terminal.Error, EnableDefaultExceptionHandler = false };
        if (parsed.Action is ParseErrorAction wrong)
            wrong.ShowHelp = false;
        var code = await parsed.InvokeAsync(invocation, cancellationToken);
        return parsed.Action is ParseErrorAction ? ExitCodes.Usage : code;
    }

    /// <summary>Every command.</summary>
    internal static RootCommand Build(Surroundings surroundings)
    {
        var shared = new SharedOptions();
        var make = new CommandFactory(shared, (parsed, run, cancellationToken) => GuardAsync(parsed, shared, surroundings, run, cancellationToken));
        var root = new RootCommand(About) { shared.Json, shared.Quiet, shared.Utc, shared.Profile, shared.Insecure };
        // Without the older forms of other systems, which completion would offer.
        root.Options.Remove(root.Options.OfType<HelpOption>().Single());
        root.Options.Add(new HelpOption("--help", "-h") { Action = new HelpWithExamples(surroundings.Program) });
        foreach (var command in (IEnumerable<Command>)
            [
                StatusCommands.Build(make), PayoutCommands.Build(make), RoundCommands.Build(make), DecisionCommands.Build(make), DirectCommands.Build(make), SignRequestCommands.Build(make),
                DeadLetterCommands.Build(make), ReconcileCommands.Build(make), ChannelCommands.Build(make), CompletionCommand.Build(surroundings),
            ])
            root.Subcommands.Add(command);
        return root;
    }

    private static async Task<int> GuardAsync(ParseResult parsed, SharedOptions shared, Surroundings surroundings, Func<Session, Task<int>> run, CancellationToken cancellationToken)
    {
        var style = new OutputStyle(parsed.GetValue(shared.Json), parsed.GetValue(shared.Quiet), parsed.GetValue(shared.Utc));
        try
        {
            var settings = ConsoleSettings.Read(surroundings.Variable, parsed.GetValue(shared.Profile), parsed.GetValue(shared.Insecure));
            using var session = new Session(surroundings.Program, surroundings.Terminal, settings, style, surroundings.Time);
            return await run(session);
        }
        catch (CommandException stopped)
        {
            await ComplainAsync(surroundings.Terminal.Error, stopped, style.Json);
            return stopped.ExitCode;
        }
        catch (OperationCanceledException)
        {
            await surroundings.Terminal.Error.WriteLineAsync("interrupted");
            return ExitCodes.Interrupted;
        }
    }

    private static async Task ComplainAsync(TextWriter error, CommandException stopped, bool asJson)
    {
        var refused = stopped as RefusedException;
        if (asJson)
        {
            var told = new JsonObject { ["exitCode"] = stopped.ExitCode, ["error"] = stopped.Message };
            if (refused is not null)
            {
                (told["service"], told["status"], told["code"]) = (refused.Endpoint.Service.Name(), (int)refused.Status, refused.Code);
                told["problems"] = new JsonArray([.. refused.Problems.Select(x => JsonValue.Create(x))]);
            }

            await error.WriteLineAsync(told.ToJsonString(Session.JsonOptions));
            return;
        }

        await error.WriteLineAsync(stopped.Message);
        foreach (var problem in refused?.Problems ?? [])
            await error.WriteLineAsync($"  {problem}");
    }
}
