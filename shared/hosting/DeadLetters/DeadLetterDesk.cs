using Microsoft.EntityFrameworkCore;
using Payouts.Hosting.Database;
using Payouts.Hosting.Messaging;

namespace Payouts.Hosting.DeadLetters;

/// <summary>A letter without its body, which may be as large as the broker takes messages.</summary>
public sealed record DeadLetterSummary(
    Guid Id, string Queue, Guid? MessageId, string? MessageType, string Reason, string Detail, DateTimeOffset DiedAt, DateTimeOffset? ReplayedAt, string? ReplayedBy, int Bytes);

/// <summary>Where operators read dead letters and send them back.</summary>
public sealed class DeadLetterDesk<TDb>(UnitOfWorkFactory<TDb> units, IDbContextFactory<TDb> contexts)
    where TDb : ServiceDbContext
{
    /// <summary>The newest first, bodies unread; replayed ones only when asked for.</summary>
    public async Task<IReadOnlyList<DeadLetterSummary>> ListAsync(bool withReplayed, int limit, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.DeadLetters.AsNoTracking().Where(x => withReplayed || x.ReplayedAt == null)
            .OrderByDescending(x => x.DiedAt).Take(limit)
            .Select(x => new DeadLetterSummary(x.Id, x.Queue, x.MessageId, x.MessageType, x.Reason, x.Detail, x.DiedAt, x.ReplayedAt, x.ReplayedBy, x.Body.Length)).ToListAsync(cancellationToken);
    }

    /// <summary>One letter, or null.</summary>
    public async Task<DeadLetter?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.DeadLetters.AsNoTracking().SingleOrDefaultAsync(x => x.Id == id, cancellationToken);
    }

    /// <summary>
    /// Sends the letter back to the queue that it died in, under its own message id. Only there: a service that could publish what it is told
    /// could tell the others too. Returns why not, or null when it is on its way.
    /// </summary>
    /// <param name="id">The letter.</param>
    /// <param name="by">Who wants it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<string?> ReplayAsync(Guid id, string by, CancellationToken cancellationToken) => units.RunAsync<string?>(async unit =>
    {
        var letter = await unit.Db.DeadLetters.AsTracking().SingleOrDefaultAsync(x => x.Id == id, cancellationToken);
        if (letter is null)
            return $"there is no dead letter {id}";
        if (letter.ReplayedAt is { } at)
            return $"the letter was replayed at {at:O}";
        if (letter.MessageType is not { } type || !Wire.Knows(type))
            return "the letter names no known contract in the header MT-MessageType, so it cannot be sent again as it is; publish a corrected message";
        // A sender that gave no message id cannot have sent a recognisable repeat: the letter's own id serves from now on.
        unit.Forward(new OutboxMessage(letter.MessageId ?? letter.Id, type, letter.Body, unit.Now) { Queue = letter.Queue });
        letter.ReplayedAt = unit.Now;
        letter.ReplayedBy = by;
        return null;
    }, cancellationToken);
}
