using System.Text.Json;
using Payouts.Contracts;
using Payouts.Rounds.Game;
using Payouts.Rounds.Storage;

namespace Payouts.Rounds.Intake;

/// <summary>An event that asks to be applied: just received, or parked by an earlier transaction.</summary>
/// <param name="Event">What the game said.</param>
/// <param name="MessageId">The message's own id.</param>
/// <param name="ReceivedAt">When it came.</param>
internal sealed record Arrival(GameEvent Event, Guid MessageId, DateTimeOffset ReceivedAt)
{
    /// <summary>The row in which it waited; null for an event that was just received.</summary>
    public ParkedEvent? Parked { get; init; }

    /// <summary>It waited as long as it may: now or never.</summary>
    public bool IsLastChance { get; init; }

    /// <summary>Reads an event back that waited.</summary>
    public static Arrival Of(ParkedEvent parked, bool isLastChance = false) =>
        new(Read(parked), parked.MessageId, parked.ReceivedAt) { Parked = parked, IsLastChance = isLastChance };

    private static GameEvent Read(ParkedEvent parked) => parked.Kind switch
    {
        GameEventKind.Opened => GameEventReader.Read(Contract<GameRoundOpened>(parked)),
        GameEventKind.Entered => GameEventReader.Read(Contract<GameRoundEntered>(parked)),
        GameEventKind.Closed => GameEventReader.Read(Contract<GameRoundClosed>(parked)),
        GameEventKind.Drawn => GameEventReader.Read(Contract<GameRoundDrawn>(parked)),
        _ => throw new InvalidOperationException($"a {parked.Kind} is parked, which this version does not know; run the version that parked it"),
    };

    private static T Contract<T>(ParkedEvent parked) => JsonSerializer.Deserialize<T>(parked.Body, ContractsJson.Options)
        ?? throw new InvalidOperationException($"parked event {parked.Id} of round {parked.RoundId} holds null");
}
