using Payouts.Contracts;

namespace Payouts.Builder.Saga;

/// <summary>What each step does to a payout's own facts. Pure: no clock, no database, no message sent.</summary>
internal static class PayoutSteps
{
    /// <summary>A build that does not answer in this time is asked for again; it is long because a backlog is no failure.</summary>
    public static readonly TimeSpan BuildPatience = TimeSpan.FromMinutes(5);

    /// <summary>After the envelope's maxTime the signer's answer may still be on its way through the queues.</summary>
    public static readonly TimeSpan AnswerGrace = TimeSpan.FromSeconds(5);

    /// <summary>Long enough for a node's queue to forget a rival that holds the account's place in it.</summary>
    public static readonly TimeSpan BurnValidity = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan PauseMin = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan PauseMax = TimeSpan.FromMinutes(1);

    public static void Plan(this Payout payout, PayoutPlanned planned, DateTimeOffset now)
    {
        (payout.RoundId, payout.Reference, payout.Reason) = (planned.RoundId, planned.Reference, planned.Reason);
        payout.Context = planned.Order.Context;
        payout.PoolId = planned.Order.PoolId;
        payout.RoundNumber = planned.Order.RoundNumber;
        payout.Winner = planned.Order.Winner;
        payout.Amount = planned.Order.Amount;
        payout.Currency = planned.Order.Currency;
        payout.PlannedAt = now;
    }

    public static void Lease(this Payout payout, SequenceSlot slot, IReadOnlyList<GroupMember> members, DateTimeOffset now)
    {
        // A second slot could pay a second time: whoever leases has picked a payout without one, in this transaction.
        if (payout.Slot is { } owned)
            throw new InvalidOperationException($"payout {payout.Id} owns slot {owned.Channel}/{owned.SequenceNumber}; it is not leased another");
        payout.Channel = slot.Channel;
        payout.SequenceNumber = slot.SequenceNumber;
        payout.Exposed = false;
        payout.Members = members;
        payout.NextAttempt(now);
    }

    public static void Join(this Payout payout, Guid leader)
    {
        if (payout.Slot is { } owned)
            throw new InvalidOperationException($"payout {payout.Id} owns slot {owned.Channel}/{owned.SequenceNumber}; nobody else's transaction pays it");
        payout.LeaderId = leader;
        payout.WakeAt = null;
    }

    /// <summary>The leader's transaction paid it too.</summary>
    public static void ConfirmInGroup(this Payout payout, GroupEnded ended)
    {
        payout.LeaderId = null;
        payout.TransactionHash = ended.TransactionHash;
        payout.Ledger = ended.Ledger;
    }

    public static void LeaveGroup(this Payout payout, GroupEnded ended)
    {
        payout.LeaderId = null;
        payout.GroupSizeMax = ended.SizeMax;
        // Its group's restoring was for it too: changing leaders must not begin the count anew.
        payout.Restores = Math.Max(payout.Restores, ended.Restores);
    }

    /// <summary>The group failed: half as many the next time, until who fails stands alone.</summary>
    public static void Narrow(this Payout payout) => payout.GroupSizeMax = (payout.Members.Count + 2) / 2;

    /// <summary>A new build on the same slot.</summary>
    public static void NextAttempt(this Payout payout, DateTimeOffset now)
    {
        payout.Attempt++;
        payout.TransactionHash = null;
        payout.WakeAt = now + BuildPatience;
    }

    public static void TakeBuild(this Payout payout, PayoutBuilt built)
    {
        payout.TransactionHash = built.TransactionHash;
        payout.FeeStroops = built.FeeStroops;
        payout.ValidUntil = built.ValidUntil;
        payout.MaxLedger = built.MaxLedger;
        payout.NetworkFailures = 0;
        payout.WakeAt = null;
    }

    public static void Expose(this Payout payout)
    {
        payout.Exposed = true;
        payout.Envelopes = payout.Envelopes.Length == 0 ? payout.TransactionHash! : $"{payout.Envelopes} {payout.TransactionHash}";
        // An earlier one may live longer: the settings may have changed in between, or the node that was asked for the time.
        if (payout.ExposedUntil is not { } until || until < payout.ValidUntil)
            payout.ExposedUntil = payout.ValidUntil;
        payout.ExposedMaxLedger = Math.Max(payout.ExposedMaxLedger ?? 0, payout.MaxLedger!.Value);
        payout.SlotWatched = false;
        payout.WakeAt = payout.ValidUntil + AnswerGrace;
    }

    /// <summary>A network that cannot be asked never uses up attempts; anything else does.</summary>
    public static bool MayBuildAgain(this Payout payout, PayoutFailed failed, int attemptsMax) =>
        failed.Transient && (failed.Code == FailureCode.NetworkUnavailable || payout.CountedBuilds < attemptsMax);

