namespace Payouts.Rounds.Verifying;

/// <summary>Something stored is not what was written.</summary>
/// <param name="Place">The row: its table, and what finds it there.</param>
/// <param name="What">What it holds and what it should.</param>
internal sealed record Finding(string Place, string What);

/// <summary>What a verification came to.</summary>
/// <param name="Rounds">How many rounds were looked at.</param>
/// <param name="Direct">How many payouts outside rounds.</param>
/// <param name="Recomputed">How many of the rounds were resolved again from their inputs, with the same outcome.</param>
/// <param name="Older">How many of them were decided before the trail began: what they were decided from was not kept, and nothing can decide them again.</param>
/// <param name="Forgotten">How many of them are past the retention: their chain holds, their entries and debts are gone.</param>
/// <param name="Checkpoints">How many links of the chain over all rounds were looked at.</param>
/// <param name="Head">The last of them, as NUMBER:HASH; keep it apart from the database. Null: there is none, or one round was asked for.</param>
/// <param name="Findings">At most a bounded number; empty: everything is as it was written.</param>
internal sealed record VerifyReport(int Rounds, int Direct, int Recomputed, int Older, int Forgotten, long Checkpoints, string? Head, IReadOnlyList<Finding> Findings)
{
    /// <summary>Everything is as it was written.</summary>
    public bool Holds => Findings.Count == 0;
}
