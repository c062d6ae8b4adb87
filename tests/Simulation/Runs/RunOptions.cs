namespace Payouts.Tests.Simulation.Runs;

/// <summary>A behaviour broken on purpose, to see that the judges notice.</summary>
internal enum PlantedFault
{
    None,

    /// <summary>payout-submitter takes a lost reply for the ledger's FAILED.</summary>
    LostReplyIsFailure,

    /// <summary>payout-builder forgets that a payout owns a slot, and leases it another.</summary>
    SecondSlot,

    /// <summary>payout-builder gives a slot back whose envelope may be signed, without the proof that it is dead.</summary>
    SlotGivenBack,

    /// <summary>A message is acknowledged before it is handled.</summary>
    AcknowledgeFirst,

    /// <summary>Outbox rows are not in the transaction that decides them: a crash takes some away.</summary>
    OutboxOutsideTheTransaction,

    /// <summary>The broker confirms messages and loses some.</summary>
    BrokerLoses,

    /// <summary>Somebody who owns the tables of rounds changes a row.</summary>
    RowChangedByHand,
}

/// <summary>How a seed is run.</summary>
internal sealed record RunOptions
{
    public PlantedFault Planted { get; init; }

    /// <summary>What the run is about; null: it is drawn from the seed.</summary>
    public Chance.Scenario? Scenario { get; init; }

    /// <summary>Hears every line of the trace.</summary>
    public Action<string>? Listener { get; init; }

    /// <summary>The services' own logs go to the listener too. They are no part of the trace.</summary>
    public bool WithLogs { get; init; }
}

/// <summary>How a seed ended.</summary>
/// <param name="Failure">Null when every law held; otherwise what was broken, where, and how to see it again.</param>
internal sealed record RunResult(long Seed, int Steps, string TraceHash, Chance.Tally Tally, string? Failure);
