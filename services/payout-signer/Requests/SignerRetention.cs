using Payouts.Hosting.Retention;

namespace Payouts.Signer;

/// <summary>
/// What payout-signer may forget: requests that are answered, and then the orders of which no request is left. Without its order a payout is
/// refused, never signed: a debt that is older than the retention and still unpaid is decided by a human.
/// </summary>
public static class SignerRetention
{
    public static IReadOnlyList<RetentionRule<SignerDbContext>> Rules { get; } =
    [
        new("sign_requests", "request_id", "sign_requests.state not in ('Waiting', 'AwaitingOrder', 'Held') and sign_requests.asked_at < $1"),
        new("orders", "payout_id", "orders.kept_at < $1 and not exists (select 1 from sign_requests s where s.payout_id = orders.payout_id)"),
        // Of envelopes whose maxTime is long past.
        new("source_signatures", "transaction_hash, public_key", "source_signatures.at < $1"),
        new("source_rejections", "request_id, public_key", "source_rejections.at < $1"),
        new("policy_decisions", "id", "policy_decisions.at < $1"),
        new("policy_counted", "payout_id", "policy_counted.at < $1"),
        new("policy_approvals", "payout_id, by_whom", "policy_approvals.at < $1"),
        new("policy_minutes", "currency, minute", "policy_minutes.minute < $1"),
        new("policy_rounds", "round_id, currency", "policy_rounds.at < $1"),
    ];
}
