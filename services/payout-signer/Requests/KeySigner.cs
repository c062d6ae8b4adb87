using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Payouts.Contracts;
using Payouts.Hosting.Background;
using Payouts.Signer.Answers;
using Payouts.Signer.Configuration;
using Payouts.Signer.Intent;
using Payouts.Signer.Orders;
using Payouts.Signers;

namespace Payouts.Signer.Requests;

/// <summary>
/// Answers the requests that wait with the key of a provider. The request is a committed row before the provider is asked and ends in the
/// transaction that hands the signature on, as an external signer's does: a crash in between asks again, and the first good answer counts. Each is
/// checked once more right before it is signed, so that a row somebody changed is not.
/// </summary>
internal sealed class KeySigner(
    IDbContextFactory<SignerDbContext> contexts, GuardedKey key, AnswerDesk desk, IntentCheck check, OrderMatch match, SignerPolicy policy,
    WaitingRequests waiting, SignerOptions options, TimeProvider time, ILogger<KeySigner> logger)
    : BackgroundLoop("signing what waits", time, logger)
{
    private int _failures;

    /// <inheritdoc />
    protected override TimeSpan Pause => _failures == 0 ? options.KeyPollInterval : key.Limits.PauseAfter(_failures);

    protected override async Task<bool> StepAsync(CancellationToken cancellationToken)
    {
        if (key.State is not KeyState.Proven)
            return false;
        var batch = await ReadAsync(cancellationToken);
        var (signed, failed) = (0, 0);
        await Parallel.ForEachAsync(batch, new ParallelOptions { MaxDegreeOfParallelism = key.Limits.ConcurrencyMax, CancellationToken = cancellationToken }, async (asked, token) =>
        {
            // A provider that is away would keep the whole batch for as many time limits: what is left waits for the next step.
            if (Volatile.Read(ref failed) >= key.Limits.ConcurrencyMax)
                return;
            if (await AnswerAsync(asked, token))
                Interlocked.Increment(ref signed);
            else
                Interlocked.Increment(ref failed);
        });
        _failures = failed == 0 ? 0 : signed > 0 ? 1 : _failures + 1;
        return failed == 0 && batch.Count >= options.KeyBatchMax;
    }

    // After a failure the pause counts: new requests would only be refused as well.
    protected override Task WaitAsync(TimeSpan pause, CancellationToken cancellationToken) =>
        _failures == 0 ? waiting.WaitAsync(pause, cancellationToken) : base.WaitAsync(pause, cancellationToken);

    private async Task<List<Asked>> ReadAsync(CancellationToken cancellationToken)
    {
        var now = Time.GetUtcNow();
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var rows = await db.SignRequests.AsNoTracking().Where(x => x.State == SignRequestState.Waiting && x.Deadline > now)
            .Join(db.Orders, request => request.PayoutId, order => order.PayoutId, (request, order) => new { request, order })
            .OrderBy(x => x.request.AskedAt).Take(options.KeyBatchMax).ToListAsync(cancellationToken);
        var asked = rows.ConvertAll(x => (x.request.RequestId, Command: SignOrder.Of(x.request, x.order.ToContract())));
        var ids = asked.SelectMany(x => match.IdsOf(x.Command.Order)).Distinct().ToList();
        var orders = ids.Count == 0 ? [] : await db.Orders.AsNoTracking().Where(x => ids.Contains(x.PayoutId)).ToDictionaryAsync(x => x.PayoutId, cancellationToken);
        return asked.ConvertAll(x => new Asked(x.RequestId, x.Command, orders));
    }

    /// <summary>False when the provider did not sign.</summary>
    private async Task<bool> AnswerAsync(Asked asked, CancellationToken cancellationToken)
    {
        var verdict = check.Check(asked.Command);
        if ((verdict as IntentVerdict.Refused ?? match.Compare(asked.Command.Order, asked.Orders)) is { } refused)
        {
            await desk.RejectAsync(asked.RequestId, new Rejection { Reason = $"the stored request is not what the order calls for any more: {refused.Text}" }, null, cancellationToken);
            return true;
        }

        byte[] signature;
        try
        {
            signature = await key.SignAsync(((IntentVerdict.ToSign)verdict).Hash, cancellationToken);
        }
        catch (SigningFailedException failure)
        {
            logger.KeyFailed(asked.Command.PayoutId.Value, asked.Command.Attempt, asked.RequestId, key.Provider, failure.Message);
            return false;
        }

        await desk.CompleteAsync(asked.RequestId, new Answer
        {
            TransactionHash = asked.Command.Hash,
            Signatures = [new SignatureByKey { PublicKey = policy.PayoutSource.ToString(), Signature = Convert.ToBase64String(signature) }],
        }, null, cancellationToken);
        return true;
    }

    private sealed record Asked(Guid RequestId, SignOrder Command, IReadOnlyDictionary<PayoutId, Order> Orders);
}
