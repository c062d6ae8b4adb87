using System.Text.Json;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Payouts.Contracts;
using Payouts.Hosting.Access;
using Payouts.Hosting.Messaging;
using Payouts.Rounds.Game;
using Payouts.Rounds.Storage;

namespace Payouts.Rounds.Direct;

/// <summary>
/// The door through which people order a payout outside a round. It is here and not at payout-builder, because what this service announces is what
/// payout-signer believes: payout-builder alone must not be able to invent a debt.
/// </summary>
internal static class DirectEndpoints
{
    private const int PageSize = 100;
    private const int BodyBytesMax = 16 * 1024;
    private const int IdempotencyKeyLengthMax = 200;

    /// <summary>POST /payouts, GET /direct-payouts, GET /direct-payouts/REFERENCE.</summary>
    public static void MapDirectPayouts(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/payouts", OrderAsync).For(AccessRole.Operate).WithMetadata(new RequestSizeLimitAttribute(BodyBytesMax));
        routes.MapGet("/direct-payouts", ListAsync).For(AccessRole.Read, AccessRole.Game);
        routes.MapGet("/direct-payouts/{reference}", ShowAsync).For(AccessRole.Read, AccessRole.Game);
    }

    private static async Task<IResult> OrderAsync(HttpContext http, UnitOfWorkFactory<RoundsDbContext> units, DirectDesk desk, CancellationToken cancellationToken)
    {
        var (body, problem) = await ReadAsync(http.Request, cancellationToken);
        if (body is null)
            return problem!;
        var key = http.Request.Headers["Idempotency-Key"].ToString();
        if (key.Length > IdempotencyKeyLengthMax || !ForeignText.IsStorable(key))
            return Refused(new Refusal([new Problem(RefusalCode.IdempotencyKeyInvalid, $"Idempotency-Key: at most {IdempotencyKeyLengthMax} characters are right, none of them NUL")]));
        var caller = Caller.Of(http.User);
        var request = DirectRequest.Read(body) with { IdempotencyKey = key.Length == 0 ? null : key, OrderedBy = caller.IsNamed ? caller.Name : null };
        try
        {
            var order = await units.RunAsync(async unit => (await desk.OrderAsync([request], unit, cancellationToken))[0], cancellationToken);
            return Results.Accepted($"/direct-payouts/{Uri.EscapeDataString(order.Reference)}", Ordered(order));
        }
        catch (GameEventRefusedException refused)
        {
            return Refused(refused.Refusal);
        }
    }

    private static async Task<IResult> ListAsync(IDbContextFactory<RoundsDbContext> contexts, string? after, int? limit, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var size = Math.Clamp(limit ?? PageSize, 1, RoundsOptions.PageSizeMax);
        var start = after ?? "";
        var page = await db.Direct.AsNoTracking().Where(x => string.Compare(x.Reference, start) > 0).OrderBy(x => x.Reference).Take(size).ToListAsync(cancellationToken);
        return Results.Ok(new { payouts = page.Select(Shown), next = page.Count == size ? page[^1].Reference : null });
    }

    private static async Task<IResult> ShowAsync(IDbContextFactory<RoundsDbContext> contexts, string reference, CancellationToken cancellationToken)
    {
        // A slash arrives escaped: the route must not take it for its own.
        var wanted = reference.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Direct.AsNoTracking().SingleOrDefaultAsync(x => x.Reference == wanted, cancellationToken) is { } order
            ? Results.Ok(Shown(order))
            : Results.Problem(statusCode: StatusCodes.Status404NotFound, detail: $"there is no direct payout \"{FieldChecks.Shorten(wanted)}\"");
    }

    /// <summary>What was ordered: the same however often it is asked for, so that a repeat is answered as the first was.</summary>
    private static object Ordered(DirectPayout order) => new
    {
        order.Reference, roundId = DirectName.Of(order.Reference), order.Context, order.PoolId, order.RoundNumber, order.Winner, order.Amount, order.Currency, order.Reason, order.OrderedBy, order.OrderedAt,
    };

    private static object Shown(DirectPayout order) => new
    {
        order.Reference, roundId = DirectName.Of(order.Reference), order.Context, order.PoolId, order.RoundNumber, order.Winner, order.Amount, order.Currency, order.Reason, order.OrderedBy, order.OrderedAt,
        outcome = order.Outcome?.ToString() ?? "Pending", order.Paid, order.PayoutId, order.TransactionHash, order.Ledger, order.SettledAt,
    };

    // Read here rather than bound, so that a wrong body is told apart by a code like every other refusal.
    private static async Task<(DirectPayoutRequested? Body, IResult? Problem)> ReadAsync(HttpRequest http, CancellationToken cancellationToken)
    {
        try
        {
            return await JsonSerializer.DeserializeAsync<DirectPayoutRequested>(http.Body, ContractsJson.Options, cancellationToken) is { } body
                ? (body, null)
                : (null, Answer(StatusCodes.Status400BadRequest, "BodyUnreadable", "the body is null; a JSON object is right"));
        }
        catch (JsonException wrong)
        {
            return (null, Answer(StatusCodes.Status400BadRequest, "BodyUnreadable", wrong.Message));
        }
        catch (BadHttpRequestException wrong)
        {
            return (null, Answer(wrong.StatusCode, "BodyUnreadable", $"{wrong.Message} At most {BodyBytesMax} bytes are taken."));
        }
    }

    private static IResult Refused(Refusal refusal) => Answer(Doors.DoorAnswers.StatusOf(refusal.Code), refusal.Code.ToString(), refusal.Detail);

    private static IResult Answer(int status, string code, string detail) =>
        Results.Problem(statusCode: status, detail: detail, extensions: new Dictionary<string, object?> { ["code"] = code });
}
