namespace Payouts.Rounds.Rules;

/// <summary>The life of a round. The names in the database and over HTTP are these in capitals.</summary>
internal enum RoundState
{
    /// <summary>Takes entries.</summary>
    Open,

    /// <summary>All entries are here; waits for the draw.</summary>
    Closed,

    /// <summary>Who is owed what is decided; waits for the payouts.</summary>
    Resolved,

    /// <summary>Every debt is paid on the ledger.</summary>
    Settled,

    /// <summary>Called off before it was drawn: every stake is owed back. It stays so when the refunds are paid; settled_at says when.</summary>
    Cancelled,
}

/// <summary>What can move a round.</summary>
internal enum RoundTrigger
{
    Opened,
    Entered,
    Closed,
    Drawn,

    /// <summary>Somebody called the round off.</summary>
    CancelAsked,

    /// <summary>The last payout of the round was confirmed and paid = owed.</summary>
    AllPaid,
}
