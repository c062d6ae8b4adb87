using System.Security.Claims;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Payouts.Hosting.Access;
using Payouts.Hosting.Database;
using Payouts.Hosting.DeadLetters;

namespace Payouts.Hosting.Web;

/// <summary>Reading and replaying a service's dead letters over HTTP.</summary>
public static class DeadLetterEndpoints
{
    private const int ListMax = 500;

    /// <summary>GET /SERVICE/dead-letters, GET /SERVICE/dead-letters/ID, POST /SERVICE/dead-letters/ID/replay.</summary>
    /// <param name="routes">The service's routes.</param>
    /// <param name="service">Its name, the first part of the paths.</param>
    /// <param name="owner">A role whose messages these are: it reads and replays them, as those who read and those who operate do.</param>
    public static void MapDeadLetters<TDb>(this IEndpointRouteBuilder routes, string service, params string[] owner)
        where TDb : ServiceDbContext
    {
        var group = routes.MapGroup($"/{service}/dead-letters");
        group.MapGet("/", async (DeadLetterDesk<TDb> desk, bool? replayed, int? limit, CancellationToken cancellationToken) =>
            await desk.ListAsync(replayed ?? false, Math.Clamp(limit ?? 50, 1, ListMax), cancellationToken)).For([AccessRole.Read, .. owner]);
        group.MapGet("/{id:guid}", async (DeadLetterDesk<TDb> desk, Guid id, CancellationToken cancellationToken) =>
            await desk.FindAsync(id, cancellationToken) is { } letter
                ? Results.Ok(new { letter = Summary(letter), body = Readable(letter) })
                : Results.Problem(statusCode: 404, detail: $"there is no dead letter {id}")).For([AccessRole.Read, .. owner]);
        group.MapPost("/{id:guid}/replay", async (DeadLetterDesk<TDb> desk, Guid id, ClaimsPrincipal user, CancellationToken cancellationToken) =>
            await desk.ReplayAsync(id, Caller.Of(user).Name, cancellationToken) is { } problem
                ? Results.Problem(statusCode: 409, detail: problem)
                : Results.Accepted()).For([AccessRole.Operate, .. owner]);
    }

    private static DeadLetterSummary Summary(DeadLetter letter) =>
        new(letter.Id, letter.Queue, letter.MessageId, letter.MessageType, letter.Reason, letter.Detail, letter.DiedAt, letter.ReplayedAt, letter.ReplayedBy, letter.Body.Length);

    // A letter with a signed envelope is not shown: whoever may read letters need not be able to submit.
    private static string Readable(DeadLetter letter)
    {
        var text = Encoding.UTF8.GetString(letter.Body);
        return text.Contains("signedXdr", StringComparison.OrdinalIgnoreCase) || text.Contains("signature", StringComparison.OrdinalIgnoreCase)
            ? "(not shown: the message carries signatures)"
            : text;
    }
}
