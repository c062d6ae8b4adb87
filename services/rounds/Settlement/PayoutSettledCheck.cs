using Payouts.Contracts;

namespace Payouts.Rounds.Settlement;

/// <summary>What can be judged of a payout's end without knowing the debt.</summary>
internal static class PayoutSettledCheck
{
    private const int HashLength = 64;

    /// <summary>What is wrong, or null.</summary>
    public static string? Problem(PayoutSettled end) => end switch
    {
        { Outcome: PayoutOutcome.Confirmed, Paid.IsPositive: false } => $"paid: is {end.Paid}; a confirmed payout paid something",
        { Outcome: PayoutOutcome.Confirmed } when !IsHash(end.TransactionHash) => "transactionHash: is not 64 lowercase hex digits; a confirmed payout names the transaction that paid",
        { Outcome: PayoutOutcome.Confirmed, Ledger: null } => "ledger: is absent; a confirmed payout names the ledger that holds it",
        { Outcome: not PayoutOutcome.Confirmed } when end.Paid != Stroops.Zero => $"paid: is {end.Paid}; a payout that ended {end.Outcome} paid nothing",
        _ => null,
    };

    private static bool IsHash(string? text) => text is { Length: HashLength } && text.All(char.IsAsciiHexDigitLower);
}
