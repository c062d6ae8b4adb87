using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Payouts.Contracts;
using Payouts.Hosting.Database;

namespace Payouts.Signer.Requests;

/// <summary>Where a sign request stands. Only <see cref="AwaitingOrder"/>, <see cref="Held"/> and <see cref="Waiting"/> ever change.</summary>
public enum SignRequestState
{
    /// <summary>The transaction is sound, but no order for it has arrived: nobody is asked to sign yet.</summary>
    AwaitingOrder,

    /// <summary>The external signer was asked.</summary>
    Waiting,

    /// <summary>Sound and owed, but the policy says not now: it waits for time to pass or for people. Nobody was asked to sign.</summary>
    Held,

    /// <summary>Signed, verified and handed on.</summary>
    Signed,

    /// <summary>The external signer said no.</summary>
    Rejected,

    /// <summary>Not the transaction that the order calls for, or no order came.</summary>
    Refused,
}

/// <summary>A transaction that was asked to be signed. The signed envelope is not kept here: it travels in PayoutSigned.</summary>
public sealed class SignRequest
{
    /// <summary>The decision about an envelope around an authorization that was signed before: only the channel's signature was missing.</summary>
    public const string AuthorizedBefore = "Authorized";

    /// <summary>Names the request towards the external signer.</summary>
    public Guid RequestId { get; init; }

    /// <summary>The payout.</summary>
    public PayoutId PayoutId { get; init; }

    /// <summary>Which build of the payout; (payout, attempt) is asked once.</summary>
    public int Attempt { get; init; }

    /// <summary>What is signed.</summary>
    public SigningForm Form { get; init; }

    /// <summary>What is to be signed, 64 lowercase hex digits: the envelope's hash, or the authorization's.</summary>
    public required string TransactionHash { get; init; }

    /// <summary>The envelope without signatures, base64 XDR: what comes back must be this, to the byte. Of an authorization its preimage. Never logged.</summary>
    public required string UnsignedXdr { get; init; }

    /// <summary>The slot's channel account, G...; empty: an authorization has no slot.</summary>
    public required string Channel { get; init; }

    /// <summary>The slot's sequence number; 0 without one.</summary>
    public long SequenceNumber { get; init; }

    /// <summary>Of an authorization: its last ledger.</summary>
    public uint? ExpirationLedger { get; init; }

    /// <summary>Further winners whom the transaction pays; null: none.</summary>
    public IReadOnlyList<PayoutShare>? Others { get; init; }

    /// <summary>The envelope's maxTime; of an authorization about when its last ledger closes.</summary>
    public DateTimeOffset ValidUntil { get; init; }

    /// <summary>Until when an answer is of use.</summary>
    public DateTimeOffset Deadline { get; init; }

    /// <summary>Where it stands. A change is a compare-and-set: two answers at once cannot both win.</summary>
    public SignRequestState State { get; private set; }

    /// <summary>How many answers of several signers were kept. A change is a compare-and-set as well: of two at once, the second counts the first.</summary>
    public int AnswerCount { get; private set; }

    /// <summary>Whose signatures the released envelope carries for the payout source, comma separated; null: it is not signed, or was by its own key alone.</summary>
    public string? SignedBy { get; private set; }

    /// <summary>When the command was taken.</summary>
    public DateTimeOffset AskedAt { get; init; }

    /// <summary>When it left the open states.</summary>
    public DateTimeOffset? AnsweredAt { get; private set; }

    /// <summary>Why it ended or is held, from closed lists: Signed, HotKey, Authorized, SignerRejected, OrderUnknown, an intent problem or a rule of the policy.</summary>
    public string? Decision { get; private set; }

    /// <summary>While held: when it is judged again.</summary>
    public DateTimeOffset? JudgeAt { get; private set; }

    /// <summary>The facts of a refusal, a rejection or a hold.</summary>
    public string? Reason { get; private set; }

    /// <summary>The slot in the words of the contracts; null: an authorization has none.</summary>
    public SequenceSlot? Slot => Form == SigningForm.Authorization ? null : new() { Channel = Channel, SequenceNumber = SequenceNumber };

    /// <summary>Whether an answer can still change it.</summary>
    public bool IsOpen => State is SignRequestState.Waiting or SignRequestState.AwaitingOrder or SignRequestState.Held;

    /// <summary>The external signer is asked from now on, or the order is awaited.</summary>
    public void MoveTo(SignRequestState open) => (State, JudgeAt, Decision, Reason) = (open, null, null, null);

    /// <summary>The policy says not now.</summary>
    public void Hold(string rule, string detail, DateTimeOffset judgeAt) => (State, Decision, Reason, JudgeAt) = (SignRequestState.Held, rule, detail, judgeAt);

    /// <summary>One more answer of several was kept.</summary>
    public void CountAnswer() => AnswerCount++;

    /// <summary>The envelope is released with the signatures of these keys.</summary>
    public void Sign(IReadOnlyList<Stellar.AccountId> signers, DateTimeOffset now)
    {
        SignedBy = string.Join(',', signers);
        Close(SignRequestState.Signed, now, nameof(SignRequestState.Signed));
    }

    /// <summary>Ends the request.</summary>
    public void Close(SignRequestState end, DateTimeOffset now, string decision, string? reason = null) =>
        (State, AnsweredAt, Decision, Reason, JudgeAt) = (end, now, decision, reason, null);
}

internal sealed class SignRequestConfiguration : IEntityTypeConfiguration<SignRequest>
{
    public void Configure(EntityTypeBuilder<SignRequest> builder)
    {
        builder.ToTable("sign_requests");
        builder.HasKey(x => x.RequestId);
        builder.Property(x => x.RequestId).ValueGeneratedNever();
        builder.Property(x => x.Form).HasConversion<string>();
        builder.Property(x => x.State).HasConversion<string>().IsConcurrencyToken();
        builder.Property(x => x.AnswerCount).IsConcurrencyToken();
        builder.Property(x => x.Others).HasConversion(SharesColumn.Converter, SharesColumn.Comparer);
        builder.Ignore(x => x.Slot);
        builder.Ignore(x => x.IsOpen);
    }
}
