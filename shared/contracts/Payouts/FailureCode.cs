namespace Payouts.Contracts;

/// <summary>The closed list of reasons that failure events, holds and metrics carry.</summary>
public enum FailureCode
{
    /// <summary>The network could not be asked; nothing is known to be wrong with the payout.</summary>
    NetworkUnavailable,

    /// <summary>The simulated call trapped; the detail carries the contract's own error.</summary>
    SimulationFailed,

    /// <summary>The contract says that this debt is paid already.</summary>
    AlreadyPaid,

    /// <summary>The contract is paused.</summary>
    ContractPaused,

    /// <summary>The contract refused the caller, the amount or its treasury.</summary>
    ContractRefused,

    /// <summary>The fee would exceed PAYOUTS_MAX_GAS_STROOPS or the resource bound.</summary>
    FeeAboveCap,

    /// <summary>The account that pays for fee bumps (PAYOUT_FEE_ACCOUNT) does not exist or cannot pay what is bid.</summary>
    FeeAccountUnfunded,

    /// <summary>State that the call needs is archived and must be restored first.</summary>
    EntryArchived,

    /// <summary>The transaction asked to be signed is not the one that the order calls for.</summary>
    IntentMismatch,

    /// <summary>No order for this payout reached the signer in time.</summary>
    OrderUnknown,

    /// <summary>The signing policy forbids it: the currency, the account or an amount.</summary>
    PolicyRefused,

    /// <summary>The external signer said no.</summary>
    SignerRejected,

    /// <summary>No valid signature came back before the deadline, in any attempt.</summary>
    SignerTimeout,

    /// <summary>The network answered ERROR to the envelope.</summary>
    Refused,

    /// <summary>The transaction is on the ledger as FAILED: the slot is consumed, nobody was paid.</summary>
    FailedOnLedger,

    /// <summary>The transaction succeeded without the expected PAYOUT event and token transfer.</summary>
    NotTransferred,

    /// <summary>The slot's sequence number was consumed by something that this system did not send.</summary>
    SlotConsumedElsewhere,

    /// <summary>The fate of the transaction could not be established within the polls allowed.</summary>
    OutcomeUnknown,

    /// <summary>PAYOUTS_MAX_ATTEMPTS builds did not lead to an end.</summary>
    AttemptsExhausted,

    /// <summary>The same debt was announced again with another amount or currency.</summary>
    OrderConflict,

    /// <summary>An operator decided it.</summary>
    Operator,

    /// <summary>The last ledger of the payout's authorization is over or too near: it must be authorized anew.</summary>
    AuthorizationExpired,

    /// <summary>A prize has more winners than PAYOUTS_RECIPIENTS_MAX allows in its one call.</summary>
    TooManyRecipients,
}
