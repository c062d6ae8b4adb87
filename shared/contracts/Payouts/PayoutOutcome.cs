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
}
