using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Payouts.Hosting.Database;
using Payouts.Hosting.DeadLetters;

namespace Payouts.Hosting.Web;

/// <summary>Reading and replaying a service's dead letters over HTTP.</summary>
public static class DeadLetterEndpoints
{
    private const int ListMax = 500;

    /// <summary>GET /SERVICE/dead-letters, GET /SERVICE/dead-letters/ID, POST /SERVICE/dead-letters/ID/replay.</summary>
    public static void MapDeadLetters<TDb>(this IEndpointRouteBuilder routes, string service)
        where TDb : ServiceDbContext
    {
        var group = routes.MapGroup($"/{service}/dead-letters");
        group.MapGet("/", async (DeadLetterDesk<TDb> desk, bool? replayed, int? limit, CancellationToken cancellationToken) =>
            await desk.ListAsync(replayed ?? false, Math.Clamp(limit ?? 50, 1, ListMax), cancellationToken));
        group.MapGet("/{id:guid}", async (DeadLetterDesk<TDb> desk, Guid id, CancellationToken cancellationToken) =>
            await desk.FindAsync(id, cancellationToken) is { } letter
                ? Results.Ok(new { letter = Summary(letter), body = Readable(letter) })
                : Results.Problem(statusCode: 404, detail: $"there is no dead letter {id}"));
        group.MapPost("/{id:guid}/replay", async (DeadLetterDesk<TDb> desk, Guid id, CancellationToken cancellationToken) =>
            await desk.ReplayAsync(id, cancellationToken) is { } problem
                ? Results.Problem(statusCode: 409, detail: problem)
                : Results.Accepted());
    }

    private static DeadLetterSummary Summary(DeadLetter letter) =>
        new(letter.Id, letter.Queue, letter.MessageId, letter.MessageType, letter.Reason, letter.Detail, letter.DiedAt, letter.ReplayedAt, letter.Body.Length);

    // A letter with a signed envelope is not shown: whoever may read letters need not be able to submit.
    private static string Readable(DeadLetter letter)
    {
        var text = Encoding.UTF8.GetString(letter.Body);
        return text.Contains("signedXdr", StringComparison.OrdinalIgnoreCase) || text.Contains("signature", StringComparison.OrdinalIgnoreCase)
            ? "(not shown: the message carries signatures)"
            : text;
    }
}
