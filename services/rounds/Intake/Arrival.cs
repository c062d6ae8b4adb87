using System.Text.Json;
using Payouts.Contracts;
using Payouts.Rounds.Game;
using Payouts.Rounds.Storage;
using Payouts.Rounds.Trail;

namespace Payouts.Rounds.Intake;

/// <summary>Who brings an event over HTTP.</summary>
/// <param name="Caller">As known at the door.</param>
/// <param name="Key">The request's Idempotency-Key.</param>
/// <param name="ResolutionHash">Of a draw: the outcome that was seen and is wanted; no other one is taken.</param>
internal sealed record AtDoor(string Caller, string Key, string? ResolutionHash = null);

/// <summary>An event that asks to be applied: just received, or parked by an earlier transaction.</summary>
/// <param name="Event">What the game said.</param>
/// <param name="MessageId">The message's own id.</param>
/// <param name="ReceivedAt">When it came.</param>
internal sealed record Arrival(GameEvent Event, Guid MessageId, DateTimeOffset ReceivedAt)
{
    /// <summary>The row in which it waited; null for an event that was just received.</summary>
    public ParkedEvent? Parked { get; init; }

    /// <summary>The request that brought it over HTTP: it is refused where a message would wait. Null for a message.</summary>
    public AtDoor? Door { get; init; }

    /// <summary>Whom the trail names.</summary>
    public string Actor => Door?.Caller ?? Actors.Game;

    /// <summary>What the trail says it came with.</summary>
    public string Source => Door is null ? $"{Event.Name} {MessageId:D}" : $"{Event.Name} over HTTP, key {Door.Key}";

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
