namespace Payouts.Contracts;

/// <summary>The steps of a payout, as failures and metrics name them.</summary>
public enum PayoutStage
{
    /// <summary>Simulation and assembly of the unsigned transaction.</summary>
    Build,

    /// <summary>Policy check and signature.</summary>
    Sign,

    /// <summary>Sending to the network.</summary>
    Submit,

    /// <summary>Finding the transaction on the ledger.</summary>
    Confirm,
}
