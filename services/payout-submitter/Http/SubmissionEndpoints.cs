using Microsoft.EntityFrameworkCore;
using Payouts.Contracts;
using Payouts.Hosting.Access;

namespace Payouts.Submitter.Http;

/// <summary>Read only: what was sent, how often, and what the network said.</summary>
internal static class SubmissionEndpoints
{
    public static void MapSubmissions(this IEndpointRouteBuilder routes)
    {
        var submissions = routes.MapGroup("/submissions");
        submissions.MapGet("/", async (IDbContextFactory<SubmitterDbContext> contexts, Guid? payout, SubmissionState? state, int? limit, CancellationToken cancellationToken) =>
        {
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            var query = db.Submissions.AsNoTracking();
            if (payout is { } id)
                query = query.Where(x => x.PayoutId == new PayoutId(id));
            if (state is { } wanted)
                query = query.Where(x => x.State == wanted);
            return (await query.OrderByDescending(x => x.CreatedAt).Take(Math.Clamp(limit ?? 100, 1, 1000)).ToListAsync(cancellationToken)).Select(Show);
        }).For(AccessRole.Read);
        submissions.MapGet("/{hash}", async (IDbContextFactory<SubmitterDbContext> contexts, string hash, CancellationToken cancellationToken) =>
        {
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            var inner = await db.FeeBumps.Where(x => x.BumpHash == hash).Select(x => x.TransactionHash).SingleOrDefaultAsync(cancellationToken) ?? hash;
            return await db.Submissions.AsNoTracking().SingleOrDefaultAsync(x => x.TransactionHash == inner, cancellationToken) is { } found
                ? Results.Ok(Show(found))
                : Results.Problem(statusCode: 404, detail: "no submission has this transaction hash");
        }).For(AccessRole.Read);
    }

    private static object Show(Submission x) => new
    {
        x.TransactionHash, x.Kind, x.PayoutId, x.Attempt, x.Channel, x.SequenceNumber, x.Winner, x.Amount, x.Currency, x.State, x.Tries, x.LastAnswer,
        x.Bumps, x.BumpHash, x.BumpFeeStroops,
        x.ValidUntil, x.MaxLedger, x.SendAt, x.CheckAt, x.PollsAfterEnd, x.CreatedAt, x.AcceptedAt, x.DoneAt, x.Ledger,
    };
}
