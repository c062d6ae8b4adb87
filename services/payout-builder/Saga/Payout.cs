using MassTransit;
using Payouts.Contracts;

namespace Payouts.Builder.Saga;

/// <summary>One debt on its way to the ledger: the saga instance, and the record of how it ended.</summary>
public sealed class Payout : SagaStateMachineInstance
{
    /// <summary>The payout's id.</summary>
    public Guid CorrelationId { get; set; }

    /// <summary>The state's name, as docs/states.md explains it.</summary>
    public string CurrentState { get; set; } = "Initial";

    /// <summary>Raised by every change; a writer that did not lock the row finds out here.</summary>
    public int Version { get; set; }

    /// <summary>The round that owes it.</summary>
    public string RoundId { get; set; } = "";

    /// <summary>Of a direct payout: the requester's own name of it; null: a round owes it.</summary>
    public string? Reference { get; set; }

    /// <summary>Of a direct payout: why.</summary>
    public string? Reason { get; set; }

    /// <summary>First part of the contract's key.</summary>
    public string Context { get; set; } = "";

    /// <summary>Second part of the contract's key.</summary>
    public uint PoolId { get; set; }

    /// <summary>Third part of the contract's key.</summary>
    public uint RoundNumber { get; set; }

    /// <summary>Who is owed, G...</summary>
    public string Winner { get; set; } = "";

    /// <summary>How much.</summary>
    public Stroops Amount { get; set; }

    /// <summary>In what.</summary>
    public string Currency { get; set; } = "";

    /// <summary>While Grouped: the payout whose transaction pays this one too.</summary>
    public Guid? LeaderId { get; set; }

    /// <summary>The other payouts that this one's transactions pay too; empty: none.</summary>
    public IReadOnlyList<GroupMember> Members { get; set; } = [];

    /// <summary>Winners that one transaction may have with this one among them; null: as many as configured. Halved when a group failed.</summary>
    public int? GroupSizeMax { get; set; }

    /// <summary>Attempts that only served to find out who in a group fails, that entries are archived, or to be authorized; they do not count as builds.</summary>
    public int BuildsToSplit { get; set; }

    /// <summary>Restoring transactions that were asked for, for it or for a group that it was in, since a human last had it built.</summary>
    public int Restores { get; set; }

    /// <summary>The current build, from 1; 0 before the first. Events of another build are stale.</summary>
    public int Attempt { get; set; }

    /// <summary>How often the network could not be asked since the last success: grows the pause, never ends the payout.</summary>
    public int NetworkFailures { get; set; }

    /// <summary>The slot's account while the payout owns one.</summary>
    public string? Channel { get; set; }

    /// <summary>The slot's sequence number while the payout owns one.</summary>
    public long? SequenceNumber { get; set; }

    /// <summary>True from the moment an envelope on this slot was handed out for signing: from then on a signed one may exist; and from the moment its burning was asked for.</summary>
    public bool Exposed { get; set; }

    /// <summary>Hashes of the envelopes that were handed out on this slot, separated by a space: what the ledger is asked for when the slot is found consumed.</summary>
    public string Envelopes { get; set; } = "";

    /// <summary>The latest maxTime of those envelopes.</summary>
    public DateTimeOffset? ExposedUntil { get; set; }

    /// <summary>The highest maxLedger of those envelopes.</summary>
    public uint? ExposedMaxLedger { get; set; }

    /// <summary>True while payout-submitter watches a slot that cannot be burned here, until nothing on it can be applied any more.</summary>
    public bool SlotWatched { get; set; }

    /// <summary>While the slot is being burned: the burning envelope's maxTime.</summary>
    public DateTimeOffset? BurnUntil { get; set; }

    /// <summary>True when an operator cancelled the payout and the slot's end must end it: burned, or proven unused.</summary>
    public bool CancelAfterBurn { get; set; }

