using Payouts.Builder.Saga;
using Payouts.Builder.Tests.Support;
using Payouts.Contracts;

namespace Payouts.Builder.Tests.States;

/// <summary>An event in one of its forms: a row of the matrix.</summary>
/// <param name="Row">As the matrix writes it: the event's name first.</param>
/// <param name="RaiseAsync">Raises it on a stored payout.</param>
internal sealed record Happening(string Row, Func<BuilderStore, Guid, Task> RaiseAsync, int Attempt = 1, bool Live = true, int Restores = 0)
{
    public const int AttemptsMax = 3;

    public static readonly IReadOnlyList<Happening> All =
    [
        Of("PayoutPlanned", m => m.PayoutPlanned, p => new PayoutPlanned { PayoutId = p.Id, RoundId = "round", Order = p.Order }),
        Of("AuthorizationDue", m => m.AuthorizationDue, p => new AuthorizationDue
        {
            PayoutId = p.Id, AuthorizationHash = new string('c', 64), PreimageXdr = "AAAA", ExpirationLedger = p.AuthorizedUntil ?? Situation.AuthorizedUntil, ValidUntil = new DateTimeOffset(2026, 7, 2, 12, 0, 0, TimeSpan.Zero),
        }),
        Of("PayoutAuthorized", m => m.PayoutAuthorized, p => Authorized(p, p.AuthorizationHash ?? new string('c', 64))),
        Of("PayoutAuthorized, other hash", m => m.PayoutAuthorized, p => Authorized(p, new string('b', 64))),
        Of("AuthorizationFailed", m => m.AuthorizationFailed, p => NotAuthorized(p, p.Attempt, FailureCode.SignerRejected)),
        Of("AuthorizationFailed, unseen", m => m.AuthorizationFailed, p => NotAuthorized(p, p.Attempt, FailureCode.PolicyRefused)),
        Of("AuthorizationFailed, stale attempt", m => m.AuthorizationFailed, p => NotAuthorized(p, p.Attempt - 1, FailureCode.SignerRejected)),
        Of("SlotLeased", m => m.SlotLeased, p => new SlotLeased { PayoutId = p.Id, Slot = Other }),
        Of("GroupJoined", m => m.GroupJoined, p => new GroupJoined { PayoutId = p.Id, LeaderId = Leader }),
        Of("GroupEnded, paid", m => m.GroupEnded, p => Ended(p, GroupOutcome.Paid)),
        Of("GroupEnded, free", m => m.GroupEnded, p => Ended(p, GroupOutcome.Free)),
        Of("GroupEnded, not as ordered", m => m.GroupEnded, p => Ended(p, GroupOutcome.NotAsOrdered)),
        Of("GroupEnded, built", m => m.GroupEnded, p => Ended(p, GroupOutcome.Built)),
        Of("GroupEnded, other leader", m => m.GroupEnded, p => Ended(p, GroupOutcome.Paid) with { LeaderId = Guid.Empty }),
        Of("DeadlineReached", m => m.DeadlineReached, p => new DeadlineReached { PayoutId = p.Id }),
        Of("DeadlineReached, last attempt", m => m.DeadlineReached, p => new DeadlineReached { PayoutId = p.Id }) with { Attempt = AttemptsMax },
        Of("LaneBlocked", m => m.LaneBlocked, p => new LaneBlocked { PayoutId = p.Id, Behind = 2 }),
        Of("PayoutBuilt", m => m.PayoutBuilt, p => Built(p, p.Attempt, Own(p))),
        Of("PayoutBuilt, execution off", m => m.PayoutBuilt, p => Built(p, p.Attempt, Own(p))) with { Live = false },
        Of("PayoutBuilt, stale attempt", m => m.PayoutBuilt, p => Built(p, p.Attempt - 1, Own(p))),
        Of("PayoutBuilt, other slot", m => m.PayoutBuilt, p => Built(p, p.Attempt, Other)),
        Of("PayoutSigned", m => m.PayoutSigned, p => Signed(p, p.Attempt, p.TransactionHash ?? "")),
        Of("PayoutSigned, stale attempt", m => m.PayoutSigned, p => Signed(p, p.Attempt - 1, p.TransactionHash ?? "")),
        Of("PayoutSigned, other hash", m => m.PayoutSigned, p => Signed(p, p.Attempt, new string('b', 64))),
        Of("PayoutSubmitted", m => m.PayoutSubmitted, p => Submitted(p, p.Attempt)),
        Of("PayoutSubmitted, stale attempt", m => m.PayoutSubmitted, p => Submitted(p, p.Attempt - 1)),
        Of("PayoutConfirmed", m => m.PayoutConfirmed, p => Confirmed(p, p.Attempt, Own(p), p.Amount)),
        Of("PayoutConfirmed, older attempt", m => m.PayoutConfirmed, p => Confirmed(p, p.Attempt - 1, Own(p), p.Amount)),
        Of("PayoutConfirmed, other slot", m => m.PayoutConfirmed, p => Confirmed(p, p.Attempt, Other, p.Amount)),
        Of("PayoutConfirmed, other amount", m => m.PayoutConfirmed, p => Confirmed(p, p.Attempt, Own(p), new Stroops(1))),
        Failed("Build, no network", PayoutStage.Build, FailureCode.NetworkUnavailable, transient: true) with { Attempt = AttemptsMax },
        Failed("Build, transient", PayoutStage.Build, FailureCode.SimulationFailed, transient: true),
        Failed("Build, transient, last", PayoutStage.Build, FailureCode.SimulationFailed, transient: true) with { Attempt = AttemptsMax },
        Failed("Build, lasting", PayoutStage.Build, FailureCode.ContractRefused),
        Failed("Build, AlreadyPaid", PayoutStage.Build, FailureCode.AlreadyPaid),
        Failed("Build, not authorized any more", PayoutStage.Build, FailureCode.AuthorizationExpired),
        Failed("Build, archived", PayoutStage.Build, FailureCode.EntryArchived, restore: true),
        Failed("Build, archived, in vain", PayoutStage.Build, FailureCode.EntryArchived, restore: true) with { Restores = 3 },
        Failed("Build, archived, by hand", PayoutStage.Build, FailureCode.EntryArchived),
        Failed("Build, archived, stale", PayoutStage.Build, FailureCode.EntryArchived, older: 1, restore: true),
        Failed("Build, stale attempt", PayoutStage.Build, FailureCode.ContractRefused, older: 1),
        Failed("Build, other slot", PayoutStage.Build, FailureCode.ContractRefused, otherSlot: true),
        Failed("Sign", PayoutStage.Sign, FailureCode.SignerRejected),
        Failed("Sign, unseen", PayoutStage.Sign, FailureCode.IntentMismatch),
        Failed("Sign, unseen, second", PayoutStage.Sign, FailureCode.IntentMismatch) with { Attempt = 2 },
        Failed("Sign, stale attempt", PayoutStage.Sign, FailureCode.SignerRejected, older: 1),
        Failed("Submit", PayoutStage.Submit, FailureCode.Refused),
        Failed("Confirm, lasting", PayoutStage.Confirm, FailureCode.FailedOnLedger),
        Failed("Confirm, older attempt", PayoutStage.Confirm, FailureCode.FailedOnLedger, older: 1),
        Failed("Confirm, transient", PayoutStage.Confirm, FailureCode.FailedOnLedger, transient: true),
        Failed("Confirm, transient, last", PayoutStage.Confirm, FailureCode.FailedOnLedger, transient: true) with { Attempt = AttemptsMax },
        Failed("Confirm, AlreadyPaid", PayoutStage.Confirm, FailureCode.AlreadyPaid),
        Failed("Confirm, other slot", PayoutStage.Confirm, FailureCode.FailedOnLedger, otherSlot: true),
        Of("PayoutExpired", m => m.PayoutExpired, p => Expired(p, p.Attempt, Own(p))),
        Of("PayoutExpired, last attempt", m => m.PayoutExpired, p => Expired(p, p.Attempt, Own(p))) with { Attempt = AttemptsMax },
        Of("PayoutExpired, stale attempt", m => m.PayoutExpired, p => Expired(p, p.Attempt - 1, Own(p))),
        Of("PayoutExpired, other slot", m => m.PayoutExpired, p => Expired(p, p.Attempt, Other)),
        Of("PayoutUnresolved", m => m.PayoutUnresolved, p => Unresolved(p, p.Attempt, Own(p))),
        Of("PayoutUnresolved, older attempt", m => m.PayoutUnresolved, p => Unresolved(p, p.Attempt - 1, Own(p))),
        Of("PayoutUnresolved, other slot", m => m.PayoutUnresolved, p => Unresolved(p, p.Attempt, Other)),
        Of("PayoutUnresolved, not transferred", m => m.PayoutUnresolved, p => Unresolved(p, p.Attempt, Own(p)) with { Code = FailureCode.NotTransferred }),
        Of("PayoutUnresolved, consumed elsewhere", m => m.PayoutUnresolved, p => Unresolved(p, p.Attempt, Own(p)) with { Code = FailureCode.SlotConsumedElsewhere }),
        Of("SlotBurned", m => m.SlotBurned, p => Burned(p, Own(p))),
        Of("SlotBurned, other slot", m => m.SlotBurned, p => Burned(p, Other)),
        Of("SlotProvenUnused", m => m.SlotProvenUnused, p => Unused(p, Own(p))),
        Of("SlotProvenUnused, time too short", m => m.SlotProvenUnused, p => Unused(p, Own(p)) with { ValidUntil = p.ExposedUntil - TimeSpan.FromSeconds(1) ?? DateTimeOffset.UnixEpoch }),
        Of("SlotProvenUnused, ledger too low", m => m.SlotProvenUnused, p => Unused(p, Own(p)) with { MaxLedger = (p.ExposedMaxLedger ?? 1) - 1 }),
        Of("SlotProvenUnused, other slot", m => m.SlotProvenUnused, p => Unused(p, Other)),
        Of("PayoutVerified, paid", m => m.PayoutVerified, p => Verified(p, PaymentEvidence.Paid)),
        Of("PayoutVerified, paid, slot consumed", m => m.PayoutVerified, p => Verified(p, PaymentEvidence.Paid, consumed: true)),
        Of("PayoutVerified, unpaid", m => m.PayoutVerified, p => Verified(p, PaymentEvidence.Unpaid)),
        Of("PayoutVerified, unpaid, slot consumed", m => m.PayoutVerified, p => Verified(p, PaymentEvidence.Unpaid, consumed: true)),
        Of("PayoutVerified, unpaid at the authorization's end", m => m.PayoutVerified, p => Verified(p, PaymentEvidence.Unpaid) with { AskedAtLedger = Situation.AuthorizedUntil }),
        Of("PayoutVerified, unpaid at the authorization's end, last", m => m.PayoutVerified, p => Verified(p, PaymentEvidence.Unpaid) with { AskedAtLedger = Situation.AuthorizedUntil }) with { Attempt = AttemptsMax },
        Of("PayoutVerified, unpaid a ledger before that", m => m.PayoutVerified, p => Verified(p, PaymentEvidence.Unpaid) with { AskedAtLedger = Situation.AuthorizedUntil - 1 }),
        Of("PayoutVerified, not as ordered", m => m.PayoutVerified, p => Verified(p, PaymentEvidence.NotAsOrdered)),
        Of("PayoutVerified, not found", m => m.PayoutVerified, p => Verified(p, PaymentEvidence.NotFound)),
        Of("PayoutVerified, unknown", m => m.PayoutVerified, p => Verified(p, PaymentEvidence.Unknown)),
        Of("RetryPayout", m => m.RetryPayout, p => new RetryPayout { PayoutId = p.Id, By = "an operator", Reason = "it is time" }),
        Of("HoldRequested", m => m.HoldRequested, p => new HoldRequested { PayoutId = p.Id, By = "an operator", Reason = "wait" }),
        Of("WriteOffRequested", m => m.WriteOffRequested, p => new WriteOffRequested { PayoutId = p.Id, By = "an operator", Reason = "nobody claims it" }),
        Of("CancelPayout", m => m.CancelPayout, p => new CancelPayout { PayoutId = p.Id, By = "an operator", Reason = "not owed" }),
    ];

