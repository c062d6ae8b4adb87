namespace Payouts.Stellar;

/// <summary>What a signed envelope turned out to be. Only <see cref="Valid"/> may be sent.</summary>
public abstract record SignatureVerdict
{
    private SignatureVerdict()
    {
    }

    /// <summary>The expected body, with exactly one good signature of each expected key and no other.</summary>
    public sealed record Valid : SignatureVerdict;

    /// <summary>The text is no envelope at all.</summary>
    public sealed record NotAnEnvelope(string Reason) : SignatureVerdict;

    /// <summary>Another transaction than the one that was built.</summary>
    public sealed record BodyDiffers(TransactionHash Expected, TransactionHash Actual) : SignatureVerdict;

    /// <summary>The hash is right but the envelope is of another type (version 0), whose bytes were never built here.</summary>
    public sealed record WrongEnvelopeType(string Actual) : SignatureVerdict;

    /// <summary>No signature carries this key's hint.</summary>
    public sealed record MissingSignature(AccountId Signer) : SignatureVerdict;

    /// <summary>A signature carries this key's hint and does not verify.</summary>
    public sealed record BadSignature(AccountId Signer) : SignatureVerdict;

    /// <summary>More signatures than keys, or one of an unexpected key: the ledger would answer txBAD_AUTH_EXTRA.</summary>
    /// <param name="Position">Its place in the envelope, from 1.</param>
    public sealed record ExtraSignature(int Position) : SignatureVerdict;
}