    /// <summary>With <see cref="CancelAfterBurn"/>: it ends as written off.</summary>
    public bool WriteOffAfterBurn { get; set; }

    /// <summary>The last ledger of an authorization that may exist; null: none was ever seen by anybody who signs, or it is proven dead.</summary>
    public uint? AuthorizedUntil { get; set; }

    /// <summary>About when that ledger closes.</summary>
    public DateTimeOffset? AuthorizationValidUntil { get; set; }

    /// <summary>The hash that payout-signer was asked to have signed; null: it is to be asked for.</summary>
    public string? AuthorizationHash { get; set; }

    /// <summary>The signed authorization, base64 XDR: every build is made with it. Never logged.</summary>
    public string? AuthorizationXdr { get; set; }

    /// <summary>How often that one was asked for.</summary>
    public int AuthorizationAsks { get; set; }

    /// <summary>Authorizations that were asked for since one came.</summary>
    public int Authorizations { get; set; }

    /// <summary>The current build's hash.</summary>
    public string? TransactionHash { get; set; }

    /// <summary>The current build's fee bid in stroops of the native asset.</summary>
    public long? FeeStroops { get; set; }

    /// <summary>The current build's maxTime.</summary>
    public DateTimeOffset? ValidUntil { get; set; }

    /// <summary>The current build's maxLedger.</summary>
    public uint? MaxLedger { get; set; }

    /// <summary>When the payout must be looked at again if nothing arrives before: its timer.</summary>
    public DateTimeOffset? WakeAt { get; set; }

    /// <summary>The ledger that paid it.</summary>
    public uint? Ledger { get; set; }

    /// <summary>Where it stopped, while OnHold.</summary>
    public PayoutStage? HoldStage { get; set; }

    /// <summary>Why it stopped or failed.</summary>
    public FailureCode? HoldCode { get; set; }

    /// <summary>The facts behind <see cref="HoldCode"/>.</summary>
    public string? HoldDetail { get; set; }

    /// <summary>When the debt became known.</summary>
    public DateTimeOffset PlannedAt { get; set; }

    /// <summary>When the payout entered its current state.</summary>
    public DateTimeOffset EnteredStateAt { get; set; }

    /// <summary>What is owed to this winner, as messages carry it.</summary>
    public PayoutOrder Debt => new() { Context = Context, PoolId = PoolId, RoundNumber = RoundNumber, Winner = Winner, Amount = Amount, Currency = Currency };

    /// <summary>What this payout's transactions pay: the debt, and those of its group.</summary>
    public PayoutOrder Order => Members.Count == 0 ? Debt : Debt with { Others = [.. Members.Select(x => new PayoutShare { Winner = x.Winner, Amount = x.Amount })] };

    /// <summary>The slot that the payout owns, or null.</summary>
    public SequenceSlot? Slot => Channel is { } channel && SequenceNumber is { } sequence ? new() { Channel = channel, SequenceNumber = sequence } : null;

    /// <summary>The payout's id as contracts carry it.</summary>
    public PayoutId Id => new(CorrelationId);

    /// <summary>How it ended; null: it has not. A failed one may be tried again.</summary>
    public PayoutOutcome? End => Enum.TryParse<PayoutOutcome>(CurrentState, out var end) ? end : null;

    /// <summary>True when something that pays it may reach the ledger, whatever this system does.</summary>
    public bool MayStillBePaid => Exposed || AuthorizedUntil is not null;

    /// <summary>Builds that count against the attempts.</summary>
    public int CountedBuilds => Attempt - BuildsToSplit;

    /// <summary>True when the payout has ended otherwise and its slot is still to end.</summary>
    public bool EndsItsSlot => BurnUntil is not null || SlotWatched;

    /// <summary>True when an event speaks of the slot that the payout owns now.</summary>
    public bool Owns(SequenceSlot slot) => slot.Channel == Channel && slot.SequenceNumber == SequenceNumber;
}
