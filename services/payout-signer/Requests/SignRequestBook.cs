using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Payouts.Contracts;
using Payouts.Hosting.Messaging;
using Payouts.Hosting.Observability;
using Payouts.Signer.Answers;
using Payouts.Signer.Configuration;
using Payouts.Signer.Intent;
using Payouts.Signer.Orders;
using Payouts.Signer.Policies;

namespace Payouts.Signer.Requests;

/// <summary>
/// Decides, inside a transaction, what becomes of a checked request: refused, waiting for its order, handed to whoever signs, or signed
/// with the hot key. Whatever is refused here was never shown to anybody who could sign it.
/// </summary>
public sealed class SignRequestBook(SignerPolicy policy, SignerOptions options, IntentCheck check, OrderMatch match, PolicyDesk desk, HotSigner hot, WaitingRequests waiting, EnvelopeSeal seal, ILogger<SignRequestBook> logger)
{
    private const int DetailLengthMax = 500;

    /// <summary>Takes commands that were checked outside the transaction; (payout, attempt) is taken once.</summary>
    /// <exception cref="RefusedMessageException">The same attempt was asked before with another transaction.</exception>
    public async Task TakeAsync(IReadOnlyList<CheckedRequest> asked, UnitOfWork<SignerDbContext> unit, CancellationToken cancellationToken)
    {
        var ids = asked.Select(x => x.Command.PayoutId).Distinct().ToList();
        var taken = await unit.Db.SignRequests.AsNoTracking().Where(x => ids.Contains(x.PayoutId))
            .Select(x => new { x.PayoutId, x.Attempt, x.TransactionHash })
            .ToDictionaryAsync(x => (x.PayoutId, x.Attempt), x => x.TransactionHash, cancellationToken);
        var orders = await OrdersAsync(asked.Select(x => x.Command.Order), unit, cancellationToken);
        var session = await desk.OpenAsync(unit, orders.Values, cancellationToken);
        var gathered = await GatheredAnswers.ReadAsync(unit, seal, asked.Select(x => x.Command.Hash), cancellationToken);
        foreach (var item in asked)
        {
            var command = item.Command;
            if (taken.TryGetValue((command.PayoutId, command.Attempt), out var hash))
            {
                if (hash != command.Hash)
                    throw new RefusedMessageException("AttemptConflict", $"payout {command.PayoutId} attempt {command.Attempt} was asked to be signed as another transaction; a new transaction needs a new attempt");
                continue;
            }

            taken.Add((command.PayoutId, command.Attempt), command.Hash);
            var request = NewRequest(command, unit);
            unit.Db.SignRequests.Add(request);
            Decide(request, item.Verdict, orders, command.Order, item.SignedXdr, session, gathered, unit);
        }
    }

    /// <summary>Takes up the requests whose orders have arrived; returns how many. Each is checked again, against the order itself.</summary>
    /// <param name="askedBefore">Only requests older than this; null: all.</param>
    public async Task<int> ReleaseAsync(UnitOfWork<SignerDbContext> unit, int limit, DateTimeOffset? askedBefore, CancellationToken cancellationToken)
    {
        var ready = await unit.Db.SignRequests.AsTracking()
            .Where(x => x.State == SignRequestState.AwaitingOrder && (askedBefore == null || x.AskedAt < askedBefore))
            .Join(unit.Db.Orders, request => request.PayoutId, order => order.PayoutId, (request, order) => new { request, order })
            .OrderBy(x => x.request.AskedAt).Take(limit).ToListAsync(cancellationToken);
        await DecideAgainAsync(ready.ConvertAll(x => (x.request, x.order)), unit, cancellationToken);
        return ready.Count;
    }

    /// <summary>Judges the requests again that the policy holds and whose time has come; ends those that nobody could use any more. Returns how many.</summary>
    public async Task<int> JudgeHeldAsync(UnitOfWork<SignerDbContext> unit, int limit, CancellationToken cancellationToken)
    {
        // Each is judged again a pause after its last time, so that those who wait for people never stand before those who wait for an hour to pass.
        var held = await unit.Db.SignRequests.AsTracking().Where(x => x.State == SignRequestState.Held && x.JudgeAt <= unit.Now)
            .Join(unit.Db.Orders, request => request.PayoutId, order => order.PayoutId, (request, order) => new { request, order })
            .OrderBy(x => x.request.JudgeAt).Take(limit).ToListAsync(cancellationToken);
        var late = held.Where(x => x.request.Deadline <= unit.Now).ToList();
        if (late.Count > 0)
        {
            var session = await desk.OpenAsync(unit, [], cancellationToken);
            foreach (var request in late.Select(x => x.request))
            {
                var detail = $"it waited until its deadline: {request.Decision}: {request.Reason}";
                session.RecordEnd(request, detail);
                // payout-builder asks anew when the envelope has expired: nothing is published here.
                request.Close(SignRequestState.Refused, unit.Now, nameof(PolicyRule.WaitedTooLong), detail);
                SignRequestTrace.Ended(request, unit);
            }
        }

        await DecideAgainAsync(held.Except(late).Select(x => (x.request, x.order)).ToList(), unit, cancellationToken);
        return held.Count;
    }

