using Payouts.Contracts;
using Payouts.Hosting.Messaging;
using Payouts.Rounds.Game;
using Payouts.Rounds.Storage;

namespace Payouts.Rounds.Direct;

/// <summary>A direct payout as somebody asked for it, understood as far as it could be.</summary>
/// <param name="Reference">The sender's own name of it.</param>
/// <param name="Key">The first three parts of the contract's key.</param>
/// <param name="Winner">G...; the last part.</param>
/// <param name="Amount">Zero when it could not be read.</param>
/// <param name="Currency">As the contract knows it.</param>
/// <param name="Reason">Why.</param>
/// <param name="Problems">What is wrong with it in itself.</param>
internal sealed record DirectRequest(
    string Reference, RoundKey Key, string Winner, Stroops Amount, string Currency, string Reason, IReadOnlyList<Problem> Problems)
{
    /// <summary>Who asks, when a name is known.</summary>
    public string? OrderedBy { get; init; }

    /// <summary>Reads everything that can be judged without knowing what was ordered before. Pure.</summary>
    public static DirectRequest Read(DirectPayoutRequested message)
    {
        var checks = new FieldChecks();
        var reference = checks.Text(RefusalCode.ReferenceInvalid, "reference", message.Reference, RoundLimits.ReferenceLengthMax);
        var key = new RoundKey(checks.Symbol("context", message.Context), message.PoolId, message.RoundNumber);
        checks.Account("winner", message.Winner);
        checks.Amount("amount", message.Amount, zeroAllowed: false, out var amount);
        var currency = checks.Currency("currency", message.Currency);
        var reason = checks.Text(RefusalCode.ReasonInvalid, "reason", message.Reason, RoundLimits.ReasonLengthMax);
        return new DirectRequest(reference, key, message.Winner ?? "", amount, currency, reason, checks.Problems);
    }

    /// <summary>Whether the same payout was ordered: who asked, and in which request, does not matter.</summary>
    public bool IsSameAs(DirectPayout known) =>
        known.Reference == Reference && known.Key == Key && known.Winner == Winner && known.Amount == Amount && known.Currency == Currency && known.Reason == Reason;
}
