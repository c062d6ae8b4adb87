using Microsoft.EntityFrameworkCore;
using Payouts.Builder.Deciding;

namespace Payouts.Builder.Http;

/// <summary>What operators decide, and the audit of it: the few cases that a machine must not decide.</summary>
internal static class DecisionEndpoints
{
    private const int PageMax = 1000;

    public static void MapDecisions(this IEndpointRouteBuilder routes)
    {
        foreach (var (path, kind) in new[]
        {
            ("hold", DecisionKind.Hold), ("release", DecisionKind.Release), ("retry", DecisionKind.Retry),
            ("verify", DecisionKind.Verify), ("cancel", DecisionKind.Cancel), ("write-off", DecisionKind.WriteOff),
        })
            routes.MapPost($"/payouts/{{id:guid}}/{path}", async (Guid id, Decision decision, DecisionDesk desk, HttpRequest request, CancellationToken cancellationToken) =>
                Answer(await desk.DecideAsync(id, kind, decision, Key(request), cancellationToken)));
        routes.MapGet("/decisions", ListAsync);
        routes.MapGet("/decisions/{id:guid}", async (Guid id, IDbContextFactory<BuilderDbContext> contexts, CancellationToken cancellationToken) =>
        {
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            var steps = await db.Set<DecisionStep>().AsNoTracking().Where(x => x.DecisionId == id).OrderBy(x => x.Step).ToListAsync(cancellationToken);
            return steps.Count > 0 ? Results.Ok(steps.Select(Show)) : Results.Problem(statusCode: 404, detail: $"there is no decision {id}");
        });
        routes.MapPost("/decisions/{id:guid}/approve", async (Guid id, Decision approval, DecisionDesk desk, CancellationToken cancellationToken) =>
            Answer(await desk.ApproveAsync(id, approval, cancellationToken)));
        routes.MapPost("/decisions/{id:guid}/withdraw", async (Guid id, Decision withdrawal, DecisionDesk desk, CancellationToken cancellationToken) =>
            Answer(await desk.WithdrawAsync(id, withdrawal, cancellationToken)));
    }

    public static object Show(DecisionStep step) => new
    {
        step.DecisionId, step.Step, step.PayoutId, step.Kind, step.Status, by = step.ByWhom, step.Reason, step.TransactionHash, step.At, step.ExpiresAt, step.Amount, step.Currency,
        before = new PayoutFacts(step.BeforeState, step.BeforeCode, step.BeforeSlot), after = new PayoutFacts(step.AfterState, step.AfterCode, step.AfterSlot), step.Detail,
    };

    /// <summary>The newest first; with open=true only what waits for its approval now.</summary>
    private static async Task<IResult> ListAsync(
        IDbContextFactory<BuilderDbContext> contexts, TimeProvider time, Guid? payout, bool? open, Guid? before, int? limit, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var query = db.Set<DecisionStep>().AsNoTracking();
        if (payout is { } one)
            query = query.Where(x => x.PayoutId == one);
        if (before is { } last)
            query = query.Where(x => x.DecisionId.CompareTo(last) < 0);
        if (open == true)
        {
            var now = time.GetUtcNow();
            query = query.Where(x => x.Status == DecisionStatus.Proposed && x.ExpiresAt > now && !db.Set<DecisionStep>().Any(y => y.DecisionId == x.DecisionId && y.Step == 2));
        }

        // Ids ascend in time.
        var steps = await query.OrderByDescending(x => x.DecisionId).ThenBy(x => x.Step).Take(Math.Clamp(limit ?? 100, 1, PageMax)).ToListAsync(cancellationToken);
        return Results.Ok(steps.Select(Show));
    }

    private static IResult Answer(DecisionAnswer answer) => answer switch
    {
        DecisionAnswer.Taken taken => Results.Accepted($"/decisions/{taken.Step.DecisionId}", Show(taken.Step)),
        DecisionAnswer.Unknown unknown => Results.Problem(statusCode: 404, detail: unknown.Detail),
        DecisionAnswer.Wrong wrong => Results.Problem(statusCode: 400, detail: wrong.Detail),
        DecisionAnswer.Refused refused => Results.Problem(statusCode: 409, detail: refused.Detail),
        var other => throw new InvalidOperationException($"{other.GetType().Name} is no answer"),
    };

    private static string? Key(HttpRequest request) => request.Headers["Idempotency-Key"].ToString() is { Length: > 0 } key ? key : null;
}
