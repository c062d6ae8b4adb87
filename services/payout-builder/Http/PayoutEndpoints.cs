using Microsoft.EntityFrameworkCore;
using Payouts.Builder.Deciding;
using Payouts.Builder.Saga;
using Payouts.Hosting.Access;

namespace Payouts.Builder.Http;

/// <summary>What operators read: where a payout is, and why it waits.</summary>
internal static class PayoutEndpoints
{
    private const int PageMax = 1000;

    public static void MapPayouts(this IEndpointRouteBuilder routes)
    {
        var payouts = routes.MapGroup("/payouts");
        payouts.MapGet("/", ListAsync).For(AccessRole.Read);
        payouts.MapGet("/{id:guid}", ShowAsync).For(AccessRole.Read);
    }

    private static async Task<IResult> ListAsync(IDbContextFactory<BuilderDbContext> contexts, string? round, string? reference, bool? direct, string? state, Guid? after, int? limit, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var query = db.Payouts.AsNoTracking();
        if (round is not null)
            query = query.Where(x => x.RoundId == round);
        if (reference is not null)
            query = query.Where(x => x.Reference == reference);
        if (direct is { } outside)
            query = query.Where(x => (x.Reference != null) == outside);
        if (state is not null)
            query = query.Where(x => x.CurrentState == state);
        if (after is { } last)
            query = query.Where(x => x.CorrelationId.CompareTo(last) > 0);
        var page = await query.OrderBy(x => x.CorrelationId).Take(Math.Clamp(limit ?? 100, 1, PageMax)).ToListAsync(cancellationToken);
        return Results.Ok(page.Select(Summary));
    }

    private static async Task<IResult> ShowAsync(IDbContextFactory<BuilderDbContext> contexts, BuilderOptions options, Guid id, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var payout = await db.Payouts.AsNoTracking().SingleOrDefaultAsync(x => x.CorrelationId == id, cancellationToken);
        if (payout is null)
            return Results.Problem(statusCode: 404, detail: $"there is no payout {id}");
        var history = await db.Transitions.AsNoTracking().Where(x => x.PayoutId == id).OrderBy(x => x.Number).ToListAsync(cancellationToken);
        var decisions = await db.Set<DecisionStep>().AsNoTracking().Where(x => x.PayoutId == id).OrderBy(x => x.At).ThenBy(x => x.Step).Take(PageMax).ToListAsync(cancellationToken);
        var waitsFor = WaitingReasons.Explain(payout, await CompanyAsync(db, payout, cancellationToken), options);
        return Results.Ok(new { payout = Summary(payout), waitsFor, decisions = decisions.Select(DecisionEndpoints.Show), history = history.Select(x => new { x.At, x.FromState, x.ToState, x.Event, x.Attempt, x.TransactionHash, x.Detail }) });
    }

    /// <summary>Whom it may have to wait for: its leader, and those of its round on whom a human decides.</summary>
    private static Task<List<Payout>> CompanyAsync(BuilderDbContext db, Payout payout, CancellationToken cancellationToken) => db.Payouts.AsNoTracking()
        .Where(x => x.CorrelationId == payout.LeaderId || (x.RoundId == payout.RoundId && x.CorrelationId != payout.CorrelationId && (x.CurrentState == "OnHold" || x.CurrentState == "Failed")))
        .OrderBy(x => x.CorrelationId).Take(PageMax).ToListAsync(cancellationToken);

    private static object Summary(Payout payout) => new
    {
        payoutId = payout.CorrelationId, payout.RoundId, payout.Reference, payout.Reason, state = payout.CurrentState, payout.Winner, payout.Amount, payout.Currency, payout.Attempt,
        payout.Channel, payout.SequenceNumber, payout.TransactionHash, payout.Ledger, payout.ValidUntil,
        payout.HoldStage, payout.HoldCode, payout.HoldDetail, payout.PlannedAt, payout.EnteredStateAt, payout.WakeAt,
    };
}
