namespace Payouts.Hosting.Configuration;

/// <summary>The configuration cannot be started with; one line per problem, each naming its key.</summary>
public sealed class SettingsException(IReadOnlyList<string> problems) : Exception(string.Join(Environment.NewLine, problems))
{
    /// <summary>One sentence each: the key, what was wrong, what would be right. Never a secret value.</summary>
    public IReadOnlyList<string> Problems { get; } = problems;
}
