using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Payouts.Hosting.Access;
using Payouts.Signer.Orders;
using Payouts.Signer.Policies;
using Payouts.Signer.Requests;

namespace Payouts.Signer.Http;

/// <summary>The signing policy's doors: what it decided and why, what people approve and stop.</summary>
internal static class PolicyEndpoints
{
    private const int DecisionsMax = 1000;

    public static void MapPolicy(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/policy", ShowAsync).For(AccessRole.Read);
        routes.MapGet("/policy/decisions", ListAsync).For(AccessRole.Read);
        routes.MapPost("/policy/{subject}/stop", async (string subject, PolicyWord word, PolicyPeople people, HttpContext http, CancellationToken cancellationToken) =>
            await InTheCallersNameAsync(http, word, named => people.SwitchAsync(subject, stopped: true, named, cancellationToken))).For(AccessRole.Admin);
        routes.MapPost("/policy/{subject}/let-go", async (string subject, PolicyWord word, PolicyPeople people, HttpContext http, CancellationToken cancellationToken) =>
            await InTheCallersNameAsync(http, word, named => people.SwitchAsync(subject, stopped: false, named, cancellationToken))).For(AccessRole.Admin);
        routes.MapPost("/sign-requests/{id:guid}/approve", async (
            Guid id, PolicyWord word, IDbContextFactory<SignerDbContext> contexts, OrderMatch match, PolicyPeople people, HttpContext http, CancellationToken cancellationToken) =>
            await InTheCallersNameAsync(http, word, named => ApproveAsync(id, named, contexts, match, people, cancellationToken))).For(AccessRole.Approve);
    }

    private static async Task<IResult> ShowAsync(IDbContextFactory<SignerDbContext> contexts, SigningPolicyChoice policy, PolicyPeople people, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var switches = await db.Set<PolicySwitch>().AsNoTracking().OrderBy(x => x.Id).ToListAsync(cancellationToken);
        var last = switches.GroupBy(x => x.Subject, StringComparer.Ordinal).ToDictionary(x => x.Key, x => x.Last(), StringComparer.Ordinal);
        return Results.Ok(new
        {
            version = policy.Value?.Version,
            currencies = policy.Value?.Currencies,
            directPayouts = policy.DirectPayouts,
            direct = policy.Value?.Direct,
            hours = policy.Value?.Hours is { } hours ? new { zone = hours.Zone.Id, days = hours.Days.Order().Select(x => x.ToString()), from = hours.From, to = hours.To } : null,
            switches = people.Subjects().Select(subject => new
            {
                subject,
                stopped = last.GetValueOrDefault(subject)?.Stopped ?? false,
                by = last.GetValueOrDefault(subject)?.ByWhom,
                reason = last.GetValueOrDefault(subject)?.Reason,
                at = last.GetValueOrDefault(subject)?.At,
            }),
        });
    }

    /// <summary>The newest first.</summary>
    private static async Task<IResult> ListAsync(IDbContextFactory<SignerDbContext> contexts, Guid? request, Guid? before, int? limit, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var decisions = db.Set<PolicyDecision>().AsNoTracking();
        if (request is { } one)
            decisions = decisions.Where(x => x.RequestId == one);
        if (before is { } last)
            decisions = decisions.Where(x => x.Id.CompareTo(last) < 0);
        return Results.Ok(await decisions.OrderByDescending(x => x.Id).Take(Math.Clamp(limit ?? 100, 1, DecisionsMax)).ToListAsync(cancellationToken));
    }

    private static async Task<PolicyAnswer> ApproveAsync(
        Guid id, PolicyWord word, IDbContextFactory<SignerDbContext> contexts, OrderMatch match, PolicyPeople people, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await db.SignRequests.AsNoTracking().SingleOrDefaultAsync(x => x.RequestId == id, cancellationToken) is not { } request
            || await db.Orders.AsNoTracking().SingleOrDefaultAsync(x => x.PayoutId == request.PayoutId, cancellationToken) is not { } order)
            return new PolicyAnswer.Unknown($"there is no sign request {id} whose order is known");
        var payouts = match.IdsOf(SignOrder.Of(request, order.ToContract()).Order).ToList();
        return await people.ApproveAsync(id, word, payouts, cancellationToken);
    }

    /// <summary>Who approves or stops is who is known at the door: the body's word counts only where the door knows no names.</summary>
    private static async Task<IResult> InTheCallersNameAsync(HttpContext http, PolicyWord word, Func<PolicyWord, Task<PolicyAnswer>> take)
    {
        var (name, problem) = Caller.Of(http.User).ActsFor(word.By);
        return problem is null ? Answer(await take(word with { By = name })) : Results.Problem(statusCode: StatusCodes.Status403Forbidden, detail: problem);
    }

    private static IResult Answer(PolicyAnswer answer) => answer switch
    {
        PolicyAnswer.Taken => Results.NoContent(),
        PolicyAnswer.Unknown unknown => Results.Problem(statusCode: StatusCodes.Status404NotFound, detail: unknown.Detail),
        PolicyAnswer.Wrong wrong => Results.Problem(statusCode: StatusCodes.Status400BadRequest, detail: wrong.Detail),
        var other => throw new InvalidOperationException($"{other.GetType().Name} is no answer"),
    };
}
