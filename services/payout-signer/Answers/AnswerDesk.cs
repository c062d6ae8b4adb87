using System.Text.RegularExpressions;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Payouts.Contracts;
using Payouts.Hosting.Database;
using Payouts.Hosting.Messaging;
using Payouts.Hosting.Steps;
using Payouts.Signer.Requests;

namespace Payouts.Signer.Answers;

/// <summary>
/// The one door for answers, whichever way they come: find the request, verify outside the transaction, then keep the answer, or end the request and publish, in
/// one transaction that many answers share.
/// </summary>
public sealed partial class AnswerDesk : IAsyncDisposable
{
    private const int ReasonLengthMax = 500;
    private const int HttpTriesMax = 3;

    private readonly UnitOfWorkFactory<SignerDbContext> _units;
    private readonly AnswerCheck _check;
    private readonly EnvelopeSeal _seal;
    private readonly IStepPoints _points;
    private readonly ILogger<AnswerDesk> _logger;
    private readonly SharedLookup<Guid, SignRequest> _requests;
    private readonly Inbox<SignerDbContext, Settlement> _completed;
    private readonly Inbox<SignerDbContext, Settlement> _rejected;
    private readonly GroupCommit<SignerDbContext, Settlement> _gathered;

    /// <summary>Opens the desk.</summary>
    public AnswerDesk(UnitOfWorkFactory<SignerDbContext> units, AnswerCheck check, EnvelopeSeal seal, IStepPoints points, ILogger<AnswerDesk> logger)
    {
        (_units, _check, _seal, _points, _logger) = (units, check, seal, points, logger);
        _requests = new SharedLookup<Guid, SignRequest>(units, (db, ids, cancellationToken) =>
            db.SignRequests.AsNoTracking().Where(x => ids.Contains(x.RequestId)).ToDictionaryAsync(x => x.RequestId, cancellationToken));
        _completed = new Inbox<SignerDbContext, Settlement>(units, "signing-completed", SettleAsync);
        _rejected = new Inbox<SignerDbContext, Settlement>(units, "signing-rejected", SettleAsync);
        _gathered = new GroupCommit<SignerDbContext, Settlement>(units, SettleAsync);
    }

    /// <summary>Takes a signature. <paramref name="message"/> is null over HTTP.</summary>
    public async Task<AnswerOutcome> CompleteAsync(Guid requestId, Answer answer, ConsumeContext? message, CancellationToken cancellationToken)
    {
        var request = await _requests.FindAsync(requestId, cancellationToken);
        if (Early(request, requestId) is { } early)
            return early;
        return _check.Check(request!, answer) switch
        {
            AnswerVerdict.Good good => await CommitAsync(new Settlement(requestId, good, null, null, message?.MessageId), _completed, message, cancellationToken),
            AnswerVerdict.Refused refused => Refuse(requestId, refused.Problem, refused.Detail),
            var other => throw new InvalidOperationException($"an answer cannot be {other}"),
        };
    }

    /// <summary>Takes a rejection. <paramref name="message"/> is null over HTTP.</summary>
    public async Task<AnswerOutcome> RejectAsync(Guid requestId, Rejection rejection, ConsumeContext? message, CancellationToken cancellationToken)
    {
        if (Early(await _requests.FindAsync(requestId, cancellationToken), requestId) is { } early)
            return early;
        var by = _seal.Signers.AreOne ? null : rejection.PublicKey ?? "";
        if (by is not null && !_seal.Signers.Keys.Any(key => key.ToString() == by))
            return Refuse(requestId, AnswerProblem.SignerUnknown, $"publicKey says whose no it is; one of {string.Join(", ", _seal.Signers.Keys)} is right");
        return await CommitAsync(new Settlement(requestId, null, Shorten(rejection.Reason), by, message?.MessageId), _rejected, message, cancellationToken);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _requests.DisposeAsync();
        await _completed.DisposeAsync();
        await _rejected.DisposeAsync();
        await _gathered.DisposeAsync();
    }

