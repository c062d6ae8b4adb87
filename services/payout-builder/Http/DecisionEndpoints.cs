using Microsoft.EntityFrameworkCore;
using Payouts.Builder.Deciding;
using Payouts.Hosting.Access;

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
            routes.MapPost($"/payouts/{{id:guid}}/{path}", async (Guid id, Decision decision, DecisionDesk desk, HttpContext http, CancellationToken cancellationToken) =>
                await InTheCallersNameAsync(http, decision, named => desk.DecideAsync(id, kind, named, Key(http.Request), cancellationToken))).For(AccessRole.Operate);
        routes.MapGet("/decisions", ListAsync).For(AccessRole.Read);
        routes.MapGet("/decisions/{id:guid}", async (Guid id, IDbContextFactory<BuilderDbContext> contexts, CancellationToken cancellationToken) =>
        {
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            var steps = await db.Set<DecisionStep>().AsNoTracking().Where(x => x.DecisionId == id).OrderBy(x => x.Step).ToListAsync(cancellationToken);
            return steps.Count > 0 ? Results.Ok(steps.Select(Show)) : Results.Problem(statusCode: 404, detail: $"there is no decision {id}");
        }).For(AccessRole.Read);
        routes.MapPost("/decisions/{id:guid}/approve", async (Guid id, Decision approval, DecisionDesk desk, HttpContext http, CancellationToken cancellationToken) =>
            await InTheCallersNameAsync(http, approval, named => desk.ApproveAsync(id, named, cancellationToken))).For(AccessRole.Approve);
        routes.MapPost("/decisions/{id:guid}/withdraw", async (Guid id, Decision withdrawal, DecisionDesk desk, HttpContext http, CancellationToken cancellationToken) =>
            await InTheCallersNameAsync(http, withdrawal, named => desk.WithdrawAsync(id, named, cancellationToken))).For(AccessRole.Operate, AccessRole.Approve);
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

    /// <summary>Who decides is who is known at the door: the body's word counts only where the door knows no names.</summary>
    private static async Task<IResult> InTheCallersNameAsync(HttpContext http, Decision decision, Func<Decision, Task<DecisionAnswer>> take)
    {
        var (name, problem) = Caller.Of(http.User).ActsFor(decision.By);
        return problem is null ? Answer(await take(decision with { By = name })) : Results.Problem(statusCode: 403, detail: problem);
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
