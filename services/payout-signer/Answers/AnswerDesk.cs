using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Payouts.Contracts;
using Payouts.Hosting.Messaging;
using Payouts.Hosting.Steps;
using Payouts.Signer.Requests;

namespace Payouts.Signer.Answers;

/// <summary>
/// The one door for answers, whichever way they come: find the request, verify outside the transaction, then end the request and publish in
/// one transaction that many answers share.
/// </summary>
public sealed class AnswerDesk : IAsyncDisposable
{
    private const int ReasonLengthMax = 500;
    private const int HttpTriesMax = 3;

    private readonly UnitOfWorkFactory<SignerDbContext> _units;
    private readonly AnswerCheck _check;
    private readonly IStepPoints _points;
    private readonly ILogger<AnswerDesk> _logger;
    private readonly SharedLookup<Guid, SignRequest> _requests;
    private readonly Inbox<SignerDbContext, Settlement> _completed;
    private readonly Inbox<SignerDbContext, Settlement> _rejected;

    /// <summary>Opens the desk.</summary>
    public AnswerDesk(UnitOfWorkFactory<SignerDbContext> units, AnswerCheck check, IStepPoints points, ILogger<AnswerDesk> logger)
    {
        (_units, _check, _points, _logger) = (units, check, points, logger);
        _requests = new SharedLookup<Guid, SignRequest>(units, (db, ids, cancellationToken) =>
            db.SignRequests.AsNoTracking().Where(x => ids.Contains(x.RequestId)).ToDictionaryAsync(x => x.RequestId, cancellationToken));
        _completed = new Inbox<SignerDbContext, Settlement>(units, "signing-completed", SettleAsync);
        _rejected = new Inbox<SignerDbContext, Settlement>(units, "signing-rejected", SettleAsync);
    }

    /// <summary>Takes a signature. <paramref name="message"/> is null over HTTP.</summary>
    public async Task<AnswerOutcome> CompleteAsync(Guid requestId, Answer answer, ConsumeContext? message, CancellationToken cancellationToken)
    {
        var request = await _requests.FindAsync(requestId, cancellationToken);
        if (Early(request, requestId) is { } early)
            return early;
        return _check.Check(request!, answer) switch
        {
            AnswerVerdict.Good good => await CommitAsync(new Settlement(requestId, good.SignedXdr, null), _completed, message, cancellationToken),
            AnswerVerdict.Refused refused => Refuse(requestId, refused.Problem, refused.Detail),
            var other => throw new InvalidOperationException($"an answer cannot be {other}"),
        };
    }

    /// <summary>Takes a rejection. <paramref name="message"/> is null over HTTP.</summary>
    public async Task<AnswerOutcome> RejectAsync(Guid requestId, string reason, ConsumeContext? message, CancellationToken cancellationToken)
    {
        if (Early(await _requests.FindAsync(requestId, cancellationToken), requestId) is { } early)
            return early;
        return await CommitAsync(new Settlement(requestId, null, Shorten(reason)), _rejected, message, cancellationToken);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _requests.DisposeAsync();
        await _completed.DisposeAsync();
        await _rejected.DisposeAsync();
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
        if (message is not null)
            await inbox.RunAsync(message, settlement);
        else
            await RunWithoutInboxAsync(settlement, cancellationToken);
        // Not reached by the transaction: an earlier delivery of the same message was.
        return settlement.Outcome ?? Unchanged(SignRequestState.Signed);
    }

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
        var requests = await unit.Db.SignRequests.AsTracking().Where(x => ids.Contains(x.RequestId)).ToDictionaryAsync(x => x.RequestId, cancellationToken);
        foreach (var settlement in settlements)
        {
            var request = requests[settlement.RequestId];
            settlement.Outcome = request.State == SignRequestState.Waiting ? Settle(request, settlement, unit) : Unchanged(request.State);
        }
    }

    private AnswerOutcome.Taken Settle(SignRequest request, Settlement settlement, UnitOfWork<SignerDbContext> unit)
    {
        if (settlement.SignedXdr is { } signedXdr)
        {
            request.Close(SignRequestState.Signed, unit.Now, nameof(SignRequestState.Signed));
            unit.Publish(SignRequestBook.SignedEvent(request, signedXdr));
            _logger.Signed(request.PayoutId.Value, request.Attempt, request.RequestId);
        }
        else
        {
            request.Close(SignRequestState.Rejected, unit.Now, nameof(FailureCode.SignerRejected), settlement.Rejection);
            unit.Publish(SignRequestBook.FailedEvent(request, FailureCode.SignerRejected, settlement.Rejection!));
            _logger.Rejected(request.PayoutId.Value, request.Attempt, request.RequestId, settlement.Rejection!);
        }

        var state = request.State;
        unit.BeforeCommit(_ =>
        {
            SignerMetrics.Answers.WithLabels(state.ToString()).Inc();
            return Task.CompletedTask;
        });
        return new AnswerOutcome.Taken(state);
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

    // A foreign text: one line, bounded, never half a character.
    private static string Shorten(string reason)
    {
        var line = string.Concat(reason.Select(c => char.IsControl(c) ? ' ' : c)).Trim();
        if (line.Length <= ReasonLengthMax)
            return line;
        return line[..(char.IsHighSurrogate(line[ReasonLengthMax - 1]) ? ReasonLengthMax - 1 : ReasonLengthMax)];
    }
}
