using System.Text.RegularExpressions;
using MassTransit;

namespace Payouts.Tests.Deployment;

/// <summary>The queues that a service declares, from what its module registers.</summary>
internal static partial class QueuesInCode
{
    public static IReadOnlyList<string> Of(Component component)
    {
        var text = string.Concat(Directory.EnumerateFiles(RepositoryRoot.PathOf(component.Folder), "*Module.cs").Select(File.ReadAllText));
        return [.. Consumer().Matches(text).Concat(Saga().Matches(text))
            .Select(match => $"{component.Name}.{KebabCaseEndpointNameFormatter.Instance.SanitizeName(match.Groups["name"].Value)}").Order(StringComparer.Ordinal)];
    }

    [GeneratedRegex(@"AddConsumer<\w+, ServiceConsumerDefinition<(?<name>\w+)Consumer,")]
    private static partial Regex Consumer();

    [GeneratedRegex(@"AddSagaStateMachine<\w+, (?<name>\w+), ServiceSagaDefinition<")]
    private static partial Regex Saga();
}
