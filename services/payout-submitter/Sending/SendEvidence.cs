using Payouts.Stellar.Rpc;

namespace Payouts.Submitter.Sending;

/// <summary>Where the slot's account stands on the ledger, seen from the slot's number.</summary>
public enum SlotPlace
{
    /// <summary>Not asked, or the network did not say.</summary>
    NotAsked,

    /// <summary>Other numbers come first.</summary>
    Later,

    /// <summary>The next transaction of the account takes it.</summary>
    Next,

    /// <summary>A transaction took it, ours or another.</summary>
    Consumed,

    /// <summary>There is no such account now; it may have been merged away after it took the number.</summary>
    NoAccount,
}

/// <summary>What is bid, beside what others paid lately.</summary>
public enum PriceView
{
    /// <summary>Not asked, or the network did not say.</summary>
    NotAsked,

    /// <summary>At least what most paid.</summary>
    Fair,

    /// <summary>Less than most paid.</summary>
    TooLow,
}

/// <summary>All that decides what follows a send.</summary>
/// <param name="Outcome">What the network answered.</param>
/// <param name="Tries">Sends of these bytes so far, this one included; at least 1.</param>
/// <param name="Place">After txBAD_SEQ, what the account itself says.</param>
/// <param name="Price">After a refusal that can be about the fee, what the fee statistics say.</param>
/// <param name="Bumped">A fee bump was sent, not the envelope itself.</param>
public sealed record SendEvidence(SendOutcome Outcome, int Tries, SlotPlace Place = SlotPlace.NotAsked, PriceView Price = PriceView.NotAsked, bool Bumped = false);
