using System.Globalization;
using System.Text;
using Payouts.Stellar.Xdr;

namespace Payouts.Devnet.Soroban;

/// <summary>What simulateTransaction found out.</summary>
public abstract record Simulation
{
    private Simulation()
    {
    }

    public sealed record Success(SorobanTransactionData Data, SCVal? ReturnValue, IReadOnlyList<SorobanAuthorizationEntry> Auth) : Simulation
    {
        public IReadOnlyList<DiagnosticEvent> Events { get; init; } = [];

        public IReadOnlyList<StateChange> StateChanges { get; init; } = [];

        /// <summary>The RestoreFootprint transaction that would bring archived entries back; null when none is archived.</summary>
        public SorobanTransactionData? Restore { get; init; }
    }

    public sealed record Failure(string Error, IReadOnlyList<DiagnosticEvent> Events) : Simulation;

    /// <summary>The text every Soroban client shows: the error, then the event log, newest first.</summary>
    public static string ErrorText(SCError error, IReadOnlyList<DiagnosticEvent> events)
    {
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"HostError: {HostErrors.Text(error)}\n\nEvent log (newest first):");
        for (var i = events.Count - 1; i >= 0; i--)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n   {events.Count - 1 - i}: [Diagnostic Event] ").Append(EventText.Of(events[i].Event));
        }

        return text.Append('\n').ToString();
    }
}

/// <summary>One entry that the call would change.</summary>
public sealed record StateChange(LedgerKey Key, LedgerEntry? Before, LedgerEntry? After);
