namespace Payouts.Rounds.Trail;

/// <summary>A row whose every change is a line of a trail of its own: a round, or a payout outside rounds. Whoever changes it has locked it.</summary>
internal interface ITrailed
{
    /// <summary>What the trail's lines call it: the round's name, or direct:REFERENCE.</summary>
    string TrailName { get; }

    /// <summary>How many lines it has; 0: the row is older than the trail and not adopted yet.</summary>
    int TrailCount { get; }

    /// <summary>Hash of the last of them.</summary>
    string? TrailHead { get; }

    /// <summary>
    /// The row as the trail tells it: every column by its name in the database, but for those of the trail itself. One that is missing here is
    /// a finding of the verifier on every row.
    /// </summary>
    Dictionary<string, string?> Columns();

    /// <summary>The line was appended.</summary>
    void Continue(TrailEntry entry);

    /// <summary>A checkpoint holds the trail as it is now.</summary>
    void Checkpoint();
}