    private async Task DecideAgainAsync(List<(SignRequest Request, Order Order)> open, UnitOfWork<SignerDbContext> unit, CancellationToken cancellationToken)
    {
        var commands = open.ConvertAll(x => SignOrder.Of(x.Request, x.Order.ToContract()));
        var orders = await OrdersAsync(commands.Select(x => x.Order), unit, cancellationToken);
        var session = await desk.OpenAsync(unit, orders.Values, cancellationToken);
        var gathered = await GatheredAnswers.ReadAsync(unit, seal, commands.Select(x => x.Hash), cancellationToken);
        foreach (var (request, command) in open.Select(x => x.Request).Zip(commands))
            Decide(request, check.Check(command), orders, command.Order, signedXdr: null, session, gathered, unit);
    }

    /// <summary>Fails the payouts whose orders never came; returns how many.</summary>
    public async Task<int> GiveUpAsync(UnitOfWork<SignerDbContext> unit, int limit, CancellationToken cancellationToken)
    {
        var before = unit.Now - options.OrderWaitMax;
        var forgotten = await unit.Db.SignRequests.AsTracking()
            .Where(x => x.State == SignRequestState.AwaitingOrder && x.AskedAt < before && !unit.Db.Orders.Any(order => order.PayoutId == x.PayoutId))
            .OrderBy(x => x.AskedAt).Take(limit).ToListAsync(cancellationToken);
        foreach (var request in forgotten)
        {
            var detail = $"no RoundResolved announced this payout, and no DirectPayoutOrdered, within {options.OrderWaitMax.TotalSeconds:0} s";
            Fail(request, FailureCode.OrderUnknown, nameof(FailureCode.OrderUnknown), detail, unit);
        }

        return forgotten.Count;
    }

    /// <summary>What the external signer is told about a request.</summary>
    public SigningRequested ToSigner(SignRequest request, SigningIntent intent) => new()
    {
        RequestId = request.RequestId,
        PayoutId = request.PayoutId,
        Attempt = request.Attempt,
        NetworkPassphrase = policy.Network.Passphrase,
        Form = request.Form == SigningForm.Authorization ? request.Form : null,
        TransactionHash = request.TransactionHash,
        UnsignedXdr = request.UnsignedXdr,
        Signers = [.. policy.Signers.Keys.Select(key => key.ToString())],
        Threshold = policy.Signers.AreOne ? null : policy.Signers.Threshold,
        Weights = policy.Signers.AreOne ? null : [.. policy.Signers.Keys.Select(policy.Signers.WeightOf)],
        Intent = intent,
        Deadline = request.Deadline,
        Traceparent = PayoutTrace.TraceparentOf(request.PayoutId),
    };

    private async Task<Dictionary<PayoutId, Order>> OrdersAsync(IEnumerable<PayoutOrder> asked, UnitOfWork<SignerDbContext> unit, CancellationToken cancellationToken)
    {
        var ids = asked.SelectMany(match.IdsOf).Distinct().ToList();
        return await unit.Db.Orders.AsNoTracking().Where(x => ids.Contains(x.PayoutId)).ToDictionaryAsync(x => x.PayoutId, cancellationToken);
    }

    private SignRequest NewRequest(SignOrder command, UnitOfWork<SignerDbContext> unit) => new()
    {
        RequestId = unit.NewId(),
        PayoutId = command.PayoutId,
        Attempt = command.Attempt,
        Form = command.Form,
        TransactionHash = command.Hash,
        // What is too large for the network is refused below and need not be kept.
        UnsignedXdr = command.Xdr.Length <= IntentCheck.XdrLengthMax ? command.Xdr : "",
        Channel = command.Slot?.Channel ?? "",
        SequenceNumber = command.Slot?.SequenceNumber ?? 0,
        ExpirationLedger = command.ExpirationLedger,
        Others = command.Order.Others,
        ValidUntil = command.ValidUntil,
        // A date before 1970 is no time bound; it is refused below.
        Deadline = command.ValidUntil > DateTimeOffset.UnixEpoch ? command.ValidUntil - options.DeadlineMargin : command.ValidUntil,
        AskedAt = unit.Now,
    };

