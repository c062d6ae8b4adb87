using Microsoft.AspNetCore.Mvc;
using Payouts.Contracts;
using Payouts.Hosting.Access;
using Payouts.Rounds.Cancelling;
using Payouts.Rounds.Game;
using Payouts.Rounds.Web;

namespace Payouts.Rounds.Doors;

/// <summary>
/// The game's events over HTTP, read and judged as the messages are, and the two decisions of people: what a draw comes to, and calling a round
/// off. Who is let in: docs/security.md. See docs/adr/0031.
/// </summary>
internal static class RoundDoors
{
    /// <summary>Of entries and draws: ten thousand players with the longest stakes and choices fit twice.</summary>
    public const int BodyBytesMax = 4 * 1024 * 1024;

    /// <summary>Of the other requests.</summary>
    public const int ShortBodyBytesMax = 16 * 1024;

    /// <summary>POST /rounds, and /rounds/ID/entries, /close, /draw, /cancel.</summary>
    public static void MapRoundDoors(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/rounds").AddEndpointFilter(RefuseAsync);
        group.MapPost("/", OpenAsync).For(AccessRole.Game).WithMetadata(new RequestSizeLimitAttribute(ShortBodyBytesMax))
            .WithMetadata(new DoorShape("Opens a round", typeof(GameRoundOpened), typeof(RoundAnswer)) { Status = StatusCodes.Status201Created });
        group.MapPost("/{id}/entries", EnterAsync).For(AccessRole.Game).WithMetadata(new RequestSizeLimitAttribute(BodyBytesMax))
            .WithMetadata(new DoorShape("Enters players", typeof(EntriesBody), typeof(RoundAnswer)));
        group.MapPost("/{id}/close", CloseAsync).For(AccessRole.Game).WithMetadata(new RequestSizeLimitAttribute(ShortBodyBytesMax))
            .WithMetadata(new DoorShape("Closes a round", typeof(ClosingBody), typeof(RoundAnswer)));
        group.MapPost("/{id}/draw", DrawAsync).For(AccessRole.Admin).WithMetadata(new RequestSizeLimitAttribute(BodyBytesMax))
            .WithMetadata(new DoorShape("Draws a round, or with preview=true shows what the draw comes to", typeof(DrawBody), typeof(RoundAnswer), typeof(DrawShown)));
        group.MapPost("/{id}/cancel", CancelAsync).For(AccessRole.Operate).WithMetadata(new RequestSizeLimitAttribute(ShortBodyBytesMax))
            .WithMetadata(new DoorShape("Calls a round off: every stake is owed back", typeof(CancelBody), typeof(RoundAnswer)));
    }

    /// <summary>What leaves a door as a refusal becomes its answer.</summary>
    public static async ValueTask<object?> RefuseAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        try
        {
            return await next(context);
        }
        catch (DoorRefusedException refused)
        {
            return DoorAnswers.Refuse(refused.Code, refused.Message);
        }
        catch (GameEventRefusedException refused)
        {
            return DoorAnswers.Refuse(refused.Refusal);
        }
    }

    private static async Task<IResult> OpenAsync(HttpContext http, RoundDoor door, CancellationToken cancellationToken)
    {
        var request = await DoorRequest.ReadAsync(http, cancellationToken);
        var opening = GameEventReader.Read(request.Read<GameRoundOpened>());
        var answer = await door.TakeAsync(request, opening, resolutionHash: null, cancellationToken);
        http.Response.Headers.Location = $"/rounds/{Uri.EscapeDataString(opening.RoundId)}";
        return DoorAnswers.Taken(answer);
    }

    private static async Task<IResult> EnterAsync(HttpContext http, RoundDoor door, string id, CancellationToken cancellationToken)
    {
        var request = await DoorRequest.ReadAsync(http, cancellationToken);
        var body = request.Read<EntriesBody>();
        return DoorAnswers.Taken(await door.TakeAsync(request, GameEventReader.Read(body.Event(RoundOf(id, body.RoundId))), resolutionHash: null, cancellationToken));
    }

    private static async Task<IResult> CloseAsync(HttpContext http, RoundDoor door, string id, CancellationToken cancellationToken)
    {
        var request = await DoorRequest.ReadAsync(http, cancellationToken);
        var body = request.Read<ClosingBody>();
        return DoorAnswers.Taken(await door.TakeAsync(request, GameEventReader.Read(body.Event(RoundOf(id, body.RoundId))), resolutionHash: null, cancellationToken));
    }

    private static async Task<IResult> DrawAsync(HttpContext http, RoundDoor door, DrawPreview previews, string id, string? preview, CancellationToken cancellationToken)
    {
        var isPreview = preview switch
        {
            null or "false" => false,
            "true" => true,
            _ => throw new DoorRefusedException(DoorCode.QueryInvalid, "preview: is true or false"),
        };
        var request = await DoorRequest.ReadAsync(http, cancellationToken);
        var body = request.Read<DrawBody>();
        var draw = GameEventReader.Read(body.Event(RoundOf(id, body.RoundId)));
        if (isPreview)
            return DoorAnswers.Taken(new DoorAnswer(StatusCodes.Status200OK, DoorAnswers.Write(await previews.OfAsync(draw, cancellationToken))));
        if (string.IsNullOrEmpty(body.ResolutionHash))
            throw new DoorRefusedException(DoorCode.ResolutionHashMissing, "resolutionHash: is absent; preview the draw (POST ?preview=true) and send the hash of what you saw");
        return DoorAnswers.Taken(await door.TakeAsync(request, draw, body.ResolutionHash, cancellationToken));
    }

    private static async Task<IResult> CancelAsync(HttpContext http, RoundDoor door, string id, CancellationToken cancellationToken)
    {
        var request = await DoorRequest.ReadAsync(http, cancellationToken);
        var body = request.Read<CancelBody>();
        var roundId = RoundOf(id, body.RoundId);
        var checks = new FieldChecks();
        checks.RoundId(roundId);
        if (checks.Problems.Count > 0)
            throw new GameEventRefusedException(new Refusal(checks.Problems));
        var (by, problem) = request.Caller.ActsFor(body.By);
        if (problem is not null)
            throw new DoorRefusedException(DoorCode.CallerDiffers, problem);
        if (!RoundCancellation.CanKeep(by))
            throw new DoorRefusedException(DoorCode.CallerInvalid, $"by: write who cancels, 1 to {RoundsOptions.ReasonLengthMax} printable characters");
        if (!RoundCancellation.CanKeep(body.Reason))
            throw new DoorRefusedException(DoorCode.ReasonInvalid, $"reason: write why, 1 to {RoundsOptions.ReasonLengthMax} printable characters; it is kept for ever");
        return DoorAnswers.Taken(await door.CancelAsync(request, roundId, by!, body.Reason!, cancellationToken));
    }

    private static string RoundOf(string id, string? inBody)
    {
        var roundId = RoundEndpoints.Name(id);
        return inBody is null || inBody == roundId ? roundId : throw new DoorRefusedException(DoorCode.RoundIdDiffers, "roundId: the body names another round than the path; leave it out");
    }
}
