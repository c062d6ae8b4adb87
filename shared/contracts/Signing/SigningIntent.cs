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

    /// <summary>The account whose authority pays, G... (operation source).</summary>
    public required string PayoutSource { get; init; }

    /// <summary>The transaction source, G...</summary>
    public required string Channel { get; init; }

    /// <summary>The highest fee that the transaction can cost, in stroops of the native asset.</summary>
    public required long FeeStroops { get; init; }

    /// <summary>The envelope's maxTime.</summary>
    public required DateTimeOffset ValidUntil { get; init; }
}
