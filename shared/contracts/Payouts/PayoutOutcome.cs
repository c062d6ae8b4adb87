namespace Payouts.Contracts;

/// <summary>How a payout ended.</summary>
public enum PayoutOutcome
{
    /// <summary>Paid on the ledger.</summary>
    Confirmed,

    /// <summary>Proven unpaid.</summary>
    Failed,

    /// <summary>Cancelled before anything could have been paid.</summary>
    Cancelled,

    /// <summary>Will not be paid by this suite, and is taken out of what the round owes: an operator's decision, and no envelope can pay it any more.</summary>
    WrittenOff,
}
