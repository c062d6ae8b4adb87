namespace Payouts.Contracts;

/// <summary>What a signature covers.</summary>
public enum SigningForm
{
    /// <summary>The whole transaction: source, sequence number, fee, validity and the call.</summary>
    Envelope,

    /// <summary>The call, its nonce and its last ledger. Who brings it to the ledger, when and at what fee is left open.</summary>
    Authorization,
}