    private void Decide(SignRequest request, IntentVerdict verdict, Dictionary<PayoutId, Order> orders, PayoutOrder asked, string? signedXdr, PolicySession session, GatheredAnswers gathered, UnitOfWork<SignerDbContext> unit)
    {
        var known = orders.ContainsKey(request.PayoutId);
        var refused = verdict as IntentVerdict.Refused ?? (known ? match.Compare(asked, orders) : null);
        if (refused is not null)
        {
            Fail(request, FailureCode.IntentMismatch, refused.Problem.ToString(), refused.Text, unit);
            return;
        }

        if (!known)
        {
            request.MoveTo(SignRequestState.AwaitingOrder);
            logger.AwaitsOrder(request.PayoutId.Value, request.Attempt, request.RequestId);
            Count(nameof(SignRequestState.AwaitingOrder), unit);
            return;
        }

        Order[] debts = [.. match.IdsOf(asked).Select(id => orders[id])];
        // What was authorized was judged then; only what a person stopped stops it still.
        switch (verdict is IntentVerdict.Authorized ? session.JudgeStops(request, debts) : session.Judge(request, debts))
        {
            case PolicyVerdict.Refuse never:
                Fail(request, FailureCode.PolicyRefused, never.Rule.ToString(), never.Detail, unit);
                break;
            case PolicyVerdict.Wait notNow:
                if (request.Decision != notNow.Rule.ToString())
                    logger.Held(request.PayoutId.Value, request.Attempt, request.RequestId, notNow.Rule.ToString(), notNow.Detail);
                request.Hold(notNow.Rule.ToString(), notNow.Detail, unit.Now + options.HeldPause);
                break;
            default:
                if (verdict is IntentVerdict.Authorized authorized)
                    SignHere(request, seal.SealAuthorized(authorized), SignRequest.AuthorizedBefore, unit);
                else
                    Ask(request, (IntentVerdict.ToSign)verdict, signedXdr, gathered, unit);
                break;
        }
    }

    private void Ask(SignRequest request, IntentVerdict.ToSign sound, string? signedXdr, GatheredAnswers gathered, UnitOfWork<SignerDbContext> unit)
    {
        if (hot.IsOn)
        {
            SignHere(request, signedXdr ?? hot.Sign(sound), "HotKey", unit);
        }
        else if (gathered.Seal(request) is { } envelope)
        {
            // The same envelope was asked for before, and enough signers have signed it: nobody need be asked again.
            unit.Publish(Release(request, envelope, unit.Now));
            logger.Signed(request.PayoutId.Value, request.Attempt, request.RequestId);
            Count("SignedBefore", unit);
        }
        else
        {
            request.MoveTo(SignRequestState.Waiting);
            if (waiting.AreOurs)
                unit.AfterCommit(waiting.Set);
            else
                unit.Publish(ToSigner(request, sound.Intent));
            logger.Asked(request.PayoutId.Value, request.Attempt, request.RequestId);
            Count("Asked", unit);
        }
    }

    /// <summary>Nobody outside is needed: the keys of this process make it complete.</summary>
    private void SignHere(SignRequest request, string signedXdr, string decision, UnitOfWork<SignerDbContext> unit)
    {
        request.Close(SignRequestState.Signed, unit.Now, decision);
        SignRequestTrace.Ended(request, unit);
        unit.Publish(SignedEvent(request, signedXdr));
        logger.Signed(request.PayoutId.Value, request.Attempt, request.RequestId);
        Count(decision, unit);
    }

    /// <summary>Ends the request with a finished envelope; returns what says so.</summary>
    internal static object Release(SignRequest request, SealedEnvelope envelope, DateTimeOffset now)
    {
        request.Sign(envelope.SignedBy, now);
        return SignedEvent(request, envelope.SignedXdr);
    }

    private static object SignedEvent(SignRequest request, string signedXdr) => request.Form == SigningForm.Authorization ? new PayoutAuthorized
    {
        PayoutId = request.PayoutId,
        Attempt = request.Attempt,
        AuthorizationHash = request.TransactionHash,
        AuthorizationXdr = signedXdr,
    }
    : new PayoutSigned
    {
        PayoutId = request.PayoutId,
        Attempt = request.Attempt,
        TransactionHash = request.TransactionHash,
        SignedXdr = signedXdr,
    };

    internal static object FailedEvent(SignRequest request, FailureCode code, string detail) => request.Form == SigningForm.Authorization
    ? new AuthorizationFailed { PayoutId = request.PayoutId, Attempt = request.Attempt, Code = code, Detail = detail }
    : new PayoutFailed
    {
        PayoutId = request.PayoutId,
        Attempt = request.Attempt,
        Stage = PayoutStage.Sign,
        Code = code,
        Detail = detail,
        Transient = false,
        Slot = request.Slot!,
        TransactionHash = request.TransactionHash,
    };

    private void Fail(SignRequest request, FailureCode code, string decision, string detail, UnitOfWork<SignerDbContext> unit)
    {
        // The detail repeats parts of the order, whose length the sender chose.
        detail = ForeignText.Cut(detail, DetailLengthMax);
        request.Close(SignRequestState.Refused, unit.Now, decision, detail);
        SignRequestTrace.Ended(request, unit);
        unit.Publish(FailedEvent(request, code, detail));
        logger.Refused(request.PayoutId.Value, request.Attempt, detail);
        Count(decision, unit);
    }

    // Right before the commit: a transaction that is rolled back and tried again counts once.
    private static void Count(string decision, UnitOfWork<SignerDbContext> unit) => unit.BeforeCommit(_ =>
    {
        SignerMetrics.Requests.WithLabels(decision).Inc();
        return Task.CompletedTask;
    });
}
