namespace Payouts.Signer.Intent;

/// <summary>Everything that keeps a transaction from being signed. The closed list of the signer's own check; names appear in details and metrics.</summary>
public enum IntentProblem
{
    /// <summary>The payout id is not the one that network, contract and the order's key give.</summary>
    PayoutIdDiffers,

    /// <summary>The order pays nothing, or its parts cannot be said to the contract.</summary>
    OrderUnsound,

    /// <summary>Larger than any transaction the network takes.</summary>
    EnvelopeTooLarge,

    /// <summary>Not base64 of exactly one version 1 transaction envelope.</summary>
    EnvelopeUnreadable,

    /// <summary>It carries signatures before anybody was asked.</summary>
    SignedAlready,

    /// <summary>The hash that was announced is not the hash of the envelope on this network.</summary>
    HashDiffers,

    /// <summary>The transaction source is not the slot's channel.</summary>
    ChannelDiffers,

    /// <summary>The channel is neither listed nor the payout source.</summary>
    ChannelUnknown,

    /// <summary>The sequence number is not the slot's.</summary>
    SequenceNumberDiffers,

    /// <summary>The fee is above PAYOUTS_MAX_GAS_STROOPS.</summary>
    FeeAboveCap,

    /// <summary>No upper time bound, or one without end.</summary>
    TimeBoundsMissing,

    /// <summary>The upper time bound is not the announced one, or a lower one is set.</summary>
    TimeBoundsDiffer,

    /// <summary>Preconditions that payout-builder never sets, or ledger bounds without an end.</summary>
    PreconditionsForeign,

    /// <summary>A memo: the ledger would refuse it.</summary>
    MemoPresent,

    /// <summary>No Soroban resources: the ledger would refuse it.</summary>
    ResourcesMissing,

    /// <summary>Not exactly one operation.</summary>
    OperationCount,

    /// <summary>The operation's source is not the payout source account.</summary>
    OperationSourceDiffers,

    /// <summary>The operation calls no contract.</summary>
    NotAContractCall,

    /// <summary>Another contract is called.</summary>
    ContractDiffers,

    /// <summary>Another method is called.</summary>
    MethodDiffers,

    /// <summary>An argument is not what the order says.</summary>
    ArgumentsDiffer,

    /// <summary>More than one authorization, or one with credentials other than the source account's.</summary>
    CredentialsForeign,

    /// <summary>What is authorized is not this very call.</summary>
    AuthorizationDiffers,

    /// <summary>The authorization's nonce is not the payout's: it could be used beside another.</summary>
    NonceDiffers,

    /// <summary>The authorization's last ledger is not the announced one.</summary>
    ExpirationDiffers,

    /// <summary>The authorization that the envelope carries is not signed by the payout source, or not as it was released.</summary>
    AuthorizationUnsigned,

    /// <summary>More is authorized below the call than the one transfer of the payout's own token.</summary>
    SubInvocationForeign,

    /// <summary>The signer's own copy of the order says something else.</summary>
    OrderDiffers,
}
