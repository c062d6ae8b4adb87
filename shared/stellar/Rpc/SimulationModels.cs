using System.Globalization;
using System.Text.RegularExpressions;
using Payouts.Stellar.Xdr;

namespace Payouts.Stellar.Rpc;

/// <summary>How simulateTransaction treats authorization.</summary>
public enum SimulationAuthMode
{
    /// <summary>The server's default: record when the call carries no entries, else enforce those it carries.</summary>
    Default,
    Enforce,
    Record,
    RecordAllowNonRoot,
}

/// <summary>What a simulation may be told besides the transaction.</summary>
public sealed record SimulationOptions
{
    public SimulationAuthMode AuthMode { get; init; }

    /// <summary>Instructions to declare above the simulated ones; null: the server's own padding.</summary>
    public uint? InstructionLeeway { get; init; }

    /// <summary>Record authorizations with credentials of version 2 (CAP-71); null: the server's default.</summary>
    public bool? UseUpgradedAuth { get; init; }
}

/// <summary>Archived entries that must be restored before the call can succeed.</summary>
/// <param name="MinResourceFee">Of the restoring transaction, in stroops.</param>
public sealed record RestorePreamble(long MinResourceFee, SorobanTransactionData TransactionData);

/// <summary>simulateTransaction.</summary>
public abstract partial record SimulationResult
{
    private SimulationResult(IReadOnlyList<EncodedXdr<DiagnosticEvent>> events, uint latestLedger)
    {
        Events = events;
        LatestLedger = latestLedger;
    }

    public IReadOnlyList<EncodedXdr<DiagnosticEvent>> Events { get; }

    /// <summary>The ledger it was simulated on; 0 when it failed before reading one.</summary>
    public uint LatestLedger { get; }

    /// <summary>The call would succeed on that ledger.</summary>
    /// <param name="transactionData">Footprint and resources to declare, padded by the server.</param>
    /// <param name="minResourceFee">The lowest resource fee for them, in stroops.</param>
    /// <param name="value">What the call returns; null for operations that return nothing.</param>
    /// <param name="authorizations">Entries that were recorded, or those the call carried.</param>
    /// <param name="restore">Set when archived entries must be restored first.</param>
    public sealed record Success(
        SorobanTransactionData TransactionData,
        long MinResourceFee,
        SCVal? Value,
        XdrArray<SorobanAuthorizationEntry> Authorizations,
        RestorePreamble? Restore,
        IReadOnlyList<EncodedXdr<DiagnosticEvent>> DiagnosticEvents,
        uint AtLedger) : SimulationResult(DiagnosticEvents, AtLedger);

    /// <summary>The call would fail on that ledger, or could not be simulated.</summary>
    /// <param name="Error">The server's text.</param>
    public sealed record Failed(string Error, IReadOnlyList<EncodedXdr<DiagnosticEvent>> DiagnosticEvents, uint AtLedger)
        : SimulationResult(DiagnosticEvents, AtLedger)
    {
        /// <summary>The contract's own error number, when the contract refused the call.</summary>
        public uint? ContractError =>
            ContractErrorPattern().Match(Error) is { Success: true } match
            && uint.TryParse(match.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var code)
                ? code
                : null;
    }

    [GeneratedRegex(@"Error\(Contract, #(\d+)\)", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ContractErrorPattern();
}
