using Payouts.Builder.Saga;
using Payouts.Contracts;

namespace Payouts.Builder.Reconciling;

/// <summary>What became of a debt, as the books count it.</summary>
public enum DebtEnd
{
    /// <summary>The ledger shows payments of it: they are counted, and nothing else.</summary>
    Paid,

    /// <summary>On its way, or confirmed in a ledger that is not taken in yet.</summary>
    Open,

    /// <summary>A human decides.</summary>
    OnHold,

    /// <summary>Proven unpaid.</summary>
    Failed,

    /// <summary>Will not be paid.</summary>
    Cancelled,

    /// <summary>Taken out of what is owed.</summary>
    WrittenOff,

    /// <summary>Said to be paid, and not shown by the ledger: counted nowhere, so that the sums differ.</summary>
    Unproven,

    /// <summary>Confirmed, and so old that its proof is no longer kept: counted nowhere either, and nothing is wrong.</summary>
    Forgotten,
}

/// <summary>A debt beside what the ledger shows of it.</summary>
/// <param name="End">Where it is counted.</param>
/// <param name="Payments">What paid it, in the ledger's order.</param>
/// <param name="Findings">What is wrong.</param>
public sealed record DebtVerdict(DebtEnd End, IReadOnlyList<LedgerMovement> Payments, IReadOnlyList<Finding> Findings);

