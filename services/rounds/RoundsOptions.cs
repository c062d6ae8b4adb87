using Payouts.Hosting.Messaging;

namespace Payouts.Rounds;

/// <summary>The bounds of the service.</summary>
internal sealed record RoundsOptions
{
    /// <summary>Players of one round; a round in which nobody wins owes each of them a refund, and RoundResolved carries at most as many debts.</summary>
    public const int EntriesPerRoundMax = RoundLimits.DebtsMax;

    /// <summary>Characters of a round's name.</summary>
    public const int RoundIdLengthMax = RoundLimits.RoundIdLengthMax;

    /// <summary>Weight of one winner.</summary>
    public const long WeightMax = 1_000_000_000_000;

    /// <summary>Problems that one refusal names; further ones are counted.</summary>
    public const int ProblemsNamedMax = 100;

    /// <summary>Rounds or payouts in one HTTP answer.</summary>
    public const int PageSizeMax = 1_000;

    /// <summary>How long an early event waits for what must come before it.</summary>
    public TimeSpan ParkedAgeMax { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How often trails that grew are put under a checkpoint: what vanishes whole in between leaves no mark.</summary>
    public TimeSpan CheckpointInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Trails under one checkpoint.</summary>
    public int CheckpointRoundsMax { get; init; } = 1_000;

    /// <summary>Characters of a person's name and of the reason for a cancellation.</summary>
    public const int ReasonLengthMax = 200;

    /// <summary>How often events that waited too long are looked for.</summary>
    public TimeSpan SweepInterval { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Events put aside in one transaction of the sweep.</summary>
    public int SweepBatchMax { get; init; } = 100;
}
