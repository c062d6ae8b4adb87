using Payouts.Builder.Lanes;
using Payouts.Builder.Saga;
using Payouts.Builder.Tests.Support;
using Payouts.Contracts;

namespace Payouts.Builder.Tests.States;

/// <summary>What is known of a payout's authorization.</summary>
internal enum Authorization
{
    None,
    Asked,
    Signed,
}

/// <summary>A state, with what matters about the payout's slot in it: a column of the matrix.</summary>
/// <param name="Column">As the matrix writes it: @ owns a slot that nobody has seen, ! owns one for which a signed envelope may exist, ~ the same and its account's key is outside; * an authorization of it may exist.</param>
/// <param name="State">The machine's state.</param>
internal sealed record Situation(string Column, string State, bool OwnsSlot, bool Exposed)
{
    public static readonly IReadOnlyList<Situation> All =
    [
        new("Init", nameof(PayoutStateMachine.Initial), false, false),
        new("Bld", nameof(PayoutStateMachine.Building), false, false),
        new("Bld@", nameof(PayoutStateMachine.Building), true, false),
        new("Bld!", nameof(PayoutStateMachine.Building), true, true),
        new("Grp", nameof(PayoutStateMachine.Grouped), false, false),
        new("Sign", nameof(PayoutStateMachine.AwaitingSignature), true, true),
        new("Send", nameof(PayoutStateMachine.Submitting), true, true),
        new("Wait", nameof(PayoutStateMachine.AwaitingConfirmation), true, true),
        new("Hold!", nameof(PayoutStateMachine.OnHold), true, true),
        new("Burn!", nameof(PayoutStateMachine.OnHold), true, true) { Burning = true },
        new("Void!", nameof(PayoutStateMachine.OnHold), true, true) { Burning = true, Cancelled = true },
        new("Drop!", nameof(PayoutStateMachine.OnHold), true, true) { Burning = true, Cancelled = true, WrittenOff = true },
        new("Lost!", nameof(PayoutStateMachine.OnHold), true, true) { Code = FailureCode.SlotConsumedElsewhere },
        new("Bld~", nameof(PayoutStateMachine.Building), true, true) { Watched = true },
        new("Sign~", nameof(PayoutStateMachine.AwaitingSignature), true, true) { Unburnable = true },
        new("Wait~", nameof(PayoutStateMachine.AwaitingConfirmation), true, true) { Unburnable = true },
        new("Hold~", nameof(PayoutStateMachine.OnHold), true, true) { Watched = true },
        new("Void~", nameof(PayoutStateMachine.OnHold), true, true) { Watched = true, Cancelled = true },
        new("Drop~", nameof(PayoutStateMachine.OnHold), true, true) { Watched = true, Cancelled = true, WrittenOff = true },
        new("Said", nameof(PayoutStateMachine.OnHold), false, false) { Code = FailureCode.AlreadyPaid },
        new("Hold", nameof(PayoutStateMachine.OnHold), false, false),
        new("Fail", nameof(PayoutStateMachine.Failed), false, false),
        new("Paid", nameof(PayoutStateMachine.Confirmed), true, true),
        new("Late!", nameof(PayoutStateMachine.Confirmed), true, true) { Burning = true },
        new("Late~", nameof(PayoutStateMachine.Confirmed), true, true) { Watched = true },
        new("Canc", nameof(PayoutStateMachine.Cancelled), false, false),
        new("Off", nameof(PayoutStateMachine.WrittenOff), false, false),
        new("Dry", nameof(PayoutStateMachine.Built), true, false),
        new("Auth", nameof(PayoutStateMachine.Authorizing), false, false),
        new("Auth*", nameof(PayoutStateMachine.Authorizing), false, false) { Authorization = Authorization.Asked },
        new("Bld*", nameof(PayoutStateMachine.Building), false, false) { Authorization = Authorization.Signed },
        new("Bld@*", nameof(PayoutStateMachine.Building), true, false) { Authorization = Authorization.Signed },
        new("Wait!*", nameof(PayoutStateMachine.AwaitingConfirmation), true, true) { Authorization = Authorization.Signed },
        new("Hold*", nameof(PayoutStateMachine.OnHold), false, false) { Authorization = Authorization.Asked, Code = FailureCode.Operator },
        new("Over*", nameof(PayoutStateMachine.OnHold), false, false) { Authorization = Authorization.Signed, Code = FailureCode.AuthorizationExpired },
        new("Burn!*", nameof(PayoutStateMachine.OnHold), true, true) { Authorization = Authorization.Signed, Burning = true, Code = FailureCode.AuthorizationExpired },
        new("Void!*", nameof(PayoutStateMachine.OnHold), true, true) { Authorization = Authorization.Signed, Burning = true, Cancelled = true },
        new("Void*", nameof(PayoutStateMachine.OnHold), false, false) { Authorization = Authorization.Signed, Cancelled = true },
        new("Drop*", nameof(PayoutStateMachine.OnHold), false, false) { Authorization = Authorization.Asked, Cancelled = true, WrittenOff = true },
    ];

