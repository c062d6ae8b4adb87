namespace Payouts.Signers;

/// <summary>Everything that keeps a provider from signing. The closed list of all adapters; names appear in details and metrics.</summary>
public enum SigningProblem
{
    /// <summary>Nobody answers at the provider's address, or its library or token is not there. May pass.</summary>
    Unreachable,

    /// <summary>No answer within SIGNER_TIMEOUT_MS. May pass.</summary>
    TimedOut,

    /// <summary>The provider has too much to do or the quota is used up. May pass.</summary>
    Throttled,

    /// <summary>The provider failed on its own side. May pass.</summary>
    ProviderFailed,

    /// <summary>The session with the token or the token itself was lost; the next try opens another. May pass.</summary>
    SessionLost,

    /// <summary>The answer was changed on its way: its checksum differs. May pass.</summary>
    AnswerCorrupt,

    /// <summary>The public key was not read yet, or it is another account's: nothing is signed.</summary>
    KeyNotProven,

    /// <summary>No credentials, or not these. A human must act.</summary>
    CredentialsRefused,

    /// <summary>The token refused the PIN. It is not tried again before the file changes: a few wrong tries lock a token.</summary>
    PinRefused,

    /// <summary>The credentials are known but may not use the key. A human must act.</summary>
    AccessDenied,

    /// <summary>There is no such key, or more than one.</summary>
    KeyNotFound,

    /// <summary>The key is disabled, scheduled for deletion or not yet usable.</summary>
    KeyDisabled,

    /// <summary>The key is none of Ed25519, or may not sign.</summary>
    KeyTypeWrong,

    /// <summary>The answer is about another key than was asked.</summary>
    KeyDiffers,

    /// <summary>The answer is about another version of the key than the pinned one.</summary>
    KeyVersionDiffers,

    /// <summary>The provider did not understand the request.</summary>
    RequestRefused,

    /// <summary>The answer is not what the provider's documentation says.</summary>
    AnswerUnreadable,

    /// <summary>Not 64 bytes.</summary>
    LengthWrong,

    /// <summary>The signature does not verify with the payout source account's key over the hash.</summary>
    SignatureInvalid,
}

/// <summary>No signature came. Expected, and never the end of the process.</summary>
/// <param name="problem">From the closed list.</param>
/// <param name="detail">What was found and what would be right; nothing secret.</param>
/// <param name="cause">What the provider's client threw.</param>
public sealed class SigningFailedException(SigningProblem problem, string detail, Exception? cause = null) : Exception($"{problem}: {detail}", cause)
{
    /// <summary>Why.</summary>
    public SigningProblem Problem { get; } = problem;

    /// <summary>Whether the same request may succeed a moment later.</summary>
    public bool IsTransient => Problem is SigningProblem.Unreachable or SigningProblem.TimedOut or SigningProblem.Throttled
        or SigningProblem.ProviderFailed or SigningProblem.SessionLost or SigningProblem.AnswerCorrupt;
}