    /// <summary>Waits before the next build, longer each time; returns what happened, for the history.</summary>
    public static string PauseBeforeRebuild(this Payout payout, PayoutFailed failed, DateTimeOffset now)
    {
        var doublings = Math.Min(payout.NetworkFailures++, 10);
        var pause = TimeSpan.FromTicks(Math.Min(PauseMin.Ticks << doublings, PauseMax.Ticks));
        payout.WakeAt = now + pause;
        return $"{failed.Code}: {failed.Detail}; next build in {pause.TotalSeconds:0} s";
    }

    public static void Confirm(this Payout payout, PayoutConfirmed confirmed)
    {
        payout.TransactionHash = confirmed.TransactionHash;
        payout.Ledger = confirmed.Ledger;
        payout.ForgetAuthorization();
        payout.WakeAt = null;
        // Its slot may have been about to be burned: the payment was first, and nothing is left to burn.
        payout.BurnUntil = null;
        payout.SlotWatched = false;
        payout.CancelAfterBurn = false;
        payout.HoldStage = null;
        payout.HoldCode = null;
        payout.HoldDetail = null;
    }

    /// <summary>The ledger consumed the slot without paying: the payout may have another.</summary>
    public static void LoseSlot(this Payout payout)
    {
        payout.Channel = null;
        payout.SequenceNumber = null;
        payout.Members = [];
        payout.Unexpose();
        payout.BurnUntil = null;
        payout.CancelAfterBurn = false;
        payout.WakeAt = null;
    }

    /// <summary>Burning begins, or begins again: a burning envelope that nobody heard of by its maxTime is replaced.</summary>
    public static void Burn(this Payout payout, DateTimeOffset now)
    {
        payout.BurnUntil = BurnEnd(now);
        payout.WakeAt = payout.BurnUntil + AnswerGrace;
        // From now on the number may be consumed: it must not be given to another payout, also when nobody has seen an envelope of this one.
        payout.Exposed = true;
    }

    /// <summary>The slot is spent on a transaction that restores what the call needs; it ends like one that is burned.</summary>
    public static void Restore(this Payout payout, DateTimeOffset now)
    {
        payout.Restores++;
        payout.BuildsToSplit++;
        payout.Burn(now);
    }

    /// <summary>A burning envelope, restoring or not, that the ledger may still take.</summary>
    public static bool IsBurning(this Payout payout, DateTimeOffset now) => payout.BurnUntil > now;

    /// <summary>An operator does not want it paid any more, but an envelope that pays it may be on its way: the slot's end decides.</summary>
    public static void CancelWithSlot(this Payout payout, CancelPayout cancel, bool burns)
    {
        payout.Hold((PayoutStage.Confirm, FailureCode.Operator, $"cancelled by {cancel.By}; {payout.EndOfSlot(burns)}"));
        (payout.CancelAfterBurn, payout.WriteOffAfterBurn) = (true, false);
    }

    /// <summary>The same, and it ends as written off.</summary>
    public static void WriteOffWithSlot(this Payout payout, WriteOffRequested writeOff, bool burns)
    {
        payout.Hold((PayoutStage.Confirm, FailureCode.Operator, $"written off by {writeOff.By}; {payout.EndOfSlot(burns)}"));
        (payout.CancelAfterBurn, payout.WriteOffAfterBurn) = (true, true);
    }

    private static string EndOfSlot(this Payout payout, bool burns) => burns
        ? "its slot is being burned, which ends it unless the ledger pays it first"
        : $"it ends when the ledger shows its slot unused after {payout.ExposedUntil:O}, the last maxTime of its envelopes, unless the ledger pays it first";

    public static void Fail(this Payout payout, PayoutFailed failed)
    {
        payout.HoldStage = failed.Stage;
        payout.HoldCode = failed.Code;
        payout.HoldDetail = failed.Detail;
    }

    public static void Hold(this Payout payout, (PayoutStage Stage, FailureCode Code, string Detail) why)
    {
        (payout.HoldStage, payout.HoldCode, payout.HoldDetail) = why;
        payout.WakeAt = null;
        payout.BurnUntil = null;
        payout.SlotWatched = false;
    }

    public static void ClearHold(this Payout payout, DateTimeOffset now)
    {
        payout.HoldStage = null;
        payout.HoldCode = null;
        payout.HoldDetail = null;
        payout.BurnUntil = null;
        payout.SlotWatched = false;
        payout.CancelAfterBurn = false;
        payout.WriteOffAfterBurn = false;
        payout.WakeAt = now;
    }

    public static BuildPayout BuildCommand(this Payout payout) =>
        new() { PayoutId = payout.Id, Attempt = payout.Attempt, Order = payout.Order, Slot = payout.Slot!, AuthorizationXdr = payout.AuthorizationXdr };

    public static SignPayout SignCommand(this Payout payout, PayoutBuilt built) => new()
    {
        PayoutId = payout.Id,
        Attempt = payout.Attempt,
        Order = payout.Order,
        Slot = built.Slot,
        TransactionHash = built.TransactionHash,
        UnsignedXdr = built.UnsignedXdr,
        ValidUntil = built.ValidUntil,
    };

