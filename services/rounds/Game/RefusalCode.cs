namespace Payouts.Rounds.Game;

/// <summary>Why an event of the game is not taken: the closed list that dead letters and GameEventRefused carry.</summary>
internal enum RefusalCode
{
    /// <summary>The AMQP property message_id is absent, so a repeat could not be told from a new event.</summary>
    MessageIdMissing,

    /// <summary>The round's name is empty, too long, or holds control characters.</summary>
    RoundIdInvalid,

    /// <summary>The context or the currency is not a Soroban symbol.</summary>
    SymbolInvalid,

    /// <summary>The number of entries is negative or above what a round can hold.</summary>
    EntryCountInvalid,

    /// <summary>An event of entries brings none.</summary>
    EntriesMissing,

    /// <summary>The round would have more players than it can hold.</summary>
    TooManyEntries,

    /// <summary>More winners than a round can hold players.</summary>
    TooManyWinners,

    /// <summary>Not a Stellar account, or its checksum does not match.</summary>
    AccountInvalid,

    /// <summary>An amount that is not decimal text, negative, too large, has 8 decimals, or is zero where money must move.</summary>
    AmountInvalid,

    /// <summary>A weight outside its bounds.</summary>
    WeightInvalid,

    /// <summary>A winner with both or neither of amount and weight, or a draw that mixes them.</summary>
    PrizeUnclear,

    /// <summary>A player enters a round once.</summary>
    DuplicatePlayer,

    /// <summary>A winner is listed once.</summary>
    DuplicateWinner,

    /// <summary>The winner did not enter the round.</summary>
    WinnerNotInRound,

    /// <summary>The draw names a policy that this version does not have.</summary>
    PolicyUnknown,

    /// <summary>A choice that is no word of [a-zA-Z0-9_], or more than two different ones where a minority must be told.</summary>
    ChoiceInvalid,

    /// <summary>A seed that is empty, too long or not printable; missing where the policy needs it, or given where it takes none.</summary>
    SeedInvalid,

    /// <summary>A rate of yield that is no percentage; missing where the policy needs it, or given where it takes none.</summary>
    YieldRateInvalid,

    /// <summary>The policy decides who wins, and the draw lists winners.</summary>
    WinnersUnexpected,

    /// <summary>The winners would get more than stakes and yield hold.</summary>
    OwedAbovePool,

    /// <summary>The same event was taken before with other content.</summary>
    RoundConflict,

    /// <summary>The contract's key (context, pool, round number) belongs to another round.</summary>
    KeyUsed,

    /// <summary>The treasury would owe more than it is good for; replay the letter when it has been filled.</summary>
    TreasuryShort,

    /// <summary>The round was cancelled: its stakes are owed back.</summary>
    RoundCancelled,

    /// <summary>The round takes no more entries.</summary>
    RoundAlreadyClosed,

    /// <summary>The closing names fewer entries than the round has.</summary>
    EntryCountExceeded,

    /// <summary>Nobody opened the round in time.</summary>
    RoundUnknown,

    /// <summary>The entries that the closing counts did not arrive in time.</summary>
    EntriesOutstanding,

    /// <summary>The round was drawn and not closed in time.</summary>
    RoundNotClosed,

    /// <summary>Payouts outside rounds are switched off.</summary>
    DirectPayoutsOff,

    /// <summary>The reference of a direct payout is empty, too long, or holds control characters.</summary>
    ReferenceInvalid,

    /// <summary>The reason of a direct payout is empty, too long, or holds control characters.</summary>
    ReasonInvalid,

    /// <summary>The reference was used for another direct payout.</summary>
    ReferenceConflict,

    /// <summary>The same debt was ordered directly before, under another reference.</summary>
    DebtOrdered,

    /// <summary>Over HTTP alone: the draw comes to another outcome than its preview showed.</summary>
    ResolutionDiffers,
}
