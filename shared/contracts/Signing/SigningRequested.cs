namespace Payouts.Contracts;

/// <summary>
/// Please sign: published by payout-signer for the external signer (KMS, HSM), after its own check. Sign the 32 bytes of
/// <see cref="TransactionHash"/> with your key, one of <see cref="Signers"/>, and answer with SigningCompleted or SigningRejected.
/// </summary>
public sealed record SigningRequested
{
    /// <summary>Names this request; repeat it in the answer.</summary>
    public required Guid RequestId { get; init; }

    /// <summary>The payout.</summary>
    public required PayoutId PayoutId { get; init; }

    /// <summary>Which build of the payout, from 1.</summary>
    public required int Attempt { get; init; }

    /// <summary>The network that the hash is for.</summary>
    public required string NetworkPassphrase { get; init; }

    /// <summary>What is signed; absent: <see cref="SigningForm.Envelope"/>.</summary>
    public SigningForm? Form { get; init; }

    /// <summary>
    /// What to sign: 64 lowercase hex digits. With an envelope the hash of <see cref="UnsignedXdr"/> on that network; with an authorization SHA-256 of
    /// its bytes.
    /// </summary>
    public required string TransactionHash { get; init; }

    /// <summary>
    /// TransactionEnvelope without signatures, or with an authorization its HashIDPreimage; base64 XDR. Check it against <see cref="Intent"/> before
    /// signing.
    /// </summary>
    public required string UnsignedXdr { get; init; }

    /// <summary>The public keys whose signatures are wanted, G...; no other signature is accepted.</summary>
    public required IReadOnlyList<string> Signers { get; init; }

    /// <summary>The weight that the signatures must reach together; null: one key signs, and its signature is enough.</summary>
    public int? Threshold { get; init; }

    /// <summary>What each key of <see cref="Signers"/> weighs, 1 to 255, in their order; null: one key signs.</summary>
    public IReadOnlyList<int>? Weights { get; init; }

    /// <summary>The transaction, or the authorized call, in words.</summary>
    public required SigningIntent Intent { get; init; }

    /// <summary>Answers after this come too late; the payout is then built again and asked for anew.</summary>
    public required DateTimeOffset Deadline { get; init; }

    /// <summary>W3C Trace Context: a signer that makes traces goes on with this one. Null: no trace is made of the payout.</summary>
    public string? Traceparent { get; init; }
}
