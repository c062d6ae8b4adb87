using System.CommandLine;
using Payouts.OperatorConsole.Doors;

namespace Payouts.OperatorConsole.Asking;

/// <summary>A command with what its help says beside the options.</summary>
internal sealed class LeafCommand(string name, string about, IReadOnlyList<Endpoint> asks, IReadOnlyList<string> examples) : Command(name, about)
{
    /// <summary>The doors that it knocks at.</summary>
    public IReadOnlyList<Endpoint> Asks { get; } = asks;

    /// <summary>Lines that could be typed, without the program's name.</summary>
    public IReadOnlyList<string> Examples { get; } = examples;
}

/// <summary>Makes commands that run within a session.</summary>
/// <param name="Shared">The options that many commands take.</param>
/// <param name="Guard">Opens the session, and turns what goes wrong into an exit code.</param>
internal sealed record CommandFactory(SharedOptions Shared, Func<ParseResult, Func<Session, Task<int>>, CancellationToken, Task<int>> Guard)
{
    /// <summary>A command.</summary>
    /// <param name="name">What is typed.</param>
    /// <param name="about">What it does.</param>
    /// <param name="asks">The doors that it knocks at.</param>
    /// <param name="examples">Lines that could be typed, without the program's name.</param>
    /// <param name="takes">Its arguments and options.</param>
    /// <param name="run">Its work.</param>
    public Command Leaf(
        string name, string about, IReadOnlyList<Endpoint> asks, IReadOnlyList<string> examples, IReadOnlyList<Symbol> takes, Func<Session, ParseResult, CancellationToken, Task<int>> run)
    {
        var command = new LeafCommand(name, about, asks, examples);
        foreach (var symbol in takes)
        {
            if (symbol is Argument argument)
                command.Arguments.Add(argument);
            else
                command.Options.Add((Option)symbol);
        }

        command.SetAction((parsed, cancellationToken) => Guard(parsed, session => run(session, parsed, cancellationToken), cancellationToken));
        return command;
    }

    /// <summary>A word under which commands stand.</summary>
    public static Command Group(string name, string about, params IReadOnlyList<Command> commands)
    {
        var group = new Command(name, about);
        foreach (var command in commands)
            group.Subcommands.Add(command);
        return group;
    }
}
