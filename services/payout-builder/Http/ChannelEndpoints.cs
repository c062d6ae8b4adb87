using Microsoft.EntityFrameworkCore;
using Payouts.Builder.Lanes;
using Payouts.Hosting.Access;

namespace Payouts.Builder.Http;

/// <summary>The channels as they are leased, and their retirement: whoever removes an account from the ledger asks here first.</summary>
internal static class ChannelEndpoints
{
    private const int PageMax = 1000;

    public static void MapChannels(this IEndpointRouteBuilder routes)
    {
        var channels = routes.MapGroup("/channels");
        channels.MapGet("/", ListAsync).For(AccessRole.Read);
        channels.MapGet("/{account}", ShowAsync).For(AccessRole.Read);
        channels.MapPost("/{account}/retire", async (string account, ChannelDecision decision, ChannelDesk desk, BuilderOptions options, TimeProvider time, HttpContext http, CancellationToken cancellationToken) =>
            await InTheCallersNameAsync(http, decision, options, time, named => desk.RetireAsync(account, named, cancellationToken))).For(AccessRole.Operate);
        channels.MapPost("/{account}/keep", async (string account, ChannelDecision decision, ChannelDesk desk, BuilderOptions options, TimeProvider time, HttpContext http, CancellationToken cancellationToken) =>
            await InTheCallersNameAsync(http, decision, options, time, named => desk.KeepAsync(account, named, cancellationToken))).For(AccessRole.Operate);
    }

    private static async Task<IResult> ListAsync(
        IDbContextFactory<BuilderDbContext> contexts, BuilderOptions options, TimeProvider time, string? after, int? limit, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var query = db.Channels.AsNoTracking();
        if (after is not null)
            query = query.Where(x => string.Compare(x.Account, after) > 0);
        var page = await query.OrderBy(x => x.Account).Take(Math.Clamp(limit ?? 100, 1, PageMax)).ToListAsync(cancellationToken);
        return Results.Ok(page.Select(x => Show(x, options, time)));
    }

    private static async Task<IResult> ShowAsync(
        IDbContextFactory<BuilderDbContext> contexts, BuilderOptions options, TimeProvider time, string account, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Channels.AsNoTracking().SingleOrDefaultAsync(x => x.Account == account, cancellationToken) is { } channel
            ? Results.Ok(Show(channel, options, time))
            : NotFound($"there is no channel {account}");
    }

    /// <summary>As with decisions about payouts: the body's word counts only where the door knows no names.</summary>
    private static async Task<IResult> InTheCallersNameAsync(
        HttpContext http, ChannelDecision decision, BuilderOptions options, TimeProvider time, Func<ChannelDecision, Task<ChannelAnswer>> take)
    {
        var (name, problem) = Caller.Of(http.User).ActsFor(decision.By);
        return problem is null ? Answer(await take(decision with { By = name }), options, time) : Results.Problem(statusCode: 403, detail: problem);
    }

    private static IResult Answer(ChannelAnswer answer, BuilderOptions options, TimeProvider time) => answer switch
    {
        ChannelAnswer.Taken taken => Results.Ok(Show(taken.Channel, options, time)),
        ChannelAnswer.Unknown unknown => NotFound(unknown.Detail),
        ChannelAnswer.Wrong wrong => Results.Problem(statusCode: 400, detail: wrong.Detail),
        ChannelAnswer.Refused refused => Results.Problem(statusCode: 409, detail: refused.Detail),
        var other => throw new InvalidOperationException($"{other.GetType().Name} is no answer"),
    };

    private static IResult NotFound(string detail) => Results.Problem(statusCode: 404, detail: detail);

    private static object Show(Channel channel, BuilderOptions options, TimeProvider time) => new
    {
        channel.Account, state = channel.StateAt(time.GetUtcNow(), options.LaneDepth).ToString(), channel.NextSequence, channel.OpenSlots, channel.Listed,
        channel.LastUsedAt, channel.RestsUntil, channel.RetiringSince, channel.RetiredBy, channel.RetiredReason,
    };
}
