namespace Payouts.Contracts;

/// <summary>What the transaction does, for a human or a policy engine.</summary>
public sealed record SigningIntent
{
    /// <summary>The called contract, C...</summary>
    public required string Contract { get; init; }

    /// <summary>The called method.</summary>
    public required string Method { get; init; }

    /// <summary>The arguments that decide who gets what.</summary>
    public required PayoutOrder Order { get; init; }

    /// <summary>The account whose authority pays, G... (operation source, or the address of the authorization).</summary>
    public required string PayoutSource { get; init; }

    /// <summary>The transaction source, G...; null with an authorization, which leaves it open.</summary>
    public string? Channel { get; init; }

    /// <summary>The highest fee that the transaction can cost, in stroops of the native asset; null with an authorization: whoever sends it pays.</summary>
    public long? FeeStroops { get; init; }

    /// <summary>The envelope's maxTime; with an authorization about when its last ledger closes.</summary>
    public required DateTimeOffset ValidUntil { get; init; }

    /// <summary>With an authorization: the last ledger in which it counts.</summary>
    public uint? ExpirationLedger { get; init; }

    /// <summary>With an authorization: its nonce, as decimal text. The ledger takes each once, so the payout cannot be paid by it twice.</summary>
    public string? Nonce { get; init; }
}
