namespace Payouts.OperatorConsole.Output;

/// <summary>Where a command reads and writes: answers to one place, questions and complaints to another, so that an answer can be piped.</summary>
/// <param name="Input">Answers to questions.</param>
/// <param name="Output">Tables and JSON.</param>
/// <param name="Error">Questions, notes and what went wrong.</param>
/// <param name="HasColours">Output is a terminal that may be coloured.</param>
/// <param name="IsScreen">Output is a terminal that can be wiped.</param>
public sealed record Terminal(TextReader Input, TextWriter Output, TextWriter Error, bool HasColours, bool IsScreen)
{
    /// <summary>The process's own. NO_COLOR with any value, or a terminal that calls itself dumb, has no colours (no-color.org).</summary>
    public static Terminal OfThisProcess()
    {
        var isScreen = !Console.IsOutputRedirected && Environment.GetEnvironmentVariable("TERM") != "dumb";
        return new Terminal(Console.In, Console.Out, Console.Error, isScreen && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")), isScreen);
    }
}
