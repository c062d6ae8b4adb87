using Payouts.Contracts;

namespace Payouts.Builder.Saga;

/// <summary>A slot that cannot be burned ends when every envelope that was handed out on it is proven dead. Pure, as <see cref="PayoutSteps"/>.</summary>
internal static class ProofSteps
{
    /// <summary>Asks for that proof, or for what came first.</summary>
    public static WatchSlot WatchCommand(this Payout payout) => new()
    {
        PayoutId = payout.Id,
        Attempt = payout.Attempt,
        Order = payout.Order,
        Slot = payout.Slot!,
        Envelopes = payout.Envelopes.Split(' ', StringSplitOptions.RemoveEmptyEntries),
        ValidUntil = payout.ExposedUntil!.Value,
        MaxLedger = payout.ExposedMaxLedger!.Value,
    };

    /// <summary>True when the proof is about the slot that the payout owns now, and about every envelope that was ever handed out on it.</summary>
    public static bool IsProvenDeadBy(this Payout payout, SlotProvenUnused proof) =>
        payout.Owns(proof.Slot) && payout is { Exposed: true, BurnUntil: null } && payout.ExposedUntil <= proof.ValidUntil && payout.ExposedMaxLedger <= proof.MaxLedger;

    /// <summary>Every envelope on the slot is proven dead: it is as if none had been handed out.</summary>
    public static void Unexpose(this Payout payout)
    {
        payout.Exposed = false;
        payout.Envelopes = "";
        payout.ExposedUntil = null;
        payout.ExposedMaxLedger = null;
        payout.SlotWatched = false;
    }

    /// <summary>
    /// payout-submitter tells an envelope's outcome soon after its end. Should nothing be heard for long, because its database or a queue was lost, the ledger
    /// is asked through the slot.
    /// </summary>
    public static void AwaitOutcome(this Payout payout, DateTimeOffset now) =>
        payout.WakeAt = (payout.ExposedUntil > now ? payout.ExposedUntil.Value : now) + PayoutSteps.BuildPatience;
}
