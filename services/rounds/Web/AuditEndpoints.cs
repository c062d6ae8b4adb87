using Microsoft.EntityFrameworkCore;
using Payouts.Hosting.Access;
using Payouts.Rounds.Storage;
using Payouts.Rounds.Trail;
using Payouts.Rounds.Verifying;

namespace Payouts.Rounds.Web;

/// <summary>What happened to a round and whether it can be proven, over HTTP. The chain over all rounds is the command's: it reads everything.</summary>
internal static class AuditEndpoints
{
    private const int PageSize = 100;

    /// <summary>GET /rounds/ID/trail, GET /rounds/ID/verification.</summary>
    public static void MapAudit(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/rounds/{id}/trail", TrailAsync).For(AccessRole.Read);
        routes.MapGet("/rounds/{id}/verification", VerifyAsync).For(AccessRole.Read);
    }

    private static async Task<IResult> TrailAsync(IDbContextFactory<RoundsDbContext> contexts, string id, int? after, int? limit, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var (roundId, start, size) = (RoundEndpoints.Name(id), after ?? 0, Math.Clamp(limit ?? PageSize, 1, RoundsOptions.PageSizeMax));
        var page = await db.Trail.AsNoTracking().Where(x => x.RoundId == roundId && x.Seq > start).OrderBy(x => x.Seq).Take(size).ToListAsync(cancellationToken);
        if (page.Count == 0 && !await db.Rounds.AnyAsync(x => x.Id == roundId, cancellationToken))
            return RoundEndpoints.NotFound(id);
        return Results.Ok(new { trail = page.Select(Shown), next = page.Count == size ? page[^1].Seq : (int?)null });
    }

    private static async Task<IResult> VerifyAsync(RoundVerifier verifier, IDbContextFactory<RoundsDbContext> contexts, string id, CancellationToken cancellationToken)
    {
        var roundId = RoundEndpoints.Name(id);
        if (await verifier.RoundAsync(roundId, cancellationToken) is not { } report)
            return RoundEndpoints.NotFound(id);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var resolution = await db.Resolutions.AsNoTracking().SingleOrDefaultAsync(x => x.RoundId == roundId, cancellationToken);
        return Results.Ok(new
        {
            holds = report.Holds,
            recomputed = report.Recomputed > 0,
            forgotten = report.Forgotten > 0,
            findings = report.Findings,
            resolution = resolution is null ? null : new
            {
                policy = $"{resolution.Policy} v{resolution.PolicyVersion}", resolution.Seed, resolution.InputsHash, resolution.Outcome, resolution.OutcomeHash,
            },
        });
    }

    private static object Shown(TrailEntry entry) => new
    {
        entry.Seq, entry.At, entry.Action, entry.Actor, entry.Reason, before = entry.BeforeValues, after = entry.AfterValues, entry.ContentHash, entry.PreviousHash, entry.Hash,
    };
}