/// <summary>Compares one debt with the ledger. Pure.</summary>
public static class DebtJudge
{
    /// <summary>Judges the debt.</summary>
    /// <param name="payout">The debt and its state.</param>
    /// <param name="movements">Everything that the ledger shows under the debt's key.</param>
    /// <param name="coverage">Read before <paramref name="payout"/>.</param>
    /// <param name="now">This moment.</param>
    /// <param name="unconfirmedMax">How long the ledger may know of a payment that the payout does not.</param>
    /// <param name="keptFrom">Of debts planned before, the proof may be gone.</param>
    public static DebtVerdict Judge(Payout payout, IReadOnlyList<LedgerMovement> movements, Coverage coverage, DateTimeOffset now, TimeSpan unconfirmedMax, DateTimeOffset keptFrom)
    {
        var payments = movements.Where(x => x.IsPayment).OrderBy(x => x.EventId, StringComparer.Ordinal).ToList();
        var findings = new List<Finding>();
        foreach (var empty in movements.Where(x => x is { Kind: MovementKind.Payout, Paired: false }))
            Add(FindingKind.PayoutWithoutTransfer, Stroops.Zero, $"{empty.TransactionHash} in ledger {empty.Ledger} says that it paid {empty.Amount} {empty.Currency}, and no token of PAYOUT_TOKEN_CONTRACTS moved that");
        if (payments.Count == 0)
            return new DebtVerdict(EndOfUnpaid(), payments, findings);

        var paid = payments.Aggregate(Stroops.Zero, (sum, x) => sum + x.Amount);
        var last = payments[^1];
        var where = string.Join(", ", payments.Take(5).Select(x => $"{x.TransactionHash} in ledger {x.Ledger}"));
        if (payments.Count > 1)
            Add(FindingKind.PaidTwice, paid, $"{payments.Count} payments: {where}");
        if (payments.FirstOrDefault(x => x.Amount != payout.Amount) is { } unlike)
            Add(FindingKind.AmountDiffers, unlike.Amount, $"{unlike.TransactionHash} in ledger {unlike.Ledger} paid {unlike.Amount}, owed are {payout.Amount}");
        if (payments.FirstOrDefault(x => x.Currency != payout.Currency) is { } foreign)
            Add(FindingKind.CurrencyDiffers, foreign.Amount, $"{foreign.TransactionHash} in ledger {foreign.Ledger} paid in {foreign.Currency}, owed is {payout.Currency}");
        switch (payout.CurrentState)
        {
            case nameof(PayoutStateMachine.Confirmed):
                break;
            case nameof(PayoutStateMachine.Cancelled):
                Add(FindingKind.PaidAfterCancelled, paid, $"the payout is Cancelled, and the ledger shows {where}");
                break;
            case nameof(PayoutStateMachine.WrittenOff):
                Add(FindingKind.PaidAfterWrittenOff, paid, $"the payout is WrittenOff, and the ledger shows {where}");
                break;
            case nameof(PayoutStateMachine.Failed):
                Add(FindingKind.PaidButNotConfirmed, paid, $"the payout is Failed, proven unpaid, and the ledger shows {where}");
                break;
            default:
                if (now - last.ClosedAt > unconfirmedMax)
                    Add(FindingKind.PaidButNotConfirmed, paid, $"the payout is {payout.CurrentState} {(now - last.ClosedAt).TotalSeconds:0} s after the ledger showed {where}");
                break;
        }

        return new DebtVerdict(DebtEnd.Paid, payments, findings);

        DebtEnd EndOfUnpaid() => payout.CurrentState switch
        {
            nameof(PayoutStateMachine.OnHold) => DebtEnd.OnHold,
            nameof(PayoutStateMachine.Failed) => DebtEnd.Failed,
            nameof(PayoutStateMachine.Cancelled) => DebtEnd.Cancelled,
            nameof(PayoutStateMachine.WrittenOff) => DebtEnd.WrittenOff,
            nameof(PayoutStateMachine.Confirmed) => EndOfConfirmed(),
            _ => DebtEnd.Open,
        };

        DebtEnd EndOfConfirmed()
        {
            if (payout.PlannedAt < keptFrom)
                return DebtEnd.Forgotten;
            if (payout.Ledger is { } ledger && ledger > coverage.Through)
                return DebtEnd.Open;
            if (payout.Ledger is { } lost && coverage.GapOf(lost) is { } gap)
                Add(FindingKind.LedgerGap, Stroops.Zero, $"confirmed in ledger {lost}, and the ledgers {gap.FromLedger} to {gap.ToLedger} could not be read: nothing is proven");
            else
                Add(FindingKind.ConfirmedNotOnLedger, Stroops.Zero, payout.Ledger is { } said
                    ? $"the payout is Confirmed by {payout.TransactionHash} in ledger {said}, and the ledgers up to {coverage.Through} show no payment of it"
                    : $"the payout is Confirmed without a ledger, and the ledgers up to {coverage.Through} show no payment of it");
            return DebtEnd.Unproven;
        }

        void Add(FindingKind kind, Stroops amount, string detail) =>
            findings.Add(new Finding(kind, payout.CorrelationId.ToString(), payout.CorrelationId, payout.RoundId, payout.Currency, payout.Amount, amount, $"{payout.Winner}: {detail}"));
    }

    /// <summary>A movement that belongs to no debt; null: there is nothing wrong with it.</summary>
    public static Finding? JudgeStray(LedgerMovement movement) => movement switch
    {
        { Kind: MovementKind.Transfer, Paired: false } => Stray(movement, FindingKind.TransferWithoutPayout, movement.Amount,
            $"{movement.TransactionHash} in ledger {movement.Ledger} moved {movement.Amount} {movement.Currency} from the treasury to {movement.Winner} without a payout"),
        { Kind: MovementKind.Payout } => Stray(movement, FindingKind.PaidUnplanned, movement.Paired ? movement.Amount : Stroops.Zero,
            $"{movement.TransactionHash} in ledger {movement.Ledger} {(movement.Paired ? "paid" : "recorded")} {movement.Amount} {movement.Currency} to {movement.Winner}: {movement.Detail ?? "nobody planned the debt that its call names"}"),
        _ => null,
    };

    private static Finding Stray(LedgerMovement movement, FindingKind kind, Stroops paid, string detail) =>
        new(kind, movement.EventId, movement.PayoutId, null, movement.Currency, Stroops.Zero, paid, detail);
}
