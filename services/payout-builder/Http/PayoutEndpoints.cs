using Microsoft.EntityFrameworkCore;
using Payouts.Builder.Saga;
using Payouts.Contracts;
using Payouts.Stellar;
using Payouts.Hosting.Messaging;

namespace Payouts.Builder.Http;

/// <summary>What operators read and decide: where a payout is, why it waits, and the few cases that a machine must not decide.</summary>
internal static class PayoutEndpoints
{
    private const int PageMax = 1000;

    public static void MapPayouts(this IEndpointRouteBuilder routes)
    {
        var payouts = routes.MapGroup("/payouts");
        payouts.MapGet("/", ListAsync);
        payouts.MapGet("/{id:guid}", ShowAsync);
        payouts.MapPost("/{id:guid}/retry", (Guid id, Decision decision, BuilderDoor door, CancellationToken cancellationToken) => door.DecideAsync(id, decision,
            payout => payout.CurrentState is "OnHold" or "Failed" ? null : $"a payout in {payout.CurrentState} is not retried; only OnHold and Failed ones are",
            _ => new RetryPayout { PayoutId = new PayoutId(id), By = decision.By!, Reason = decision.Reason! }, cancellationToken));
        payouts.MapPost("/{id:guid}/verify", (Guid id, Question question, BuilderDoor door, CancellationToken cancellationToken) => door.DecideAsync(id, question,
            payout => payout.CurrentState != "OnHold" ? $"a payout in {payout.CurrentState} needs no evidence; only OnHold ones do"
                : question.TransactionHash is { } hash && !TransactionHash.TryParse(hash, out _) ? "transactionHash is 64 hex digits"
                : null,
            payout => payout.VerifyCommand() with { TransactionHash = question.TransactionHash, AskedBy = $"{question.By}: {question.Reason}" }, cancellationToken));
        payouts.MapPost("/{id:guid}/cancel", (Guid id, Decision decision, BuilderDoor door, BuilderOptions options, CancellationToken cancellationToken) => door.DecideAsync(id, decision,
            payout => payout switch
            {
                { CurrentState: not ("Building" or "AwaitingSignature" or "OnHold" or "Failed") } => $"a payout in {payout.CurrentState} is not cancelled",
                // Otherwise its slot is burned first, and the ledger decides which came earlier.
                { Exposed: true, Channel: { } channel } when !options.CanBurn(channel) =>
                    $"an envelope that pays it may have been signed, and the key of {channel} is outside: its slot cannot be burned here",
                _ => null,
            },
            _ => new CancelPayout { PayoutId = new PayoutId(id), By = decision.By!, Reason = decision.Reason! }, cancellationToken));
    }

    private static async Task<IResult> ListAsync(IDbContextFactory<BuilderDbContext> contexts, string? round, string? state, Guid? after, int? limit, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var query = db.Payouts.AsNoTracking();
        if (round is not null)
            query = query.Where(x => x.RoundId == round);
        if (state is not null)
            query = query.Where(x => x.CurrentState == state);
        if (after is { } last)
            query = query.Where(x => x.CorrelationId.CompareTo(last) > 0);
        var page = await query.OrderBy(x => x.CorrelationId).Take(Math.Clamp(limit ?? 100, 1, PageMax)).ToListAsync(cancellationToken);
        return Results.Ok(page.Select(Summary));
    }

    private static async Task<IResult> ShowAsync(IDbContextFactory<BuilderDbContext> contexts, Guid id, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var payout = await db.Payouts.AsNoTracking().SingleOrDefaultAsync(x => x.CorrelationId == id, cancellationToken);
        if (payout is null)
            return Results.Problem(statusCode: 404, detail: $"there is no payout {id}");
        var history = await db.Transitions.AsNoTracking().Where(x => x.PayoutId == id).OrderBy(x => x.Number).ToListAsync(cancellationToken);
        return Results.Ok(new { payout = Summary(payout), history = history.Select(x => new { x.At, x.FromState, x.ToState, x.Event, x.Attempt, x.TransactionHash, x.Detail }) });
    }

    private static object Summary(Payout payout) => new
    {
        payoutId = payout.CorrelationId, payout.RoundId, state = payout.CurrentState, payout.Winner, payout.Amount, payout.Currency, payout.Attempt,
        payout.Channel, payout.SequenceNumber, payout.TransactionHash, payout.Ledger, payout.ValidUntil,
        payout.HoldStage, payout.HoldCode, payout.HoldDetail, payout.PlannedAt, payout.EnteredStateAt, payout.WakeAt,
    };
}

/// <summary>Who decides, and why; both are kept in the payout's history.</summary>
internal record Decision(string? By, string? Reason);

/// <summary>A question to contract and ledger; with a transaction, whether that one paid.</summary>
internal sealed record Question(string? By, string? Reason, string? TransactionHash) : Decision(By, Reason);

/// <summary>Takes an operator's decision into the outbox when the payout is in a state that allows it.</summary>
internal sealed class BuilderDoor(UnitOfWorkFactory<BuilderDbContext> units)
{
    public Task<IResult> DecideAsync(Guid id, Decision decision, Func<Payout, string?> refuse, Func<Payout, object> command, CancellationToken cancellationToken) =>
        units.RunAsync(async unit =>
        {
            if (string.IsNullOrWhiteSpace(decision.By) || string.IsNullOrWhiteSpace(decision.Reason))
                return Results.Problem(statusCode: 400, detail: "send {\"by\": who decides, \"reason\": why}");
            var payout = await unit.Db.Payouts.AsNoTracking().SingleOrDefaultAsync(x => x.CorrelationId == id, cancellationToken);
            if (payout is null)
                return Results.Problem(statusCode: 404, detail: $"there is no payout {id}");
            if (refuse(payout) is { } why)
                return Results.Problem(statusCode: 409, detail: why);
            unit.Publish(command(payout));
            return Results.Accepted($"/payouts/{id}");
        }, cancellationToken);
}
