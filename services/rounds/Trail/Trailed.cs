namespace Payouts.Rounds.Trail;

/// <summary>A row whose every change is a line of a trail of its own: a round, or a payout outside rounds. Whoever changes it has locked it.</summary>
internal abstract class Trailed
{
    /// <summary>What the trail's lines call it: the round's name, or direct:REFERENCE.</summary>
    public abstract string TrailName { get; }

    /// <summary>How many lines it has; 0: the row is older than the trail and not adopted yet.</summary>
    public int TrailCount { get; private set; }

    /// <summary>Hash of the last of them.</summary>
    public string? TrailHead { get; private set; }

    /// <summary>How many of them a checkpoint holds.</summary>
    public int Checkpointed { get; private set; }

    /// <summary>
    /// The row as the trail tells it: every column by its name in the database, but for those of the trail itself. One that is missing here is
    /// a finding of the verifier on every row.
    /// </summary>
    public abstract Dictionary<string, string?> Columns();

    /// <summary>The line was appended.</summary>
    public void Continue(TrailEntry entry) => (TrailCount, TrailHead) = (entry.Seq, entry.Hash);

    /// <summary>A checkpoint holds the trail as it is now.</summary>
    public void Checkpoint() => Checkpointed = TrailCount;
}
