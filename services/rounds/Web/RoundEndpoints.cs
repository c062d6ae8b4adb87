using Microsoft.EntityFrameworkCore;
using Payouts.Hosting.Access;
using Payouts.Rounds.Rules;
using Payouts.Rounds.Storage;

namespace Payouts.Rounds.Web;

/// <summary>Reading rounds over HTTP.</summary>
internal static class RoundEndpoints
{
    private const int PageSize = 100;

    /// <summary>GET /rounds, GET /rounds/ID, GET /rounds/ID/payouts.</summary>
    public static void MapRounds(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/rounds");
        group.MapGet("/", ListAsync).For(AccessRole.Read, AccessRole.Game);
        group.MapGet("/{id}", ShowAsync).For(AccessRole.Read, AccessRole.Game);
        group.MapGet("/{id}/payouts", PayoutsAsync).For(AccessRole.Read, AccessRole.Game);
    }

    private static async Task<IResult> ListAsync(IDbContextFactory<RoundsDbContext> contexts, string? state, int? limit, CancellationToken cancellationToken)
    {
        RoundState? wanted = null;
        if (state is not null)
        {
            if (!Enum.TryParse<RoundState>(state, ignoreCase: true, out var read) || !Enum.IsDefined(read))
                return Results.Problem(statusCode: 400, detail: $"state must be one of {string.Join(", ", Enum.GetNames<RoundState>()).ToUpperInvariant()}");
            wanted = read;
        }

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var rounds = await db.Rounds.AsNoTracking().Where(x => wanted == null || x.State == wanted)
            .OrderByDescending(x => x.OpenedAt).ThenBy(x => x.Id).Take(Limit(limit)).ToListAsync(cancellationToken);
        return Results.Ok(new { rounds = rounds.Select(Summary) });
    }

    private static async Task<IResult> ShowAsync(IDbContextFactory<RoundsDbContext> contexts, string id, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await FindAsync(db, id, cancellationToken) is not { } round)
            return NotFound(id);
        var ends = await db.Payouts.AsNoTracking().Where(x => x.RoundId == round.Id).GroupBy(x => x.Outcome)
            .Select(x => new { Outcome = x.Key, Count = x.Count() }).ToListAsync(cancellationToken);
        return Results.Ok(new
        {
            round = Summary(round),
            payouts = ends.ToDictionary(x => x.Outcome?.ToString() ?? "Pending", x => x.Count),
        });
    }

    private static async Task<IResult> PayoutsAsync(IDbContextFactory<RoundsDbContext> contexts, string id, string? after, int? limit, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await FindAsync(db, id, cancellationToken) is not { } round)
            return NotFound(id);
        var size = Limit(limit);
        var start = after ?? "";
        var page = await db.Payouts.AsNoTracking().Where(x => x.RoundId == round.Id && string.Compare(x.Winner, start) > 0)
            .OrderBy(x => x.Winner).Take(size).ToListAsync(cancellationToken);
        return Results.Ok(new
        {
            payouts = page.Select(x => new { x.Winner, x.Amount, outcome = x.Outcome?.ToString() ?? "Pending", x.Paid, x.PayoutId, x.TransactionHash, x.Ledger }),
            next = page.Count == size ? page[^1].Winner : null,
        });
    }

    /// <summary>A slash in a round's name arrives escaped: the route must not take it for its own.</summary>
    public static string Name(string id) => id.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);

    public static IResult NotFound(string id) => Results.Problem(statusCode: 404, detail: $"there is no round \"{id}\"");

    private static Task<Round?> FindAsync(RoundsDbContext db, string id, CancellationToken cancellationToken)
    {
        var roundId = Name(id);
        return db.Rounds.AsNoTracking().SingleOrDefaultAsync(x => x.Id == roundId, cancellationToken);
    }

    private static object Summary(Round round) => new
    {
        roundId = round.Id,
        state = round.State.ToString().ToUpperInvariant(),
        round.Context, round.PoolId, round.RoundNumber, round.Currency,
        entries = round.Entries,
        round.Stakes, round.Yield,
        outcome = round.Outcome?.ToString(),
        policy = round.Policy is null ? null : $"{round.Policy} v{round.PolicyVersion}",
        round.Owed, round.Paid,
        payouts = round.Payouts, confirmed = round.Confirmed, writtenOff = round.WrittenOff,
        round.OpenedAt, round.ClosedAt, round.ResolvedAt, round.SettledAt,
        round.CancelledAt, round.CancelledBy, round.CancelReason,
    };

    private static int Limit(int? limit) => Math.Clamp(limit ?? PageSize, 1, RoundsOptions.PageSizeMax);
}
