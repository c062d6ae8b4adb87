using System.Text.RegularExpressions;

namespace Payouts.Tests.Deployment;

/// <summary>The environment of a container as compose would make it: the image's variables, then those of the compose file with their defaults.</summary>
internal static partial class ComposeEnvironment
{
    public static Dictionary<string, string> Of(ComposeFile compose, string service) =>
        compose.Services[service].Environment.ToDictionary(pair => pair.Key, pair => ComposeText.WithDefaults(pair.Value), StringComparer.Ordinal);

    /// <summary>With what the last stage of the Dockerfile sets; the compose file wins.</summary>
    public static Dictionary<string, string> OfContainer(ComposeFile compose, Component component)
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in File.ReadLines(RepositoryRoot.PathOf(component.Dockerfile)).Where(line => line.StartsWith("ENV ", StringComparison.Ordinal)))
        {
            foreach (Match variable in Variable().Matches(line["ENV ".Length..]))
            {
                variables[variable.Groups["name"].Value] = variable.Groups["value"].Value;
            }
        }

        foreach (var (name, value) in Of(compose, component.Name))
        {
            variables[name] = value;
        }

        return variables;
    }

    [GeneratedRegex(@"(?<name>\w+)=(?<value>\S*)")]
    private static partial Regex Variable();
}
