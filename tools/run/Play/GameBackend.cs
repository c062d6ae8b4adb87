using MassTransit;
using Payouts.Contracts;

namespace Payouts.Run.Play;

/// <summary>Publishes a round as a game backend would: four kinds of event, entries in parcels.</summary>
internal sealed class GameBackend(IBus bus)
{
    private const int EntriesPerMessage = 1000;

    public async Task PublishAsync(RoundFile round, CancellationToken cancellationToken)
    {
        await bus.Publish(new GameRoundOpened
        {
            RoundId = round.RoundId,
            Context = round.Context,
            PoolId = round.PoolId,
            RoundNumber = round.RoundNumber,
            Currency = round.Currency,
        }, cancellationToken);
        foreach (var parcel in round.Entries.Chunk(EntriesPerMessage))
            await bus.Publish(new GameRoundEntered { RoundId = round.RoundId, Entries = parcel }, cancellationToken);
        await bus.Publish(new GameRoundClosed { RoundId = round.RoundId, EntryCount = round.Entries.Count }, cancellationToken);
        await bus.Publish(new GameRoundDrawn { RoundId = round.RoundId, Winners = round.Draw.Winners, Yield = round.Draw.Yield }, cancellationToken);
    }
}
