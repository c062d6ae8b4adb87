using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Payouts.Contracts;
using Payouts.Hosting.Access;
using Payouts.Signer.Answers;
using Payouts.Signer.Configuration;
using Payouts.Signer.Intent;
using Payouts.Signer.Requests;

namespace Payouts.Signer.Http;

/// <summary>The external signer's other way in, for teams that cannot use the broker. Answers take the same path as messages.</summary>
internal static class SignRequestEndpoints
{
    private const int ListMax = 200;

    // The largest envelope as base64, with room for the JSON around it.
    private const int BodyBytesMax = 256 * 1024;

    public static void MapSignRequests(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/sign-requests");
        group.MapGet("/", ListAsync).For(AccessRole.Read, AccessRole.Signer);
        group.MapGet("/{id:guid}", ShowAsync).For(AccessRole.Read, AccessRole.Signer);
        group.MapPost("/{id:guid}/signatures", CompleteAsync).For(AccessRole.Signer).WithMetadata(new RequestSizeLimitAttribute(BodyBytesMax));
        group.MapPost("/{id:guid}/rejection", RejectAsync).For(AccessRole.Signer).WithMetadata(new RequestSizeLimitAttribute(BodyBytesMax));
    }

    private static async Task<IResult> ListAsync(
        IDbContextFactory<SignerDbContext> contexts, IntentCheck check, SignRequestBook book, SignerPolicy policy, TimeProvider time, string? state, Guid? payout, int? limit, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var now = time.GetUtcNow();
        // Who asks about one payout wants all that was asked for it.
        var requests = (state ?? (payout is null ? "waiting" : "all")).ToLowerInvariant() switch
        {
            "all" => db.SignRequests.OrderByDescending(x => x.AskedAt),
            "waiting" => db.SignRequests.Where(x => x.State == SignRequestState.Waiting && x.Deadline > now).OrderBy(x => x.AskedAt),
            "overdue" => db.SignRequests.Where(x => x.State == SignRequestState.Waiting && x.Deadline <= now).OrderByDescending(x => x.AskedAt),
            "awaiting-order" => db.SignRequests.Where(x => x.State == SignRequestState.AwaitingOrder).OrderBy(x => x.AskedAt),
            "held" => db.SignRequests.Where(x => x.State == SignRequestState.Held).OrderBy(x => x.AskedAt),
            "signed" => db.SignRequests.Where(x => x.State == SignRequestState.Signed).OrderByDescending(x => x.AskedAt),
            "rejected" => db.SignRequests.Where(x => x.State == SignRequestState.Rejected).OrderByDescending(x => x.AskedAt),
            "refused" => db.SignRequests.Where(x => x.State == SignRequestState.Refused).OrderByDescending(x => x.AskedAt),
            _ => null,
        };
        if (requests is null)
            return Problem(StatusCodes.Status400BadRequest, "StateUnknown", "state is one of all, waiting, overdue, awaiting-order, held, signed, rejected, refused");
        if (payout is { } one)
            requests = requests.Where(x => x.PayoutId == new PayoutId(one)).OrderByDescending(x => x.AskedAt);
        var page = await requests.AsNoTracking().Take(Math.Clamp(limit ?? 50, 1, ListMax)).ToListAsync(cancellationToken);
        var ids = page.ConvertAll(x => x.PayoutId);
        var orders = await db.Orders.AsNoTracking().Where(x => ids.Contains(x.PayoutId)).ToDictionaryAsync(x => x.PayoutId, cancellationToken);
        var gathered = await GatheredView.ReadAsync(db, policy.Signers, page, cancellationToken);
        return Results.Ok(page.ConvertAll(x => SignRequestView.Of(x, orders.GetValueOrDefault(x.PayoutId), check, book, gathered.GetValueOrDefault(x.RequestId))));
    }

    private static async Task<IResult> ShowAsync(
        IDbContextFactory<SignerDbContext> contexts, IntentCheck check, SignRequestBook book, SignerPolicy policy, Guid id, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await db.SignRequests.AsNoTracking().SingleOrDefaultAsync(x => x.RequestId == id, cancellationToken) is not { } request)
            return Problem(StatusCodes.Status404NotFound, nameof(AnswerProblem.RequestUnknown), $"there is no sign request {id}");
        var order = await db.Orders.AsNoTracking().SingleOrDefaultAsync(x => x.PayoutId == request.PayoutId, cancellationToken);
        var gathered = await GatheredView.ReadAsync(db, policy.Signers, [request], cancellationToken);
        return Results.Ok(SignRequestView.Of(request, order, check, book, gathered.GetValueOrDefault(id)));
    }

    private static async Task<IResult> CompleteAsync(HttpRequest http, AnswerDesk desk, Guid id, CancellationToken cancellationToken) =>
        await ReadAsync<Answer>(http, cancellationToken) switch
        {
            ({ } answer, _) => Answered(id, await desk.CompleteAsync(id, answer, message: null, cancellationToken)),
            (_, var problem) => problem!,
        };

    private static async Task<IResult> RejectAsync(HttpRequest http, AnswerDesk desk, Guid id, CancellationToken cancellationToken) =>
        await ReadAsync<Rejection>(http, cancellationToken) switch
        {
            ({ } rejection, _) => Answered(id, await desk.RejectAsync(id, rejection, message: null, cancellationToken)),
            (_, var problem) => problem!,
        };

    // Read here rather than bound, so that a wrong body is told apart by a code like every other refusal.
    private static async Task<(T? Body, IResult? Problem)> ReadAsync<T>(HttpRequest http, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            return await JsonSerializer.DeserializeAsync<T>(http.Body, ContractsJson.Options, cancellationToken) is { } body
                ? (body, null)
                : (null, Problem(StatusCodes.Status400BadRequest, "BodyUnreadable", "the body is null; a JSON object is right"));
        }
        catch (JsonException wrong)
        {
            return (null, Problem(StatusCodes.Status400BadRequest, "BodyUnreadable", wrong.Message));
        }
        catch (BadHttpRequestException wrong)
        {
            return (null, Problem(wrong.StatusCode, "BodyUnreadable", $"{wrong.Message} At most {BodyBytesMax} bytes are taken."));
        }
    }

    private static IResult Answered(Guid id, AnswerOutcome outcome) => outcome switch
    {
        AnswerOutcome.Taken taken => Results.Ok(new { requestId = id, state = taken.State, changed = true }),
        AnswerOutcome.Unchanged unchanged => Results.Ok(new { requestId = id, state = unchanged.State, changed = false }),
        AnswerOutcome.Refused { Problem: AnswerProblem.RequestUnknown } refused => Refused(StatusCodes.Status404NotFound, refused),
        AnswerOutcome.Refused { Problem: AnswerProblem.RequestNotAsked } refused => Refused(StatusCodes.Status409Conflict, refused),
        AnswerOutcome.Refused refused => Refused(StatusCodes.Status422UnprocessableEntity, refused),
        _ => throw new InvalidOperationException($"an answer cannot end as {outcome}"),
    };

    private static IResult Refused(int status, AnswerOutcome.Refused refused) => Problem(status, refused.Problem.ToString(), refused.Detail);

    private static IResult Problem(int status, string code, string detail) =>
        Results.Problem(statusCode: status, detail: detail, extensions: new Dictionary<string, object?> { ["code"] = code });
}
