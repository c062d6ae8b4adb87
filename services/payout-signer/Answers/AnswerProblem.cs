namespace Payouts.Signer.Answers;

/// <summary>Everything that makes an answer of the external signer useless. The request stays open: a later correct answer is still taken.</summary>
public enum AnswerProblem
{
    /// <summary>No request has this id.</summary>
    RequestUnknown,

    /// <summary>The request was never given to the external signer.</summary>
    RequestNotAsked,

    /// <summary>The hash is not the request's.</summary>
    HashMismatch,

    /// <summary>A signed envelope where an authorization was to be signed.</summary>
    NotAnEnvelope,

    /// <summary>Both a signed envelope and bare signatures: which one counts cannot be told.</summary>
    BothForms,

    /// <summary>Neither a signed envelope nor a signature.</summary>
    NoSignature,

    /// <summary>Larger than any envelope the network takes.</summary>
    AnswerTooLarge,

    /// <summary>Not base64 of exactly one transaction envelope.</summary>
    EnvelopeUnreadable,

    /// <summary>Another transaction, a fee bump around it, or another envelope type.</summary>
    BodyDiffers,

    /// <summary>The wanted key has not signed.</summary>
    SignatureMissing,

    /// <summary>The wanted key's signature does not verify, or is not 64 bytes of base64.</summary>
    SignatureInvalid,

    /// <summary>More signatures than wanted, or one of another key: the ledger would answer txBAD_AUTH_EXTRA.</summary>
    ExtraSignature,

    /// <summary>Several keys may sign, and a rejection does not say whose it is.</summary>
    SignerUnknown,
}
