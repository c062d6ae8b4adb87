namespace Payouts.Rounds.Trail;

/// <summary>What happened to a round. The names are in the database and in the hashes: they stay.</summary>
internal enum TrailAction
{
    /// <summary>The round is older than the trail: everything that was known of it when the trail began.</summary>
    Adopted,
    Opened,
    Entered,
    Closed,
    Resolved,
    Cancelled,

    /// <summary>Payouts of the round reached an end.</summary>
    PayoutsEnded,

    /// <summary>The last of them did.</summary>
    Settled,

    /// <summary>A payout outside rounds was ordered.</summary>
    Ordered,

    /// <summary>It reached an end; one that failed may reach another.</summary>
    Ended,
}

/// <summary>One line of a round's trail: who did what and why, what it changed, and the hash that chains it to the line before.</summary>
internal sealed class TrailEntry
{
    public required string RoundId { get; init; }

    /// <summary>1, 2, 3... within the round.</summary>
    public required int Seq { get; init; }

    public required DateTimeOffset At { get; init; }

    public required string Action { get; init; }

    /// <summary>game, payout-builder, rounds, or a person's proven name.</summary>
    public required string Actor { get; init; }

    public required string Reason { get; init; }

    /// <summary>The columns of the round that changed, as JSON: what they held.</summary>
    public required string BeforeValues { get; init; }

    /// <summary>What they hold now.</summary>
    public required string AfterValues { get; init; }

    /// <summary>Hash of the rows beside the round that came with this: entries, the resolution, ends of payouts. Null: none did.</summary>
    public string? ContentHash { get; init; }

    /// <summary>Hash of the entry before; zeros before the first.</summary>
    public required string PreviousHash { get; init; }

    public string Hash { get; private set; } = "";

    /// <summary>Fills in the hash.</summary>
    public TrailEntry Sealed()
    {
        Hash = HashOf(RoundId, TrailText.Of(Seq), TrailText.Of(At), Action, Actor, Reason, BeforeValues, AfterValues, ContentHash, PreviousHash);
        return this;
    }

    /// <summary>SHA-256 over eleven lines; docs/rounds.md shows it by hand.</summary>
    public static string HashOf(
        string? roundId, string? seq, string? at, string? action, string? actor, string? reason, string? before, string? after, string? content, string? previous) => TrailText.Hash(
        $"payouts round trail 1\n{roundId}\n{seq}\n{at}\n{action}\n{actor}\n{reason}\n{TrailText.Hash(before ?? "")}\n{TrailText.Hash(after ?? "")}\n{content ?? "-"}\n{previous}\n");
}
