namespace Payouts.OperatorConsole.Why;

/// <summary>Something that could be done now.</summary>
/// <param name="What">In words.</param>
/// <param name="Command">What to type, without the program's name; null: it is done elsewhere.</param>
internal sealed record NextStep(string What, string? Command = null);
