using Payouts.Signer.Answers;
using Payouts.Signer.Intent;
using Payouts.Signer.Policies;
using Payouts.Signer.Requests;
using Prometheus;

namespace Payouts.Signer;

/// <summary>What the signer counts. Labels come from closed lists.</summary>
internal static class SignerMetrics
{
    /// <summary>
    /// How long the external signer has kept the payout waiting that it was asked for first, however often that was asked for again. Alert when the signer is silent: max(signer_oldest_waiting_seconds) > 120.
    /// Requests past their deadline do not count: their payouts are built and asked for anew.
    /// </summary>
    public static Gauge OldestWaiting { get; } = Metrics.CreateGauge(
        "signer_oldest_waiting_seconds", "How long the longest waiting payout has been with the external signer, counted from its first request.");

    /// <summary>What became of SignPayout commands: Asked, SignedBefore, HotKey, AwaitingOrder, OrderUnknown or an intent problem. Alert on any problem.</summary>
    public static Counter Requests { get; } = Metrics.CreateCounter(
        "signer_requests_total", "Sign requests by what the signer decided.", "decision");

    /// <summary>What became of answers: Signed, Rejected, Gathered and OneRejected (of several signers), Unchanged (repeated or late) or an answer problem. Alert on a rising rate of problems.</summary>
    public static Counter Answers { get; } = Metrics.CreateCounter(
        "signer_answers_total", "Answers of the external signer by what became of them.", "outcome");

    /// <summary>Debts that were announced twice with different amounts or currencies. Alert on any: increase(signer_order_conflicts_total[10m]) > 0.</summary>
    public static Counter OrderConflicts { get; } = Metrics.CreateCounter(
        "signer_order_conflicts_total", "Debts announced again with another amount or currency.");

    /// <summary>Decisions of the policy. Alert on refusals: increase(signer_policy_decisions_total{verdict="Refuse"}[10m]) > 0.</summary>
    public static Counter PolicyDecisions { get; } = Metrics.CreateCounter(
        "signer_policy_decisions_total", "Decisions of the signing policy by verdict and rule.", "verdict", "rule");

    /// <summary>Counters whose first step an alert must see begin at 0: a series that begins at 1 has not risen.</summary>
    public static void BeginAtZero()
    {
        foreach (var decision in new[] { "Asked", "SignedBefore", "HotKey", "AwaitingOrder", "OrderUnknown", SignRequest.AuthorizedBefore }.Concat(Enum.GetNames<IntentProblem>()).Concat(Enum.GetNames<PolicyRule>()))
            Requests.WithLabels(decision);
        foreach (var outcome in new[] { "Signed", "Rejected", "Gathered", "OneRejected", "Unchanged" }.Concat(Enum.GetNames<AnswerProblem>()))
            Answers.WithLabels(outcome);
        foreach (var rule in Enum.GetNames<PolicyRule>())
            PolicyDecisions.WithLabels(nameof(PolicyVerdict.Refuse), rule);
    }

    /// <summary>Requests that the policy holds. Alert when people must approve: signer_held_requests{rule="ApprovalMissing"} > 0.</summary>
    public static Gauge Held { get; } = Metrics.CreateGauge("signer_held_requests", "Sign requests that the policy holds, by the rule that holds them.", "rule");
}
