using Payouts.Contracts;

namespace Payouts.Builder.Reconciling;

/// <summary>What was owed in one currency and what became of it, in exact stroops. owed = paid + onHold + failed + cancelled + writtenOff + open + difference.</summary>
public sealed record CurrencyLine
{
    /// <summary>The currency.</summary>
    public required string Currency { get; init; }

    /// <summary>What the debts say.</summary>
    public Stroops Owed { get; init; }

    /// <summary>What the ledger shows as paid; for a day also what left the treasury without a debt.</summary>
    public Stroops Paid { get; init; }

    /// <summary>Waits for a human.</summary>
    public Stroops OnHold { get; init; }

    /// <summary>Proven unpaid.</summary>
    public Stroops Failed { get; init; }

    /// <summary>Will not be paid.</summary>
    public Stroops Cancelled { get; init; }

    /// <summary>Taken out of what is owed, by an operator.</summary>
    public Stroops WrittenOff { get; init; }

    /// <summary>On its way.</summary>
    public Stroops Open { get; init; }

    /// <summary>0 is right. Above: said to be paid and not proven, or paid too little. Below: more was paid than owed.</summary>
    public Stroops Difference => Owed - Paid - OnHold - Failed - Cancelled - WrittenOff - Open;
}

/// <summary>The proof of a round or a day.</summary>
public sealed record ReconciliationReport
{
    /// <summary>"round R" or "day 2026-07-01".</summary>
    public required string Subject { get; init; }

    /// <summary>The newest ledger that the books have taken in.</summary>
    public required uint Ledger { get; init; }

    /// <summary>Ledgers that the network had, and the books had not, when it was last asked.</summary>
    public required uint LagLedgers { get; init; }

    /// <summary>When the network was last asked; null: never yet.</summary>
    public required DateTimeOffset? ReadAt { get; init; }

    /// <summary>Debts that belong to it.</summary>
    public required int Payouts { get; init; }

    /// <summary>Those of them whose proof is no longer kept: they are part of the difference.</summary>
    public required int Forgotten { get; init; }

    /// <summary>One line a currency.</summary>
    public required IReadOnlyList<CurrencyLine> Currencies { get; init; }

    /// <summary>How many things are wrong.</summary>
    public required int FindingsCount { get; init; }

    /// <summary>The first of them.</summary>
    public required IReadOnlyList<Finding> Findings { get; init; }

    /// <summary>True when nothing is wrong and nothing differs. Debts that are still open are not wrong.</summary>
    public bool Agrees => FindingsCount == 0 && Currencies.All(x => x.Difference == Stroops.Zero);

    /// <summary>True when it agrees and everything that is owed was paid or written off.</summary>
    public bool Settled => Agrees && Currencies.All(x => x.Paid + x.WrittenOff == x.Owed);
}
