namespace Payouts.Contracts;

/// <summary>
/// How a direct payout stands where others have their round: under its reference with a prefix that no round's name may have, so that sums and
/// views by round take it for nobody else's.
/// </summary>
public static class DirectName
{
    /// <summary>What no round's name begins with.</summary>
    public const string Prefix = "direct:";

    /// <summary>The roundId of the direct payout with this reference.</summary>
    public static string Of(string reference) => Prefix + reference;

    /// <summary>The reference, or null: a round owes it.</summary>
    public static string? ReferenceOf(string roundId) => Is(roundId) ? roundId[Prefix.Length..] : null;

    /// <summary>Whether a roundId stands for a direct payout.</summary>
    public static bool Is(string roundId) => roundId.StartsWith(Prefix, StringComparison.Ordinal);
}
