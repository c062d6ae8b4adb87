using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Payouts.Contracts;
using Payouts.Hosting.Access;
using Payouts.Hosting.Messaging;
using Payouts.Rounds.Doors;
using Payouts.Rounds.Game;
using Payouts.Rounds.Storage;

namespace Payouts.Rounds.Web;

/// <summary>Reading rounds over HTTP.</summary>
internal static class RoundEndpoints
{
    private const int PageSize = 100;

    /// <summary>GET /rounds, GET /rounds/ID, GET /rounds/ID/entries, GET /rounds/ID/payouts.</summary>
    public static void MapRounds(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/rounds").AddEndpointFilter(RoundDoors.RefuseAsync);
        group.MapGet("/", ListAsync).For(AccessRole.Read, AccessRole.Game).WithMetadata(new DoorShape("Rounds, the newest first", null, typeof(RoundsPage)));
        group.MapGet("/{id}", ShowAsync).For(AccessRole.Read, AccessRole.Game).WithMetadata(new DoorShape("A round", null, typeof(RoundDetail)));
        group.MapGet("/{id}/entries", EntriesAsync).For(AccessRole.Read, AccessRole.Game).WithMetadata(new DoorShape("Who entered, page by page", null, typeof(EntriesPage)));
        group.MapGet("/{id}/payouts", PayoutsAsync).For(AccessRole.Read, AccessRole.Game).WithMetadata(new DoorShape("Who is owed what and what became of it, page by page", null, typeof(PayoutsPage)));
    }

    private static async Task<IResult> ListAsync(
        IDbContextFactory<RoundsDbContext> contexts, string? state, string? context, string? from, string? after, string? limit, CancellationToken cancellationToken)
    {
        var (filter, size) = (RoundFilter.Read(state, context, from, after), Limit(limit));
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var page = await filter.In(db.Rounds.AsNoTracking()).Take(size).ToListAsync(cancellationToken);
        return Results.Ok(new RoundsPage(page.ConvertAll(RoundView.Of), page.Count == size ? RoundFilter.CursorAfter(page[^1]) : null));
    }

    private static async Task<IResult> ShowAsync(IDbContextFactory<RoundsDbContext> contexts, string id, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await FindAsync(db, id, cancellationToken) is not { } round)
            return NotFound(id);
        var ends = await db.Payouts.AsNoTracking().Where(x => x.RoundId == round.Id).GroupBy(x => x.Outcome)
            .Select(x => new { Outcome = x.Key, Count = x.Count() }).ToListAsync(cancellationToken);
        return Results.Ok(new RoundDetail(RoundView.Of(round), ends.ToDictionary(x => x.Outcome?.ToString() ?? "Pending", x => x.Count)));
    }

    private static async Task<IResult> PayoutsAsync(IDbContextFactory<RoundsDbContext> contexts, string id, string? after, string? limit, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await FindAsync(db, id, cancellationToken) is not { } round)
            return NotFound(id);
        var size = Limit(limit);
        var start = RoundFilter.Storable(after) ?? "";
        var page = await db.Payouts.AsNoTracking().Where(x => x.RoundId == round.Id && string.Compare(x.Winner, start) > 0)
            .OrderBy(x => x.Winner).Take(size).ToListAsync(cancellationToken);
        return Results.Ok(new PayoutsPage(
            page.ConvertAll(x => new PayoutView(x.Winner, x.Amount, x.Outcome?.ToString() ?? "Pending", x.Paid, x.PayoutId, x.TransactionHash, x.Ledger)),
            page.Count == size ? page[^1].Winner : null));
    }

    private static async Task<IResult> EntriesAsync(IDbContextFactory<RoundsDbContext> contexts, string id, string? after, string? limit, CancellationToken cancellationToken)
    {
        var (size, start) = (Limit(limit), RoundFilter.Storable(after) ?? "");
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await FindAsync(db, id, cancellationToken) is not { } round)
            return NotFound(id);
        // Entries have no entity: they are written and read in sets. Money is numeric in one database and text in the other.
        var page = await db.Database.SqlQuery<EntryRow>(
            $"select player, cast(stake as text) as stake, choice from round_entries where round_id = {round.Id} and player > {start} order by player limit {size}").ToListAsync(cancellationToken);
        return Results.Ok(new EntriesPage(
            page.ConvertAll(x => new EntryView(x.Player, new Stroops(Int128.Parse(x.Stake, CultureInfo.InvariantCulture)), x.Choice)),
            page.Count == size ? page[^1].Player : null));
    }

    /// <summary>A slash in a round's name arrives escaped: the route must not take it for its own.</summary>
    public static string Name(string id) => id.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);

    public static IResult NotFound(string id) => DoorAnswers.Refuse(DoorCode.RoundNotFound, $"there is no round \"{FieldChecks.Shorten(id)}\"");

    private static Task<Round?> FindAsync(RoundsDbContext db, string id, CancellationToken cancellationToken)
    {
        // Percent signs can spell what no database stores.
        if (!ForeignText.IsStorable(id))
            return Task.FromResult<Round?>(null);
        var roundId = Name(id);
        return db.Rounds.AsNoTracking().SingleOrDefaultAsync(x => x.Id == roundId, cancellationToken);
    }

    /// <exception cref="DoorRefusedException">It is no number.</exception>
    public static int Limit(string? limit) => limit is null ? PageSize
        : int.TryParse(limit, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var rows) ? Math.Clamp(rows, 1, RoundsOptions.PageSizeMax)
        : throw new DoorRefusedException(DoorCode.QueryInvalid, "limit: is no number of rows");

    private sealed record EntryRow(string Player, string Stake, string? Choice);
}
