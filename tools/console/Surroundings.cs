using Payouts.OperatorConsole.Output;
using Payouts.OperatorConsole.Settings;

namespace Payouts.OperatorConsole;

/// <summary>What a command finds where it is started.</summary>
/// <param name="Terminal">Where it reads and writes.</param>
/// <param name="Variable">An environment variable by its name; null: it is not set.</param>
/// <param name="Time">Its clock.</param>
public sealed record Surroundings(Terminal Terminal, Func<string, string?> Variable, TimeProvider Time)
{
    /// <summary>What was typed to start the console: ./run.sh says that it was itself.</summary>
    public string Program { get; } = Variable(SettingNames.Program) is { Length: > 0 } typed ? typed : "payouts-console";
}
