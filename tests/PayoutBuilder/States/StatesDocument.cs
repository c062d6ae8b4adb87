using System.Text;
using System.Text.RegularExpressions;
using Payouts.Tests.Support;

namespace Payouts.Builder.Tests.States;

/// <summary>docs/states.md: drawn from what the machine was seen doing, told in the words of its own source.</summary>
internal static partial class StatesDocument
{
    /// <summary>Set to 1, the test of the document writes it instead.</summary>
    public const string WriteVariable = "PAYOUTS_TEST_WRITE_DOCS";

    public const string Command = $"{WriteVariable}=1 dotnet run --project tests/PayoutBuilder -- -class '*When_the_states_are_documented'";

    public static string Path => RepositoryRoot.PathOf("docs", "states.md");

    public static string Write(ObservedMatrix observed)
    {
        var text = new StringBuilder();
        text.Append(
            $"""
            # The states of a payout

            Drawn from what `services/payout-builder/Saga/PayoutStateMachine.cs` does, cell by cell. Do not edit it; write it again with

                {Command}

            Every arrow is an event. An event that is not drawn leaves the payout as it is: it repeats, comes late or speaks of an older
            build. What the ledger says about the payout's own slot (PayoutConfirmed, PayoutFailed at the stage Confirm) counts
            whenever it comes.

            ```mermaid
            stateDiagram-v2

            """);
        foreach (var arrow in observed.Transitions.GroupBy(x => (x.From, x.To)).OrderBy(x => Order(x.Key.From)).ThenBy(x => Order(x.Key.To)))
            text.Append($"    {Drawn(arrow.Key.From)} --> {arrow.Key.To}: {string.Join(", ", arrow.Select(x => x.Event).Order(StringComparer.Ordinal))}\n");
        foreach (var end in States.Where(state => observed.Transitions.All(x => x.From != state)))
            text.Append($"    {end} --> [*]\n");
        text.Append(
            """
            ```

            | state | meaning | left when |
            |---|---|---|

            """);
        var meanings = Meanings();
        foreach (var state in States)
            text.Append($"| {state} | {meanings[state]} | {Leaving(observed, state)} |\n");
        return text.ToString();
    }

    private static IEnumerable<string> States => Situation.All.Select(x => x.State).Where(state => state != "Initial").Distinct();

    private static int Order(string state) => Situation.All.TakeWhile(x => x.State != state).Count();

    private static string Drawn(string state) => state == "Initial" ? "[*]" : state;

    private static string Leaving(ObservedMatrix observed, string state)
    {
        var exits = observed.Transitions.Where(x => x.From == state).GroupBy(x => x.To).OrderBy(x => Order(x.Key))
            .Select(to => $"{string.Join(" or ", to.Select(x => x.Event).Order(StringComparer.Ordinal))}: {to.Key}").ToList();
        return exits.Count == 0 ? "never: this is an end" : string.Join("; ", exits);
    }

    /// <summary>The summary above each state in the machine's source.</summary>
    private static Dictionary<string, string> Meanings() =>
        Summary().Matches(File.ReadAllText(RepositoryRoot.PathOf("services", "payout-builder", "Saga", "PayoutStateMachine.Vocabulary.cs")))
            .ToDictionary(x => x.Groups["state"].Value, x => x.Groups["meaning"].Value, StringComparer.Ordinal);

    [GeneratedRegex(@"/// <summary>(?<meaning>[^<]+)</summary>\s+public State (?<state>\w+) ", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Summary();
}
