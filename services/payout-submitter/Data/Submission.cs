using Payouts.Contracts;

namespace Payouts.Submitter;

/// <summary>Where a signed envelope is on its way to the ledger.</summary>
public enum SubmissionState
{
    /// <summary>To be sent, for the first time or again.</summary>
    Sending,

    /// <summary>A node took it, or may have: the ledger decides.</summary>
    Watching,

    /// <summary>Its outcome is known and announced.</summary>
    Done,
}

/// <summary>What an envelope is for.</summary>
public enum SubmissionKind
{
    /// <summary>It pays.</summary>
    Payment,

    /// <summary>It does nothing but consume its slot, so that no payment can use it.</summary>
    Burn,

    /// <summary>
    /// No envelope: what becomes of a slot whose envelopes may be signed anywhere. It is named by a hash of the slot, which no transaction has.
    /// </summary>
    Watch,
}

/// <summary>One signed envelope, stored with its hash before the first send.</summary>
public sealed class Submission
{
    /// <summary>The transaction's hash, 64 lowercase hex digits.</summary>
    public required string TransactionHash { get; init; }

    /// <summary>What it is for.</summary>
    public SubmissionKind Kind { get; init; }

    /// <summary>Of a burn and a watch: the hashes of the payments that may have consumed the slot, separated by a space.</summary>
    public string Rivals { get; set; } = "";

    /// <summary>The payout that it pays, or whose slot it burns.</summary>
    public PayoutId PayoutId { get; init; }

    /// <summary>The payout's build.</summary>
    public int Attempt { get; set; }

    /// <summary>The slot's account.</summary>
    public required string Channel { get; init; }

    /// <summary>The slot's sequence number.</summary>
    public long SequenceNumber { get; init; }

    /// <summary>Who must have been paid.</summary>
    public required string Winner { get; init; }

    /// <summary>How much must have been paid.</summary>
    public Stroops Amount { get; init; }

    /// <summary>In what.</summary>
    public required string Currency { get; init; }

    /// <summary>Who else must have been paid, in the same currency; null: nobody.</summary>
    public IReadOnlyList<PayoutShare>? Others { get; set; }

    /// <summary>What must have been paid in all.</summary>
    public Stroops Total => (Others ?? []).Aggregate(Amount, (sum, share) => sum + share.Amount);

    /// <summary>The envelope, base64. Never logged; cleared when the outcome is known, for then nobody needs it.</summary>
    public required string SignedXdr { get; set; }

    /// <summary>The fee bump that is sent in the envelope's place, base64. Never logged; null: the envelope itself is sent.</summary>
    public string? BumpXdr { get; set; }

    /// <summary>That fee bump's hash.</summary>
    public string? BumpHash { get; set; }

    /// <summary>That fee bump's fee, inclusion plus resources, in stroops.</summary>
    public long? BumpFeeStroops { get; set; }

    /// <summary>Fee bumps so far.</summary>
    public int Bumps { get; set; }

    /// <summary>While payout-signer is asked for a fee bump: since when.</summary>
    public DateTimeOffset? BumpAskedAt { get; set; }

    /// <summary>The ledger at which a node last took what is sent; null: none has, or it is not waited for any more.</summary>
    public uint? AcceptedLedger { get; set; }

    /// <summary>The envelope's maxTime; of a watch, the latest of the slot's envelopes.</summary>
    public DateTimeOffset ValidUntil { get; set; }

    /// <summary>The envelope's maxLedger; of a watch, the highest of the slot's envelopes.</summary>
    public uint MaxLedger { get; set; }

    /// <summary>Where it is.</summary>
    public SubmissionState State { get; set; }

    /// <summary>Sends so far.</summary>
    public int Tries { get; set; }

    /// <summary>What the network last said, in its own word.</summary>
    public string? LastAnswer { get; set; }

    /// <summary>When to send next; null: not now.</summary>
    public DateTimeOffset? SendAt { get; set; }

    /// <summary>When to ask for its outcome by hash; null: not any more.</summary>
    public DateTimeOffset? CheckAt { get; set; }

    /// <summary>Questions that found nothing after the envelope's validity ended.</summary>
    public int PollsAfterEnd { get; set; }

    /// <summary>True when payout-builder was told that the network took it.</summary>
    public bool Announced { get; set; }

    /// <summary>When it was stored.</summary>
    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>When a node first took it.</summary>
    public DateTimeOffset? AcceptedAt { get; set; }

    /// <summary>When its outcome was known.</summary>
    public DateTimeOffset? DoneAt { get; set; }

    /// <summary>The ledger that holds it.</summary>
    public uint? Ledger { get; set; }

    /// <summary>What is sent now.</summary>
    public string SendXdr => BumpXdr ?? SignedXdr;

    /// <summary>The hash of what is sent now.</summary>
    public string SendHash => BumpHash ?? TransactionHash;

    /// <summary>The transaction that an announcement names: a watch has none and names the last envelope of its slot.</summary>
    public string NamedHash => Kind == SubmissionKind.Watch ? Rivals.Split(' ')[^1] : TransactionHash;

    /// <summary>The slot as contracts carry it.</summary>
    public SequenceSlot Slot => new() { Channel = Channel, SequenceNumber = SequenceNumber };
}

/// <summary>A fee bump's hash, stored before the first send: the ledger may record the envelope under any of its fee bumps.</summary>
public sealed class FeeBump
{
    /// <summary>The fee bump's hash, 64 lowercase hex digits.</summary>
    public required string BumpHash { get; init; }

    /// <summary>The hash of the envelope inside: the submission.</summary>
    public required string TransactionHash { get; init; }

    /// <summary>Its fee, inclusion plus resources, in stroops.</summary>
    public long FeeStroops { get; init; }

    /// <summary>When it was stored.</summary>
    public DateTimeOffset CreatedAt { get; init; }
}

/// <summary>Where the reading of the ledger's events stands.</summary>
public sealed class LedgerCursor
{
    /// <summary>Which reading.</summary>
    public required string Name { get; init; }

    /// <summary>The last event that was taken in.</summary>
    public required string Cursor { get; set; }

    /// <summary>Raised by every step; a second replica that read from the same place finds out here.</summary>
    public int Version { get; set; }
}
