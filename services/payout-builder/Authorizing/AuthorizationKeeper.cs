using Microsoft.EntityFrameworkCore;
using Payouts.Builder.Building;
using Payouts.Builder.Saga;
using Payouts.Contracts;
using Payouts.Hosting.Background;
using Payouts.Hosting.Database;
using Payouts.Hosting.Messaging;
using Payouts.Hosting.Rpc;
using Payouts.Hosting.Sagas;
using Payouts.Stellar;
using Payouts.Stellar.Rpc;
using Payouts.Stellar.Xdr;

namespace Payouts.Builder.Authorizing;

/// <summary>
/// Asks for the authorizations that payouts wait for. The last ledger of each is counted from the ledger's own clock, read once for many; payout, hash
/// and the command to payout-signer commit together.
/// </summary>
public sealed class AuthorizationKeeper(
    UnitOfWorkFactory<BuilderDbContext> units,
    IDbContextFactory<BuilderDbContext> contexts,
    PayoutStateMachine machine,
    LedgerClock clock,
    BuilderOptions options,
    AuthorizationSignal signal,
    TimeProvider time,
    ILogger<AuthorizationKeeper> logger)
    : BackgroundLoop("asking for authorizations", time, logger)
{
    private const int PayoutsPerTransactionMax = 200;

    /// <summary>The network takes no authorization that ends later than an entry can live, 3,110,400 ledgers: well within, for the clock is asked before.</summary>
    private const uint LedgersMax = 3_000_000;

    /// <summary>The shortest time that a signer is given to answer, in ledgers: what an earlier request left of the same authorization.</summary>
    private const uint LedgersLeftMin = 60;

    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);
    private readonly SagaRaiser<BuilderDbContext, Payout> _raiser = new(machine);

    /// <inheritdoc />
    protected override TimeSpan Pause => PollInterval;

    /// <inheritdoc />
    protected override async Task<bool> StepAsync(CancellationToken cancellationToken)
    {
        await using (var db = await contexts.CreateDbContextAsync(cancellationToken))
        {
            if (!await db.Payouts.AnyAsync(x => x.CurrentState == nameof(PayoutStateMachine.Authorizing) && x.AuthorizationHash == null && x.WakeAt == null, cancellationToken))
                return false;
        }

        LedgerTime now;
        try
        {
            now = await clock.NowAsync(cancellationToken);
        }
        catch (SorobanRpcException unreachable)
        {
            Log.NoAuthorizationAsked(logger, unreachable.Message);
            return false;
        }

        return await units.RunAsync(unit => AskAsync(unit, now, cancellationToken), cancellationToken) == PayoutsPerTransactionMax;
    }

    /// <inheritdoc />
    protected override Task WaitAsync(TimeSpan pause, CancellationToken cancellationToken) => signal.WaitAsync(pause, cancellationToken);

    private async Task<int> AskAsync(UnitOfWork<BuilderDbContext> unit, LedgerTime now, CancellationToken cancellationToken)
    {
        var waiting = await unit.LockAsync<BuilderDbContext, Payout>(
            """
            select * from payouts where current_state = 'Authorizing' and authorization_hash is null and wake_at is null
            order by planned_at, payout_id limit {0}
            """,
            skipLocked: true, [PayoutsPerTransactionMax], cancellationToken);
        foreach (var payout in waiting)
        {
            // One that may exist is asked for again as it is. What is left of it may be too short: then its end is waited for, and proven.
            if (payout.AuthorizedUntil is { } until && until < now.Ledger + LedgersLeftMin)
                await _raiser.RaiseAsync(unit, payout, machine.DeadlineReached, new DeadlineReached { PayoutId = payout.Id }, cancellationToken);
            else
                await AskAsync(unit, payout, now, cancellationToken);
        }

        return waiting.Count;
    }

    private async Task AskAsync(UnitOfWork<BuilderDbContext> unit, Payout payout, LedgerTime now, CancellationToken cancellationToken)
    {
        var until = payout.AuthorizedUntil ?? now.Ledger + (uint)Math.Clamp(options.AuthorizationValidity / now.MeanClose, LedgersLeftMin, LedgersMax);
        SorobanAuthorizationEntry entry;
        try
        {
            entry = PayoutAuthorization.Of(options.Contract, StellarOrders.Of(payout.Debt), options.SourceAccount, payout.Id.AuthorizationNonce(), until);
        }
        catch (Exception unwritable) when (unwritable is FormatException or ArgumentException)
        {
            // Such an order never becomes a call, however often it is tried: a human sees it at once.
            await _raiser.RaiseAsync(unit, payout, machine.HoldRequested, new HoldRequested
            {
                PayoutId = payout.Id, Code = FailureCode.SimulationFailed, By = "payout-builder", Reason = $"the order cannot be written as a contract call: {unwritable.Message}",
            }, cancellationToken);
            return;
        }

        var preimage = SorobanAuthorization.Preimage(entry, options.Network);
        await _raiser.RaiseAsync(unit, payout, machine.AuthorizationDue, new AuthorizationDue
        {
            PayoutId = payout.Id,
            AuthorizationHash = Convert.ToHexStringLower(SorobanAuthorization.Hash(entry, options.Network).Value.Span),
            PreimageXdr = XdrCodec.ToBase64(preimage),
            ExpirationLedger = until,
            // Whole seconds, as every other end.
            ValidUntil = DateTimeOffset.FromUnixTimeSeconds((now.ClosedAt + ((until - now.Ledger) * now.MeanClose)).ToUnixTimeSeconds()),
        }, cancellationToken);
    }
}
