using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Payouts.OperatorConsole.Asking;

/// <summary>The library's help, and below it what could be typed and which role it needs.</summary>
internal sealed class HelpWithExamples(string program) : SynchronousCommandLineAction
{
    private readonly HelpAction _usual = new();

    /// <inheritdoc />
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        var code = _usual.Invoke(parseResult);
        if (parseResult.CommandResult.Command is not LeafCommand leaf)
            return code;
        var output = parseResult.InvocationConfiguration.Output;
        output.WriteLine("Examples:");
        foreach (var example in leaf.Examples)
            output.WriteLine($"  {program} {example}");
        if (leaf.Asks.Count > 0)
        {
            output.WriteLine();
            output.WriteLine("Asks, and the roles that are let in:");
            foreach (var endpoint in leaf.Asks)
                output.WriteLine($"  {endpoint}: {endpoint.Roles}");
        }

        output.WriteLine();
        return code;
    }
}
