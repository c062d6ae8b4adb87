using Payouts.Contracts;

namespace Payouts.Builder.Saga;

/// <summary>
/// What a payout knows of its authorization. While one may exist that the ledger would still take, there is no other with a later end, and nothing
/// may say that the payout will never be paid. Pure, as <see cref="PayoutSteps"/>.
/// </summary>
internal static class AuthorizationSteps
{
    /// <summary>Hands one out: from now on a signed one may exist.</summary>
    public static void Ask(this Payout payout, AuthorizationDue due)
    {
        if (payout.AuthorizedUntil is { } until && until != due.ExpirationLedger)
            throw new InvalidOperationException($"payout {payout.Id} may be authorized until ledger {until}; no other authorization is asked for before that one is proven dead");
        if (payout.AuthorizedUntil is null)
            (payout.AuthorizationAsks, payout.Authorizations) = (0, payout.Authorizations + 1);
        payout.AuthorizationAsks++;
        payout.Attempt++;
        // Nothing is built for it.
        payout.BuildsToSplit++;
        payout.AuthorizationHash = due.AuthorizationHash;
        payout.AuthorizedUntil = due.ExpirationLedger;
        payout.AuthorizationValidUntil = due.ValidUntil;
        payout.WakeAt = due.ValidUntil + PayoutSteps.AnswerGrace;
    }

    /// <summary>True when the answer is to what was asked last.</summary>
    public static bool Awaits(this Payout payout, PayoutAuthorized answer) => payout.AuthorizationXdr is null && payout.AuthorizationHash == answer.AuthorizationHash;

    public static void Take(this Payout payout, PayoutAuthorized answer)
    {
        payout.AuthorizationXdr = answer.AuthorizationXdr;
        payout.Authorizations = 0;
    }

    /// <summary>Nobody answers this request any more; the same authorization may be asked for again.</summary>
    public static void AskAnew(this Payout payout)
    {
        payout.AuthorizationHash = null;
        payout.AuthorizationXdr = null;
    }

    /// <summary>No authorization of it can be applied any more, or none was ever seen by anybody who signs.</summary>
    public static void ForgetAuthorization(this Payout payout)
    {
        payout.AskAnew();
        payout.AuthorizedUntil = null;
        payout.AuthorizationValidUntil = null;
        payout.AuthorizationAsks = 0;
    }

    /// <summary>True when the refusal came before anybody who signs saw it, this time and every time before.</summary>
    public static bool IsUnseen(this Payout payout, AuthorizationFailed failed) =>
        failed.Code is FailureCode.IntentMismatch or FailureCode.OrderUnknown or FailureCode.PolicyRefused && payout.AuthorizationAsks == 1;

    /// <summary>True when the contract's state was read after the last ledger of the authorization: had it paid, the contract would know.</summary>
    public static bool IsProvenUnusedBy(this Payout payout, PayoutVerified verified) =>
        payout.AuthorizedUntil is { } until && verified.Evidence == PaymentEvidence.Unpaid && verified.AskedAtLedger >= until;

    /// <summary>True when a payout needs an authorization before it needs a slot.</summary>
    public static bool LacksAuthorization(this Payout payout, BuilderOptions options) =>
        payout is { Slot: null, AuthorizationXdr: null } && (payout.AuthorizedUntil is not null || options.Authorizes);

    /// <summary>Waits for the answer to what was asked, or for being asked for.</summary>
    public static void AwaitAuthorization(this Payout payout) => payout.WakeAt = payout.AuthorizationHash is null ? null : payout.AuthorizationValidUntil + PayoutSteps.AnswerGrace;

    /// <summary>The ledger is asked; should nothing be heard, it is asked again.</summary>
    public static void AwaitEvidence(this Payout payout, DateTimeOffset now) => payout.WakeAt = now + PayoutSteps.PauseBeforeQuestion;

    /// <summary>It ends as its human said when no authorization of it can be applied any more.</summary>
    public static void AwaitAuthorizationsEnd(this Payout payout, DateTimeOffset now)
    {
        payout.CancelAfterBurn = true;
        payout.HoldDetail = $"{payout.HoldDetail}; it ends when the ledger shows it unpaid at {payout.AuthorizedUntil}, the last ledger of its authorization, or later";
        var (end, soonest) = (payout.AuthorizationValidUntil + PayoutSteps.AnswerGrace, now + PayoutSteps.PauseBeforeQuestion);
        payout.WakeAt = end > soonest ? end : soonest;
    }

    public static AuthorizePayout AuthorizeCommand(this Payout payout, AuthorizationDue due) => new()
    {
        PayoutId = payout.Id,
        Attempt = payout.Attempt,
        Order = payout.Debt,
        AuthorizationHash = due.AuthorizationHash,
        PreimageXdr = due.PreimageXdr,
        ExpirationLedger = due.ExpirationLedger,
        ValidUntil = due.ValidUntil,
    };
}
