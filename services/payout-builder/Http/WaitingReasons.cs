using Payouts.Builder.Saga;
using Payouts.Stellar;

namespace Payouts.Builder.Http;

/// <summary>What a payout waits for, in an operator's words. Pure.</summary>
internal static class WaitingReasons
{
    /// <summary>More names than this help nobody.</summary>
    private const int NamesMax = 10;

    /// <summary>Null: it has ended.</summary>
    /// <param name="payout">The payout.</param>
    /// <param name="company">Its leader, and those of its round that are on hold or failed.</param>
    /// <param name="options">How this installation calls the contract.</param>
    public static string? Explain(Payout payout, IReadOnlyList<Payout> company, BuilderOptions options) => payout.CurrentState switch
    {
        nameof(PayoutStateMachine.Authorizing) when payout.AuthorizationHash is null => payout.AuthorizedUntil is { } until
            ? $"the end of its last authorization, ledger {until}; then it is authorized anew"
            : "the request for its authorization",
        nameof(PayoutStateMachine.Authorizing) => $"its authorization, which counts until ledger {payout.AuthorizedUntil}, about {payout.AuthorizationValidUntil:O}",
        nameof(PayoutStateMachine.Building) when payout.Slot is null => WithoutSlot(Stopped(payout, company, options)),
        nameof(PayoutStateMachine.Building) when payout.BurnUntil is not null => $"the burning of {Slot(payout)}; then it goes on with another slot",
        nameof(PayoutStateMachine.Building) when payout.SlotWatched => $"{Proof(payout)}; then its group is halved on that slot",
        nameof(PayoutStateMachine.Building) => "its transaction, which is being built",
        nameof(PayoutStateMachine.Grouped) => company.FirstOrDefault(x => x.CorrelationId == payout.LeaderId) is { } leader
            ? $"payout {leader.CorrelationId}, whose transaction pays it too; that one is {leader.CurrentState} and waits for: {Explain(leader, [], options) ?? "nothing"}"
            : $"payout {payout.LeaderId}, whose transaction pays it too",
        nameof(PayoutStateMachine.AwaitingSignature) => $"its signature, until {payout.ValidUntil:O}",
        nameof(PayoutStateMachine.Submitting) => $"a node that takes its transaction, valid until {payout.ValidUntil:O}",
        nameof(PayoutStateMachine.AwaitingConfirmation) => $"the ledger, which may take its transaction until {payout.ValidUntil:O}",
        nameof(PayoutStateMachine.OnHold) when payout.CancelAfterBurn => $"{End(payout)}; then it ends as {(payout.WriteOffAfterBurn ? nameof(PayoutStateMachine.WrittenOff) : nameof(PayoutStateMachine.Cancelled))}",
        nameof(PayoutStateMachine.OnHold) => $"a human: {payout.HoldCode} at {payout.HoldStage}{(payout.EndsItsSlot ? $"; meanwhile for {End(payout)}" : "")}{Others(Stopped(payout, company, options))}",
        nameof(PayoutStateMachine.Failed) => $"a human: proven unpaid, {payout.HoldCode}{Others(Stopped(payout, company, options))}",
        nameof(PayoutStateMachine.Confirmed) when payout.EndsItsSlot => $"{End(payout)}; it is paid by another transaction",
        _ => null,
    };

    private static string WithoutSlot(IReadOnlyList<Payout> stopped) => stopped.Count == 0
        ? "a channel account"
        : $"a human's decision about {Names(stopped)}: all winners of its round are paid in one call";

    private static string Others(IReadOnlyList<Payout> stopped) => stopped.Count == 0 ? "" : $"; the round's one call waits for {Names(stopped)} too";

    /// <summary>A prize goes to all winners of a round or to nobody.</summary>
    private static List<Payout> Stopped(Payout payout, IReadOnlyList<Payout> company, BuilderOptions options) => options.Contract.Layout.Shape == PayoutShape.Prize
        ? [.. company.Where(x => x.CorrelationId != payout.CorrelationId && x.CurrentState is nameof(PayoutStateMachine.OnHold) or nameof(PayoutStateMachine.Failed))]
        : [];

    private static string Names(IReadOnlyList<Payout> stopped) =>
        string.Join(", ", stopped.Take(NamesMax).Select(x => $"{x.CorrelationId} ({x.CurrentState} for {x.HoldCode})")) + (stopped.Count > NamesMax ? $" and {stopped.Count - NamesMax} others" : "");

    private static string End(Payout payout) => payout.Slot is null ? $"ledger {payout.AuthorizedUntil}, the last of its authorization, about {payout.AuthorizationValidUntil:O}"
        : payout.BurnUntil is not null ? $"the burning of {Slot(payout)}" : Proof(payout);

    private static string Proof(Payout payout) => $"the ledger to show {Slot(payout)} unused after {payout.ExposedUntil:O}, when no envelope of it can be applied any more";

    private static string Slot(Payout payout) => $"slot {payout.Channel}/{payout.SequenceNumber}";
}
