using Payouts.Hosting.Retention;

namespace Payouts.Builder;

/// <summary>
/// What payout-builder may forget. A payouts row with its order and its end is none of it: it is what refuses or ignores the same debt when
/// it is announced again, and what an operator finds when a winner asks years later.
/// </summary>
public static class BuilderRetention
{
    private const string Ended = "('Confirmed', 'Cancelled', 'WrittenOff', 'Built')";

    public static IReadOnlyList<RetentionRule<BuilderDbContext>> Rules { get; } =
    [
        // The history of a payout that is still open stays whole.
        new("payout_transitions", "payout_id, number",
            $"payout_transitions.at < $1 and exists (select 1 from payouts p where p.payout_id = payout_transitions.payout_id and p.current_state in {Ended} and p.entered_state_at < $1)"),
        new("decision_steps", "decision_id, step",
            $"decision_steps.at < $1 and not exists (select 1 from payouts p where p.payout_id = decision_steps.payout_id and (p.current_state not in {Ended} or p.entered_state_at >= $1))"),
        // A debt that the books still compare keeps its proof, however old that is.
        new("ledger_movements", "event_id",
            "ledger_movements.closed_at < $1 and not exists (select 1 from payouts p where p.payout_id = ledger_movements.payout_id and p.planned_at >= $1)"),
        new("reconciliation_findings", "kind, subject", "reconciliation_findings.resolved_at < $1"),
    ];
}
