using Payouts.Builder.Saga;
using Payouts.Contracts;

namespace Payouts.Builder.Reconciling;

/// <summary>Adds debts and payments up while they are read; holds sums and the first findings, never the debts.</summary>
internal sealed class ReportSums(string subject, Coverage coverage)
{
    private const int FindingsMax = 1000;
    private readonly SortedDictionary<string, CurrencyLine> _lines = new(StringComparer.Ordinal);
    private readonly List<Finding> _findings = [];
    private int _findingsCount;
    private int _payouts;
    private int _forgotten;

    /// <summary>A debt; what was paid of it is told apart, by <see cref="Paid"/>.</summary>
    public void Debt(Payout payout, DebtVerdict verdict)
    {
        _payouts++;
        _forgotten += verdict.End == DebtEnd.Forgotten ? 1 : 0;
        var line = Line(payout.Currency);
        _lines[payout.Currency] = verdict.End switch
        {
            DebtEnd.OnHold => line with { Owed = line.Owed + payout.Amount, OnHold = line.OnHold + payout.Amount },
            DebtEnd.Failed => line with { Owed = line.Owed + payout.Amount, Failed = line.Failed + payout.Amount },
            DebtEnd.Cancelled => line with { Owed = line.Owed + payout.Amount, Cancelled = line.Cancelled + payout.Amount },
            DebtEnd.WrittenOff => line with { Owed = line.Owed + payout.Amount, WrittenOff = line.WrittenOff + payout.Amount },
            DebtEnd.Open => line with { Owed = line.Owed + payout.Amount, Open = line.Open + payout.Amount },
            DebtEnd.Paid or DebtEnd.Unproven or DebtEnd.Forgotten => line with { Owed = line.Owed + payout.Amount },
            var other => throw new InvalidOperationException($"{other} is no end of a debt"),
        };
    }

    /// <summary>Money that the ledger shows as gone.</summary>
    public void Paid(LedgerMovement movement)
    {
        var line = Line(movement.Currency);
        _lines[movement.Currency] = line with { Paid = line.Paid + movement.Amount };
    }

    public void Find(IEnumerable<Finding> findings)
    {
        foreach (var finding in findings)
        {
            if (_findingsCount++ < FindingsMax)
                _findings.Add(finding);
        }
    }

    public ReconciliationReport Report() => new()
    {
        Subject = subject,
        Ledger = coverage.Through,
        LagLedgers = coverage.Lag,
        ReadAt = coverage.ReadAt,
        Payouts = _payouts,
        Forgotten = _forgotten,
        Currencies = [.. _lines.Values],
        FindingsCount = _findingsCount,
        Findings = _findings,
    };

    private CurrencyLine Line(string currency) => _lines.GetValueOrDefault(currency) ?? new CurrencyLine { Currency = currency };
}
