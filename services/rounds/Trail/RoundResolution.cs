namespace Payouts.Rounds.Trail;

/// <summary>How a round was decided: everything that is needed, with the round's entries, to decide it again.</summary>
internal sealed class RoundResolution
{
    public required string RoundId { get; init; }

    /// <summary>The entry of the trail that came with it.</summary>
    public required int TrailSeq { get; init; }

    public required string Policy { get; init; }

    public required int PolicyVersion { get; init; }

    public string? Seed { get; init; }

    /// <summary>The draw's contract as JSON; null: the round was cancelled and not drawn.</summary>
    public string? Draw { get; init; }

    public required string InputsHash { get; init; }

    public required string Outcome { get; init; }

    public required string OutcomeHash { get; init; }

    /// <summary>The row as the trail's content hash covers it.</summary>
    public string ContentHash() => TrailText.HashRows("payouts resolution 1",
    [
        new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["policy"] = Policy,
            ["policy_version"] = TrailText.Of(PolicyVersion),
            ["seed"] = Seed,
            ["draw"] = Draw,
            ["inputs_hash"] = InputsHash,
            ["outcome"] = Outcome,
            ["outcome_hash"] = OutcomeHash,
        },
    ]);
}