    /// <summary>The leader of the group that a payout of the matrix is in.</summary>
    public static readonly Guid Leader = Guid.Parse("7b7e6f6c-0000-4000-8000-000000000001");

    private static readonly string Hash = new('a', 64);

    /// <summary>A place in a lane that no payout of the matrix owns.</summary>
    private static SequenceSlot Other => new() { Channel = Sample.Account("another channel"), SequenceNumber = 5 };

    /// <summary>The machine's event.</summary>
    public string Event => Row.Split(',', ' ')[0];

    /// <summary>As the diagram calls it: a failure with its stage, for the stage decides.</summary>
    public string Label => Row.Split(',')[0].Replace("PayoutFailed ", "PayoutFailed at ", StringComparison.Ordinal);

    private static SequenceSlot Own(Payout payout) => payout.Slot ?? Other;

    private static Happening Of<T>(string row, Func<PayoutStateMachine, MassTransit.Event<T>> @event, Func<Payout, T> data)
        where T : class => new(row, (store, id) => store.RaiseAsync(id, @event(store.Machine), data));

    private static Happening Failed(string row, PayoutStage stage, FailureCode code, bool transient = false, int older = 0, bool otherSlot = false, bool restore = false) =>
        Of($"PayoutFailed {row}", m => m.PayoutFailed, p => new PayoutFailed
        {
            PayoutId = p.Id,
            Attempt = p.Attempt - older,
            Stage = stage,
            Code = code,
            Detail = "as the test says",
            Transient = transient,
            Slot = otherSlot ? Other : Own(p),
            TransactionHash = p.TransactionHash,
            RestoreXdr = restore ? "AAAA" : null,
        });

