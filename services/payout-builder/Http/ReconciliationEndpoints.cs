using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Payouts.Builder.Reconciling;
using Payouts.Hosting.Access;

namespace Payouts.Builder.Http;

/// <summary>The books over HTTP: JSON, or with "Accept: text/plain" the table.</summary>
internal static class ReconciliationEndpoints
{
    private const int FindingsMax = 1000;

    /// <summary>Of what was taken for a day.</summary>
    private const int ShownLengthMax = 20;

    public static void MapReconciliation(this IEndpointRouteBuilder routes)
    {
        var books = routes.MapGroup("/reconciliation");
        books.MapGet("/", SummaryAsync).For(AccessRole.Read);
        books.MapGet("/rounds/{roundId}", async (string roundId, ReportBuilder reports, HttpRequest request, CancellationToken cancellationToken) =>
            await reports.RoundAsync(NameOf(roundId), cancellationToken) is { } report ? Answer(request, report) : Results.Problem(statusCode: 404, detail: $"round {roundId} has no payouts here")).For(AccessRole.Read);
        books.MapGet("/days/{day}", async (string day, ReportBuilder reports, HttpRequest request, CancellationToken cancellationToken) =>
            DateOnly.TryParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
                ? Answer(request, await reports.DayAsync(date, cancellationToken))
                : Results.Problem(statusCode: 400, detail: $"\"{(day.Length <= ShownLengthMax ? day : day[..ShownLengthMax])}\" is no day; write a UTC day such as 2026-07-01")).For(AccessRole.Read);
    }

    // A slash in a round's name or a reference arrives escaped: the route must not take it for its own.
    private static string NameOf(string roundId) => roundId.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);

    private static IResult Answer(HttpRequest request, ReconciliationReport report) =>
        request.GetTypedHeaders().Accept.Any(x => x.MediaType == "text/plain") ? Results.Text(ReportText.Write(report)) : Results.Ok(report);

    private static async Task<IResult> SummaryAsync(IDbContextFactory<BuilderDbContext> contexts, bool? resolved, int? limit, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var coverage = await Coverage.ReadAsync(db, cancellationToken);
        var open = db.Set<ReconciliationFinding>().AsNoTracking().Where(x => x.ResolvedAt == null);
        var counts = await open.GroupBy(x => x.Kind).Select(x => new { kind = x.Key, count = x.Count() }).ToListAsync(cancellationToken);
        var shown = await (resolved == true ? db.Set<ReconciliationFinding>().AsNoTracking() : open)
            .OrderByDescending(x => x.FoundAt).ThenBy(x => x.Subject).Take(Math.Clamp(limit ?? 100, 1, FindingsMax)).ToListAsync(cancellationToken);
        return Results.Ok(new
        {
            ledger = coverage.Through, lagLedgers = coverage.Lag, coverage.ReadAt, firstLedger = coverage.From,
            gaps = coverage.Gaps.Select(x => new { x.FromLedger, x.ToLedger, x.FoundAt }),
            open = counts, findings = shown,
        });
    }
}
