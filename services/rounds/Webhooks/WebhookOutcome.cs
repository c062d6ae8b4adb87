namespace Payouts.Rounds.Webhooks;

/// <summary>How one try ended.</summary>
internal enum WebhookOutcome
{
    /// <summary>2xx: the receiver has it.</summary>
    Delivered,

    /// <summary>3xx: where it points is not asked; the operator's file alone says where money is spoken of.</summary>
    Redirected,

    /// <summary>4xx: the receiver does not want it as it is. It is tried again all the same: a wrong secret or a missing route is mended there.</summary>
    Refused,

    /// <summary>5xx, or a status that is none.</summary>
    ReceiverFailed,

    /// <summary>No answer in time; the receiver may have it.</summary>
    TimedOut,

    /// <summary>No connection: name, address, TLS, or it broke off.</summary>
    Unreachable,

    /// <summary>The last try, or an endpoint that nobody lists any more: a human can replay it.</summary>
    GivenUp,
}
