using Payouts.Contracts;

namespace Payouts.Signer.Requests;

/// <summary>What payout-builder asks to have signed for a payout, in either form.</summary>
public sealed record SignOrder
{
    /// <summary>The payout.</summary>
    public required PayoutId PayoutId { get; init; }

    /// <summary>Which build, or which authorization, of the payout.</summary>
    public required int Attempt { get; init; }

    /// <summary>What is said to be owed.</summary>
    public required PayoutOrder Order { get; init; }

    /// <summary>What is signed.</summary>
    public required SigningForm Form { get; init; }

    /// <summary>The announced hash, 64 lowercase hex digits.</summary>
    public required string Hash { get; init; }

    /// <summary>The unsigned envelope, or the authorization's preimage; base64 XDR. Never logged.</summary>
    public required string Xdr { get; init; }

    /// <summary>The envelope's maxTime; of an authorization about when its last ledger closes.</summary>
    public required DateTimeOffset ValidUntil { get; init; }

    /// <summary>Of an envelope: the payout's place on the ledger.</summary>
    public SequenceSlot? Slot { get; init; }

    /// <summary>Of an authorization: its last ledger.</summary>
    public uint? ExpirationLedger { get; init; }

    /// <summary>An envelope.</summary>
    public static SignOrder Of(SignPayout command) => new()
    {
        PayoutId = command.PayoutId,
        Attempt = command.Attempt,
        Order = command.Order,
        Form = SigningForm.Envelope,
        Hash = command.TransactionHash,
        Xdr = command.UnsignedXdr,
        ValidUntil = command.ValidUntil,
        Slot = command.Slot,
    };

    /// <summary>An authorization.</summary>
    public static SignOrder Of(AuthorizePayout command) => new()
    {
        PayoutId = command.PayoutId,
        Attempt = command.Attempt,
        Order = command.Order,
        Form = SigningForm.Authorization,
        Hash = command.AuthorizationHash,
        Xdr = command.PreimageXdr,
        ValidUntil = command.ValidUntil,
        ExpirationLedger = command.ExpirationLedger,
    };

    /// <summary>A request as it was asked, with the order to hold it against.</summary>
    public static SignOrder Of(SignRequest request, PayoutOrder debt) => new()
    {
        PayoutId = request.PayoutId,
        Attempt = request.Attempt,
        Order = debt with { Others = request.Others },
        Form = request.Form,
        Hash = request.TransactionHash,
        Xdr = request.UnsignedXdr,
        ValidUntil = request.ValidUntil,
        Slot = request.Slot,
        ExpirationLedger = request.ExpirationLedger,
    };
}
