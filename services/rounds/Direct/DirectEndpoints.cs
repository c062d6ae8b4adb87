using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Payouts.Contracts;
using Payouts.Hosting.Access;
using Payouts.Hosting.Messaging;
using Payouts.Rounds.Doors;
using Payouts.Rounds.Game;
using Payouts.Rounds.Storage;
using Payouts.Rounds.Web;

namespace Payouts.Rounds.Direct;

/// <summary>
/// The door through which people order a payout outside a round. It is here and not at payout-builder, because what this service announces is what
/// payout-signer believes: payout-builder alone must not be able to invent a debt.
/// </summary>
internal static class DirectEndpoints
{
    /// <summary>POST /payouts, GET /direct-payouts, GET /direct-payouts/REFERENCE.</summary>
    public static void MapDirectPayouts(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("").AddEndpointFilter(RoundDoors.RefuseAsync);
        group.MapPost("/payouts", OrderAsync).For(AccessRole.Operate).WithMetadata(new RequestSizeLimitAttribute(RoundDoors.ShortBodyBytesMax))
            .WithMetadata(new DoorShape("Orders a payout outside a round", typeof(DirectPayoutRequested), typeof(DirectOrderView)) { Status = StatusCodes.Status202Accepted });
        group.MapGet("/direct-payouts", ListAsync).For(AccessRole.Read, AccessRole.Game)
            .WithMetadata(new DoorShape("Payouts outside rounds by reference, page by page", null, typeof(DirectPayoutsPage)));
        group.MapGet("/direct-payouts/{reference}", ShowAsync).For(AccessRole.Read, AccessRole.Game)
            .WithMetadata(new DoorShape("A payout outside a round and what became of it", null, typeof(DirectPayoutView)));
    }

    private static async Task<IResult> OrderAsync(HttpContext http, KeyedRequests requests, DirectDesk desk, CancellationToken cancellationToken)
    {
        var request = await DoorRequest.ReadAsync(http, cancellationToken);
        var asked = DirectRequest.Read(request.Read<DirectPayoutRequested>()) with { OrderedBy = request.Caller.IsNamed ? request.Caller.Name : null };
        var answer = await requests.AnswerAsync(request, async unit =>
        {
            var order = (await desk.OrderAsync([asked], unit, cancellationToken))[0];
            return new DoorAnswer(StatusCodes.Status202Accepted, DoorAnswers.Write(DirectOrderView.Of(order)));
        }, cancellationToken);
        http.Response.Headers.Location = $"/direct-payouts/{Uri.EscapeDataString(asked.Reference)}";
        return DoorAnswers.Taken(answer);
    }

    private static async Task<IResult> ListAsync(IDbContextFactory<RoundsDbContext> contexts, string? after, string? limit, CancellationToken cancellationToken)
    {
        var (size, start) = (RoundEndpoints.Limit(limit), RoundFilter.Storable(after) ?? "");
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var page = await db.Direct.AsNoTracking().Where(x => string.Compare(x.Reference, start) > 0).OrderBy(x => x.Reference).Take(size).ToListAsync(cancellationToken);
        return Results.Ok(new DirectPayoutsPage(page.ConvertAll(DirectPayoutView.Of), page.Count == size ? page[^1].Reference : null));
    }

    private static async Task<IResult> ShowAsync(IDbContextFactory<RoundsDbContext> contexts, string reference, CancellationToken cancellationToken)
    {
        var wanted = RoundEndpoints.Name(reference);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        // Percent signs can spell what no database stores.
        return ForeignText.IsStorable(wanted) && await db.Direct.AsNoTracking().SingleOrDefaultAsync(x => x.Reference == wanted, cancellationToken) is { } order
            ? Results.Ok(DirectPayoutView.Of(order))
            : DoorAnswers.Refuse(DoorCode.DirectPayoutNotFound, $"there is no direct payout \"{FieldChecks.Shorten(wanted)}\"");
    }
}