    private AnswerOutcome? Early(SignRequest? request, Guid requestId) => request switch
    {
        null => Refuse(requestId, AnswerProblem.RequestUnknown, $"there is no sign request {requestId}; repeat the requestId of SigningRequested"),
        { State: SignRequestState.Signed or SignRequestState.Rejected } => Unchanged(request.State),
        { State: not SignRequestState.Waiting } => Refuse(requestId, AnswerProblem.RequestNotAsked, $"the request is {request.State}; it was never given out to be signed"),
        _ => null,
    };

    private async Task<AnswerOutcome> CommitAsync(Settlement settlement, Inbox<SignerDbContext, Settlement> inbox, ConsumeContext? message, CancellationToken cancellationToken)
    {
        _points.Pass("payout-signer/AnswerDesk/verified");
        if (message is null)
            await RunWithoutInboxAsync(settlement, cancellationToken);
        else if (_seal.Signers.AreOne)
            await inbox.RunAsync(message, settlement);
        else
            await GatherAsync(message, settlement);
        // Not reached by the transaction: an earlier delivery of the same message was.
        return settlement.Outcome ?? Unchanged(SignRequestState.Signed);
    }

    /// <summary>
    /// Of several signers each chooses its messages' ids: one could use up another's, and the inbox would take the good answer for a repeat. A repeat is known here by
    /// its key instead.
    /// </summary>
    private Task GatherAsync(ConsumeContext message, Settlement settlement) => message.MessageId is not null
        ? _gathered.RunAsync(settlement, message.CancellationToken)
        : throw new RefusedMessageException("MessageIdMissing", "the message has no message_id; set the AMQP property message_id to a UUID that is kept on every resend");

