namespace Payouts.Run;

/// <summary>Who signs, and whether anything is paid.</summary>
public enum SuiteMode
{
    /// <summary>The default of production: payout-signer asks an external signer, here the local one.</summary>
    External,

    /// <summary>payout-signer holds the key.</summary>
    HotKey,

    /// <summary>Transactions are built and end as Built.</summary>
    BuildOnly,
}