    private static PayoutAuthorized Authorized(Payout payout, string hash) =>
        new() { PayoutId = payout.Id, Attempt = payout.Attempt, AuthorizationHash = hash, AuthorizationXdr = "AAAA" };

    private static AuthorizationFailed NotAuthorized(Payout payout, int attempt, FailureCode code) =>
        new() { PayoutId = payout.Id, Attempt = attempt, Code = code, Detail = "as the test says" };

    private static PayoutBuilt Built(Payout payout, int attempt, SequenceSlot slot) => new()
    {
        PayoutId = payout.Id,
        Attempt = attempt,
        Slot = slot,
        TransactionHash = Hash,
        UnsignedXdr = "AAAA",
        FeeStroops = 200,
        ValidUntil = new DateTimeOffset(2026, 7, 1, 13, 0, 0, TimeSpan.Zero),
        MaxLedger = 99,
    };

    private static GroupEnded Ended(Payout payout, GroupOutcome outcome) => new()
    {
        PayoutId = payout.Id, LeaderId = Leader, Outcome = outcome, TransactionHash = Hash, Ledger = 5, SizeMax = 2,
        Why = outcome == GroupOutcome.NotAsOrdered ? (PayoutStage.Confirm, FailureCode.NotTransferred, "as the test says") : null,
    };

