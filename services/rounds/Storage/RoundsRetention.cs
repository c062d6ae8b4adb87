using Payouts.Hosting.Retention;

namespace Payouts.Rounds.Storage;

/// <summary>
/// What rounds may forget. A round's own row stays for ever: its key, its state and the digest of its draw are what makes a repeat a repeat.
/// So does its trail; what was resolved can be computed again until the entries are gone.
/// </summary>
internal static class RoundsRetention
{
    private const string Settled = "exists (select 1 from rounds r where r.id = {0}.round_id and r.settled_at < $1)";

    public static IReadOnlyList<RetentionRule<RoundsDbContext>> Rules { get; } =
    [
        new("round_entries", "round_id, player", Settled.Replace("{0}", "round_entries", StringComparison.Ordinal)),
        new("round_payouts", "round_id, winner", Settled.Replace("{0}", "round_payouts", StringComparison.Ordinal)),
        new("round_former_ends", "round_id, winner, trail_seq", Settled.Replace("{0}", "round_former_ends", StringComparison.Ordinal)),
        // Content tells a repeat as well: what the key adds is the same answer.
        new("idempotency_keys", "caller, idempotency_key", "idempotency_keys.at < $1"),
        // Taken, or given up so long ago that whoever wanted to know has asked. What waits stays.
        new("webhook_deliveries", "id", "webhook_deliveries.ended_at < $1"),
    ];
}
