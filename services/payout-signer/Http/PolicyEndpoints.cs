using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
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
        routes.MapGet("/policy", ShowAsync);
        routes.MapGet("/policy/decisions", ListAsync);
        routes.MapPost("/policy/{subject}/stop", async (string subject, PolicyWord word, PolicyPeople people, CancellationToken cancellationToken) =>
            Answer(await people.SwitchAsync(subject, stopped: true, word, cancellationToken)));
        routes.MapPost("/policy/{subject}/let-go", async (string subject, PolicyWord word, PolicyPeople people, CancellationToken cancellationToken) =>
            Answer(await people.SwitchAsync(subject, stopped: false, word, cancellationToken)));
        routes.MapPost("/sign-requests/{id:guid}/approve", ApproveAsync);
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

    private static async Task<IResult> ApproveAsync(
        Guid id, PolicyWord word, IDbContextFactory<SignerDbContext> contexts, OrderMatch match, PolicyPeople people, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await db.SignRequests.AsNoTracking().SingleOrDefaultAsync(x => x.RequestId == id, cancellationToken) is not { } request
            || await db.Orders.AsNoTracking().SingleOrDefaultAsync(x => x.PayoutId == request.PayoutId, cancellationToken) is not { } order)
            return Answer(new PolicyAnswer.Unknown($"there is no sign request {id} whose order is known"));
        var payouts = match.IdsOf(SignRequestBook.CommandOf(request, order.ToContract()).Order).ToList();
        return Answer(await people.ApproveAsync(id, word, payouts, cancellationToken));
    }

    private static IResult Answer(PolicyAnswer answer) => answer switch
    {
        PolicyAnswer.Taken => Results.NoContent(),
        PolicyAnswer.Unknown unknown => Results.Problem(statusCode: StatusCodes.Status404NotFound, detail: unknown.Detail),
        PolicyAnswer.Wrong wrong => Results.Problem(statusCode: StatusCodes.Status400BadRequest, detail: wrong.Detail),
        var other => throw new InvalidOperationException($"{other.GetType().Name} is no answer"),
    };
}
