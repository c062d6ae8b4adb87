namespace Payouts.Rounds.Trail;

/// <summary>
/// One link of the chain over all rounds: it holds the last hash of every trail that grew since the link before. So a round cannot vanish with
/// its whole trail, and an end of a trail cannot be cut off.
/// </summary>
internal sealed class TrailCheckpoint
{
    public required long Seq { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>How many trails it holds.</summary>
    public required int Rounds { get; init; }

    public required string PreviousHash { get; init; }

    public required string Hash { get; init; }

    /// <summary>SHA-256 over its own lines and one for each trail, sorted by bytes.</summary>
    public static string HashOf(string? seq, string? at, string? rounds, string? previous, IEnumerable<string> heads) =>
        TrailText.Hash($"payouts checkpoint 1\n{seq}\n{at}\n{rounds}\n{previous}\n{string.Concat(heads.Order(StringComparer.Ordinal).Select(head => head + "\n"))}");

    /// <summary>The line of one trail.</summary>
    public static string HeadLine(string? roundId, string? trailSeq, string? trailHash) => $"{trailSeq} {trailHash} {roundId}";
}

/// <summary>A trail's last entry when a checkpoint was made.</summary>
internal sealed class CheckpointHead
{
    public required long Checkpoint { get; init; }

    public required string RoundId { get; init; }

    public required int TrailSeq { get; init; }

    public required string TrailHash { get; init; }
}