    private static PayoutSigned Signed(Payout payout, int attempt, string hash) =>
        new() { PayoutId = payout.Id, Attempt = attempt, TransactionHash = hash, SignedXdr = "AAAA" };

    private static PayoutSubmitted Submitted(Payout payout, int attempt) =>
        new() { PayoutId = payout.Id, Attempt = attempt, TransactionHash = Hash, Ledger = 5 };

    private static PayoutConfirmed Confirmed(Payout payout, int attempt, SequenceSlot slot, Stroops paid) =>
        new() { PayoutId = payout.Id, Attempt = attempt, Slot = slot, TransactionHash = Hash, Ledger = 5, Paid = paid };

    private static PayoutExpired Expired(Payout payout, int attempt, SequenceSlot slot) =>
        new() { PayoutId = payout.Id, Attempt = attempt, Slot = slot, TransactionHash = Hash, ProvenAtLedger = 99 };

    private static SlotBurned Burned(Payout payout, SequenceSlot slot) =>
        new() { PayoutId = payout.Id, Attempt = payout.Attempt, Slot = slot, TransactionHash = Hash, Ledger = 6 };

    private static SlotProvenUnused Unused(Payout payout, SequenceSlot slot) => new()
    {
        PayoutId = payout.Id, Attempt = payout.Attempt, Slot = slot, ValidUntil = payout.ExposedUntil ?? new DateTimeOffset(2027, 1, 1, 0, 0, 0, TimeSpan.Zero),
        MaxLedger = payout.ExposedMaxLedger ?? 1000, ProvenAtLedger = 98,
    };

    private static PayoutVerified Verified(Payout payout, PaymentEvidence evidence, bool consumed = false) => new()
    {
        PayoutId = payout.Id, Attempt = payout.Attempt, Evidence = evidence, Slot = payout.Slot, SlotConsumed = consumed,
        TransactionHash = evidence == PaymentEvidence.Paid ? Hash : null, Ledger = evidence == PaymentEvidence.Paid ? 7 : null, Detail = "as the ledger says",
    };

    private static PayoutUnresolved Unresolved(Payout payout, int attempt, SequenceSlot slot) => new()
    {
        PayoutId = payout.Id, Attempt = attempt, Slot = slot, TransactionHash = Hash, Code = FailureCode.OutcomeUnknown, Detail = "nobody knows",
    };
}
