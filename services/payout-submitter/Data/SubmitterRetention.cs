using Payouts.Hosting.Retention;

namespace Payouts.Submitter;

/// <summary>What payout-submitter may forget: envelopes whose outcome is announced. A late one is refused by the ledger: its number is consumed, its time is over.</summary>
public static class SubmitterRetention
{
    public static IReadOnlyList<RetentionRule<SubmitterDbContext>> Rules { get; } =
    [
        new("submissions", "transaction_hash", "submissions.state = 'Done' and submissions.done_at < $1"),
        new("fee_bumps", "bump_hash",
            "fee_bumps.created_at < $1 and not exists (select 1 from submissions s where s.transaction_hash = fee_bumps.transaction_hash)"),
    ];
}