    /// <summary>The last ledger of every authorization of the matrix.</summary>
    public const uint AuthorizedUntil = 5000;

    /// <summary>What is known of its authorization.</summary>
    public Authorization Authorization { get; init; }

    /// <summary>Why it is on hold, or failed.</summary>
    public FailureCode Code { get; init; } = FailureCode.OutcomeUnknown;

    /// <summary>The slot is being burned.</summary>
    public bool Burning { get; init; }

    /// <summary>The slot's account is the payout source itself.</summary>
    public bool Unburnable { get; init; }

    /// <summary>... and payout-submitter watches the slot.</summary>
    public bool Watched { get; init; }

    /// <summary>... and the payout ends when the slot does.</summary>
    public bool Cancelled { get; init; }

    /// <summary>... as written off.</summary>
    public bool WrittenOff { get; init; }

    /// <summary>The column of a state, whatever its slot.</summary>
    public static string Short(string state) => All.First(x => x.State == state).Column.TrimEnd('@', '!', '~', '*');

    public Payout Payout(BuilderStore store, int number, int attempt)
    {
        var payout = store.Waiting(number);
        payout.CurrentState = State;
        payout.Attempt = OwnsSlot || State == nameof(PayoutStateMachine.Failed) || State == nameof(PayoutStateMachine.OnHold) ? attempt : 0;
        payout.WakeAt = State is nameof(PayoutStateMachine.Building) or nameof(PayoutStateMachine.AwaitingSignature) ? store.Clock.GetUtcNow() : null;
        if (OwnsSlot)
            (payout.Channel, payout.SequenceNumber, payout.Exposed) = (Watched || Unburnable ? Sample.Admin.AccountId.ToString() : Sample.Account($"channel {number}"), 1000 + number, Exposed);
        if (Burning)
            (payout.BurnUntil, payout.WakeAt) = (store.Clock.GetUtcNow(), store.Clock.GetUtcNow());
        (payout.SlotWatched, payout.CancelAfterBurn, payout.WriteOffAfterBurn) = (Watched, Cancelled, WrittenOff);
        if (State == nameof(PayoutStateMachine.Grouped))
            payout.LeaderId = Happening.Leader;
        if (Exposed)
            payout.Envelopes = attempt == 1 ? new string('a', 64) : $"{new string('9', 64)} {new string('a', 64)}";
        if (Exposed)
            (payout.TransactionHash, payout.ValidUntil, payout.MaxLedger) = (new string('a', 64), store.Clock.GetUtcNow().AddMinutes(5), 99);
        if (Exposed)
            (payout.ExposedUntil, payout.ExposedMaxLedger) = (payout.ValidUntil, payout.MaxLedger);
        if (State is nameof(PayoutStateMachine.OnHold) or nameof(PayoutStateMachine.Failed))
            (payout.HoldStage, payout.HoldCode, payout.HoldDetail) = (PayoutStage.Confirm, Code, "as the test found it");
        if (Authorization != Authorization.None)
        {
            (payout.AuthorizedUntil, payout.AuthorizationValidUntil, payout.AuthorizationHash, payout.AuthorizationAsks) =
                (AuthorizedUntil, store.Clock.GetUtcNow().AddDays(1), new string('c', 64), 1);
        }

        if (Authorization == Authorization.Asked)
            (payout.Authorizations, payout.Attempt) = (attempt, Math.Max(attempt, payout.Attempt));
        if (Authorization == Authorization.Signed)
            payout.AuthorizationXdr = "AAAA";
        return payout;
    }

    /// <summary>The lane whose open slot the payout owns, and the slot.</summary>
    public static object[] Lane(BuilderStore store, Payout payout) => payout.Slot is not { } slot ? [] :
    [
        new Channel { Account = slot.Channel, NextSequence = slot.SequenceNumber + 1, OpenSlots = 1, LastUsedAt = store.Clock.GetUtcNow() },
        new LaneSlot { Channel = slot.Channel, SequenceNumber = slot.SequenceNumber, PayoutId = payout.CorrelationId, LeasedAt = store.Clock.GetUtcNow() },
    ];
}