    public static SubmitPayout SubmitCommand(this Payout payout, PayoutSigned signed) => new()
    {
        PayoutId = payout.Id,
        Attempt = payout.Attempt,
        Order = payout.Order,
        Slot = payout.Slot!,
        TransactionHash = signed.TransactionHash,
        SignedXdr = signed.SignedXdr,
        ValidUntil = payout.ValidUntil!.Value,
        MaxLedger = payout.MaxLedger!.Value,
    };

    /// <summary>Contract and ledger are asked again when they could not be asked.</summary>
    public static readonly TimeSpan PauseBeforeQuestion = TimeSpan.FromMinutes(1);

    /// <summary>On hold because somebody else may have paid it: the machine asks for the evidence before a human does.</summary>
    public static bool IsSaidToBePaid(this Payout payout) => payout.HoldCode is FailureCode.AlreadyPaid or FailureCode.SlotConsumedElsewhere
        // Somebody else may have brought its authorization to the ledger: then a call of our own fails there, or in the simulation.
        || (payout.AuthorizedUntil is not null && (payout.HoldCode is FailureCode.AuthorizationExpired or FailureCode.FailedOnLedger or FailureCode.SimulationFailed or FailureCode.ContractRefused
            || payout is { CancelAfterBurn: true, Slot: null }));

    public static VerifyPayout VerifyCommand(this Payout payout) => new() { PayoutId = payout.Id, Attempt = payout.Attempt, Order = payout.Debt, Slot = payout.Slot };

    public static void AskAgainLater(this Payout payout, DateTimeOffset now)
    {
        // While the slot burns the timer is the burn's; the question comes with its end.
        if (payout.BurnUntil is null)
            payout.WakeAt = now + PauseBeforeQuestion;
    }

    public static void ConfirmByEvidence(this Payout payout, PayoutVerified verified)
    {
        payout.TransactionHash = verified.TransactionHash;
        payout.Ledger = verified.Ledger;
        payout.ForgetAuthorization();
        // A slot that is still burning keeps its timer.
        if (payout.BurnUntil is null)
            payout.WakeAt = null;
        payout.HoldStage = null;
        payout.HoldCode = null;
        payout.HoldDetail = null;
        payout.CancelAfterBurn = false;
    }

    public static BurnSlot BurnCommand(this Payout payout, long feeStroops) => new()
    {
        PayoutId = payout.Id,
        Attempt = payout.Attempt,
        Order = payout.Order,
        Slot = payout.Slot!,
        Envelopes = payout.Envelopes.Split(' ', StringSplitOptions.RemoveEmptyEntries),
        FeeStroops = feeStroops,
        ValidUntil = payout.BurnUntil!.Value,
    };

    /// <summary>
    /// Burns the slot by restoring. The envelope lives as long as the timer by whichever clock is ahead: the ledger's, or this service's when no
    /// ledger has closed for a while. One that outlives the timer harms nobody: only one transaction takes the number.
    /// </summary>
    public static BurnSlot RestoreCommand(this Payout payout, PayoutFailed archived, long feeStroops)
    {
        var burn = payout.BurnCommand(feeStroops);
        return burn with { RestoreXdr = archived.RestoreXdr, ValidUntil = archived.RestoreValidUntil > burn.ValidUntil ? archived.RestoreValidUntil.Value : burn.ValidUntil };
    }

    /// <summary>Burns a number that has no owner and stands before this payout's own.</summary>
    public static BurnSlot BurnFreeCommand(this Payout payout, SequenceSlot free, long feeStroops, DateTimeOffset now) => new()
    {
        PayoutId = payout.Id,
        Attempt = payout.Attempt,
        Order = payout.Order,
        Slot = free,
        Envelopes = [],
        FeeStroops = feeStroops,
        ValidUntil = BurnEnd(now),
    };

    private static DateTimeOffset BurnEnd(DateTimeOffset now) => DateTimeOffset.FromUnixTimeSeconds((now + BurnValidity).ToUnixTimeSeconds());

    public static PayoutSettled Settled(this Payout payout, PayoutOutcome outcome) => new()
    {
        PayoutId = payout.Id,
        RoundId = payout.RoundId,
        Winner = payout.Winner,
        Paid = outcome == PayoutOutcome.Confirmed ? payout.Amount : Stroops.Zero,
        Outcome = outcome,
        TransactionHash = outcome is PayoutOutcome.Cancelled or PayoutOutcome.WrittenOff ? null : payout.TransactionHash,
        Ledger = payout.Ledger,
        Reference = payout.Reference,
    };

    public static PayoutOnHold OnHoldEvent(this Payout payout) => new()
    {
        PayoutId = payout.Id,
        RoundId = payout.RoundId,
        Stage = payout.HoldStage!.Value,
        Code = payout.HoldCode!.Value,
        Detail = payout.HoldDetail!,
        Reference = payout.Reference,
    };
}
