namespace Payouts.Rounds.Doors;

/// <summary>Why a request is not even read as an event of a round. What the round or the event itself refuses has a RefusalCode.</summary>
internal enum DoorCode
{
    /// <summary>The header Idempotency-Key is absent.</summary>
    IdempotencyKeyMissing,

    /// <summary>The key is no 1 to 100 printable ASCII characters, or there are several.</summary>
    IdempotencyKeyInvalid,

    /// <summary>Another request was taken under the key.</summary>
    IdempotencyKeyReused,

    /// <summary>The body is no JSON object of the expected shape.</summary>
    BodyInvalid,

    /// <summary>The body is larger than the door takes.</summary>
    BodyTooLarge,

    /// <summary>Path and body name different rounds.</summary>
    RoundIdDiffers,

    /// <summary>The caller has no name that can be kept, or none is given where the door knows none.</summary>
    CallerInvalid,

    /// <summary>The caller is known by another name.</summary>
    CallerDiffers,

    /// <summary>A cancellation without a reason, or with one that cannot be kept.</summary>
    ReasonInvalid,

    /// <summary>A draw without the hash from its preview.</summary>
    ResolutionHashMissing,

    /// <summary>A filter, cursor or limit that cannot be read.</summary>
    QueryInvalid,

    /// <summary>There is no such round to show.</summary>
    RoundNotFound,

    /// <summary>There is no such payout outside rounds to show.</summary>
    DirectPayoutNotFound,

    /// <summary>There is no such delivery of a webhook.</summary>
    WebhookNotFound,

    /// <summary>The delivery cannot be sent again now: it is on its way, or its endpoint is not in the file.</summary>
    WebhookNotReplayed,

    /// <summary>The file of webhooks lists no such endpoint.</summary>
    EndpointUnknown,
}
