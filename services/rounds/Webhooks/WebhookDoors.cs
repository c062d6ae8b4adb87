using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Payouts.Hosting.Access;
using Payouts.Hosting.Messaging;
using Payouts.Rounds.Doors;
using Payouts.Rounds.Game;
using Payouts.Rounds.Storage;
using Payouts.Rounds.Web;

namespace Payouts.Rounds.Webhooks;

/// <summary>What was and will be delivered, over HTTP, and having it sent again.</summary>
internal static class WebhookDoors
{
    /// <summary>GET /webhooks, GET /webhooks/ID, POST /webhooks/ID/replay, POST /webhooks/replay.</summary>
    public static void MapWebhooks(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/webhooks").AddEndpointFilter(RoundDoors.RefuseAsync);
        group.MapGet("/", ListAsync).For(AccessRole.Read, AccessRole.Game).WithMetadata(new DoorShape("Deliveries of webhooks, the newest first", null, typeof(WebhooksPage)));
        group.MapGet("/{id}", ShowAsync).For(AccessRole.Read, AccessRole.Game).WithMetadata(new DoorShape("A delivery and what it says", null, typeof(WebhookDetail)));
        group.MapPost("/{id}/replay", ReplayAsync).For(AccessRole.Operate, AccessRole.Game);
        group.MapPost("/replay", ReplayFailedAsync).For(AccessRole.Operate, AccessRole.Game);
    }

    private static async Task<IResult> ListAsync(
        IDbContextFactory<RoundsDbContext> contexts, string? state, string? endpoint, string? roundId, string? after, string? limit, CancellationToken cancellationToken)
    {
        var size = RoundEndpoints.Limit(limit);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var rows = db.Webhooks.AsNoTracking();
        if (state is not null)
        {
            var wanted = Enum.GetValues<WebhookState>().Where(x => string.Equals(x.ToString(), state, StringComparison.OrdinalIgnoreCase)).ToList();
            if (wanted is not [var one])
                throw Wrong($"state: is one of {string.Join(", ", Enum.GetNames<WebhookState>())}");
            rows = rows.Where(x => x.State == one);
        }

        if (Text("endpoint", endpoint) is { } name)
            rows = rows.Where(x => x.Endpoint == name);
        if (Text("roundId", roundId) is { } round)
            rows = rows.Where(x => x.RoundId == round);
        if (Number("after", after) is { } last)
            rows = rows.Where(x => x.Id < last);
        var page = await rows.OrderByDescending(x => x.Id).Take(size).ToListAsync(cancellationToken);
        return Results.Ok(new WebhooksPage(page.ConvertAll(WebhookView.Of), page.Count == size ? page[^1].Id : null));
    }

    private static async Task<IResult> ShowAsync(IDbContextFactory<RoundsDbContext> contexts, string id, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return IdOf(id) is { } number && await db.Webhooks.AsNoTracking().SingleOrDefaultAsync(x => x.Id == number, cancellationToken) is { } row
            ? Results.Ok(new WebhookDetail(WebhookView.Of(row), JsonElement.Parse(row.Body)))
            : NotFound(id);
    }

    private static async Task<IResult> ReplayAsync(WebhookReplays replays, HttpContext http, string id, CancellationToken cancellationToken) =>
        IdOf(id) is not { } number ? NotFound(id) : await replays.ReplayAsync(number, Caller.Of(http.User).Name, cancellationToken) switch
        {
            (false, _) => NotFound(id),
            (true, { } problem) => DoorAnswers.Refuse(DoorCode.WebhookNotReplayed, problem),
            _ => Results.Accepted(),
        };

    private static async Task<IResult> ReplayFailedAsync(WebhookReplays replays, HttpContext http, string? endpoint, CancellationToken cancellationToken)
    {
        var name = Text("endpoint", endpoint) ?? throw Wrong("endpoint: is absent; name the endpoint whose failed deliveries are sent again");
        return await replays.ReplayFailedAsync(name, Caller.Of(http.User).Name, cancellationToken) is { } done
            ? Results.Json(new { replayed = done.Replayed, more = done.More }, statusCode: StatusCodes.Status202Accepted)
            : DoorAnswers.Refuse(DoorCode.EndpointUnknown, "endpoint: there is no such endpoint in the file of ROUNDS_WEBHOOKS_FILE");
    }

    /// <summary>Not bound by the route: an id that is no number is told like any other that is not there, and only to who may ask.</summary>
    private static long? IdOf(string id) => long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static IResult NotFound(string id) => DoorAnswers.Refuse(DoorCode.WebhookNotFound, $"there is no delivery \"{FieldChecks.Shorten(id)}\"");

    private static long? Number(string name, string? text) => text is null ? null
        : long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number
        : throw Wrong($"{name}: is no whole number");

    private static string? Text(string name, string? text) => text is null || ForeignText.IsStorable(text) ? text : throw Wrong($"{name}: holds a character that no name has");

    private static DoorRefusedException Wrong(string text) => new(DoorCode.QueryInvalid, text);
}