    private async Task RunWithoutInboxAsync(Settlement settlement, CancellationToken cancellationToken)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                await _units.RunAsync(async unit =>
                {
                    await SettleAsync([settlement], unit, cancellationToken);
                    return true;
                }, cancellationToken);
                return;
            }
            catch (Exception failure) when (tries < HttpTriesMax && _units.Dialect.IsTransient(failure))
            {
                // Another answer was first; the next look finds the request ended.
            }
        }
    }

    private async Task SettleAsync(IReadOnlyList<Settlement> settlements, UnitOfWork<SignerDbContext> unit, CancellationToken cancellationToken)
    {
        var ids = settlements.Select(x => x.RequestId).Distinct().ToList();
        var requests = (await RequestsAsync(ids, unit, cancellationToken)).ToDictionary(x => x.RequestId);
        var gathered = await GatheredAnswers.ReadAsync(unit, _seal, requests.Values, cancellationToken);
        foreach (var settlement in settlements)
        {
            var request = requests[settlement.RequestId];
            settlement.Outcome = request.State != SignRequestState.Waiting ? Unchanged(request.State)
                : settlement.Signed is { } signed ? Sign(request, signed, settlement, gathered, unit) : Reject(request, settlement, gathered, unit);
        }
    }

    /// <summary>
    /// Several signers answer one request at the same moment, as a rule: the rows are locked, in the order of their keys, so that one replica's transaction waits for the
    /// other's instead of failing with all the answers in it. That nothing is lost rests on the count of answers, not on the lock.
    /// </summary>
    private Task<List<SignRequest>> RequestsAsync(List<Guid> ids, UnitOfWork<SignerDbContext> unit, CancellationToken cancellationToken) =>
        _seal.Signers.AreOne || unit.Dialect.WriterGate is not null
            ? unit.Db.SignRequests.AsTracking().Where(x => ids.Contains(x.RequestId)).ToListAsync(cancellationToken)
            : unit.LockAsync<SignerDbContext, SignRequest>("select * from sign_requests where request_id = any({0}) order by request_id", skipLocked: false, [ids.ToArray()], cancellationToken);

    private AnswerOutcome Sign(SignRequest request, AnswerVerdict.Good signed, Settlement settlement, GatheredAnswers gathered, UnitOfWork<SignerDbContext> unit)
    {
        var kept = gathered.Keep(request, signed, settlement.MessageId);
        if ((signed.Envelope ?? gathered.Seal(request)) is { } envelope)
        {
            unit.Publish(SignRequestBook.Release(request, envelope, unit.Now));
            SignRequestTrace.Ended(request, unit);
            _logger.Signed(request.PayoutId.Value, request.Attempt, request.RequestId);
            return Taken(request, nameof(SignRequestState.Signed), unit);
        }

        if (!kept)
            return Unchanged(request.State);
        request.CountAnswer();
        _logger.Gathered(request.PayoutId.Value, request.Attempt, request.RequestId, gathered.WeightOf(request), _seal.Signers.Threshold);
        return Taken(request, "Gathered", unit);
    }

    /// <summary>One signer's no ends the request; of several, when the others cannot reach the threshold any more.</summary>
    private AnswerOutcome Reject(SignRequest request, Settlement settlement, GatheredAnswers gathered, UnitOfWork<SignerDbContext> unit)
    {
        var reason = settlement.Rejection!;
        if (settlement.RejectedBy is { } key)
        {
            if (!gathered.Refuse(request, key, reason))
                return Unchanged(request.State);
            request.CountAnswer();
            _logger.OneRejected(request.PayoutId.Value, request.Attempt, request.RequestId, key, reason);
            if (gathered.CanBeReached(request))
                return Taken(request, "OneRejected", unit);
            reason = ForeignText.Cut(gathered.ReasonsOf(request), ReasonLengthMax);
        }

        request.Close(SignRequestState.Rejected, unit.Now, nameof(FailureCode.SignerRejected), reason);
        SignRequestTrace.Ended(request, unit);
        unit.Publish(SignRequestBook.FailedEvent(request, FailureCode.SignerRejected, reason));
        _logger.Rejected(request.PayoutId.Value, request.Attempt, request.RequestId, reason);
        return Taken(request, nameof(SignRequestState.Rejected), unit);
    }

    private static AnswerOutcome.Taken Taken(SignRequest request, string outcome, UnitOfWork<SignerDbContext> unit)
    {
        unit.BeforeCommit(_ =>
        {
            SignerMetrics.Answers.WithLabels(outcome).Inc();
            return Task.CompletedTask;
        });
        return new AnswerOutcome.Taken(request.State);
    }

    private static AnswerOutcome.Unchanged Unchanged(SignRequestState state)
    {
        SignerMetrics.Answers.WithLabels("Unchanged").Inc();
        return new AnswerOutcome.Unchanged(state);
    }

    private AnswerOutcome.Refused Refuse(Guid requestId, AnswerProblem problem, string detail)
    {
        SignerMetrics.Answers.WithLabels(problem.ToString()).Inc();
        _logger.AnswerRefused(requestId, problem.ToString(), detail);
        return new AnswerOutcome.Refused(problem, detail);
    }

    // Longer than any word and any account's address: a seed, a hash, a signature or an envelope, which no log and no operator's page is the place for.
    [GeneratedRegex("S[A-Z2-7]{55}|(?=[A-Za-z+/_=%-]*[0-9])[A-Za-z0-9+/_=%-]{57,}", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex KeyMaterial();

    // A foreign text: one line, bounded, never half a character, and nothing of what must not be shown.
    private static string Shorten(string reason)
    {
        var line = KeyMaterial().Replace(string.Concat(reason.Select(c => char.IsControl(c) ? ' ' : c)).Trim(), "(removed)");
        if (line.Length <= ReasonLengthMax)
            return line;
        return line[..(char.IsHighSurrogate(line[ReasonLengthMax - 1]) ? ReasonLengthMax - 1 : ReasonLengthMax)];
    }
}
