using Payouts.Contracts;
using Payouts.Stellar;
using Payouts.Stellar.Rpc;

namespace Payouts.Builder.Reconciling;

/// <summary>What the call of a transaction says: the debts that it pays, or why it names none.</summary>
internal sealed record NamedDebts(IReadOnlyList<DecodedPayout.Call> Calls, string? Problem);

/// <summary>Turns the events of one transaction into movements: finds the two that belong together, and the debt that the call names. Pure.</summary>
internal sealed class MovementReader(ReconcilingOptions options)
{
    /// <summary>Reads the events of one transaction, in the ledger's order.</summary>
    public IReadOnlyList<LedgerMovement> Read(IReadOnlyList<EventRecord> events, NamedDebts named)
    {
        var payouts = new List<(EventRecord Event, Told Told)>();
        var transfers = new List<(EventRecord Event, Told Told)>();
        foreach (var one in events)
        {
            var contractEvent = one.ToContractEvent();
            if (PayoutEvents.TryReadPayout(contractEvent) is { } payout && payout.Contract == options.Contract.Contract)
                payouts.Add((one, new Told(payout.Winner.ToString()!, payout.Amount, options.NameOf(payout.Currency))));
            else if (PayoutEvents.TryReadTransfer(contractEvent) is { } transfer && transfer.From == options.Treasury)
                transfers.Add((one, new Told(transfer.To.ToString()!, transfer.Amount, options.NameOf(transfer.Token))));
        }

        // One transfer proves one payout: each is used up by the other.
        var unused = transfers.ConvertAll(x => x.Told);
        var calls = named.Calls.ToList();
        var movements = payouts.ConvertAll(x => Movement(MovementKind.Payout, x.Event, x.Told, unused.Remove(x.Told), Take(calls, x.Told), named.Problem));
        foreach (var (moved, told) in transfers)
        {
            var left = unused.Remove(told);
            movements.Add(Movement(MovementKind.Transfer, moved, told, !left, debt: null, problem: null));
        }

        return movements;
    }

    /// <summary>The call that says what the event says; a call is used up by its event.</summary>
    private PayoutId? Take(List<DecodedPayout.Call> calls, Told told)
    {
        var at = calls.FindIndex(call => call.Winner.ToString() == told.Winner && call.Amount == told.Amount && (call.Currency is null || options.NameOf(call.Currency) == told.Currency));
        if (at < 0)
            return null;
        var call = calls[at];
        calls.RemoveAt(at);
        return call is { Context: { } context, PoolId: { } pool, RoundId: { } round }
            ? PayoutId.Derive(options.Network.Passphrase, options.Contract.Contract.ToString(), context, pool, round, told.Winner)
            : null;
    }

    private static LedgerMovement Movement(MovementKind kind, EventRecord one, Told told, bool paired, PayoutId? debt, string? problem) => new()
    {
        EventId = one.Id,
        Kind = kind,
        TransactionHash = one.TransactionHash.ToString(),
        Ledger = one.Ledger,
        ClosedAt = one.LedgerClosedAt,
        Winner = told.Winner,
        Amount = new Stroops(told.Amount),
        Currency = told.Currency,
        PayoutId = debt?.Value,
        Paired = paired,
        Detail = kind == MovementKind.Payout && debt is null ? problem ?? "the transaction's call names no debt with this winner, amount and currency" : null,
    };

    private sealed record Told(string Winner, Int128 Amount, string Currency);
}
