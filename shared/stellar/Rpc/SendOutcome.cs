using Payouts.Stellar.Xdr;

namespace Payouts.Stellar.Rpc;

/// <summary>Whether a node has the transaction. A closed set, and "failed" is not in it: that only the ledger says.</summary>
public enum Acceptance
{
    /// <summary>A node has it in its queue.</summary>
    Accepted,

    /// <summary>The node that was asked did not take it, at that moment; whoever holds the envelope can still send it.</summary>
    NotAccepted,

    /// <summary>It may be in a queue, or on the ledger already.</summary>
    Unknown,
}

/// <summary>
/// What is known after a sendTransaction. None of these means paid and, save the ledger's own word, none means unpaid: a signed envelope stays
/// spendable until its time bound, whoever refused it.
/// </summary>
public abstract record SendOutcome
{
    private SendOutcome()
    {
    }

    public abstract Acceptance Acceptance { get; }

    /// <summary>PENDING: a node took it into its queue.</summary>
    public sealed record Pending(uint LatestLedger) : SendOutcome
    {
        public override Acceptance Acceptance => Acceptance.Accepted;
    }

    /// <summary>DUPLICATE: this node has it in its queue already.</summary>
    public sealed record Duplicate(uint LatestLedger) : SendOutcome
    {
        public override Acceptance Acceptance => Acceptance.Accepted;
    }

    /// <summary>TRY_AGAIN_LATER: another transaction of the source is pending, or this one is banned for a while, perhaps because it was applied.</summary>
    public sealed record TryAgainLater(uint LatestLedger) : SendOutcome
    {
        public override Acceptance Acceptance => Acceptance.Unknown;
    }

    /// <summary>ERROR: this node refuses it at this moment.</summary>
    public sealed record Refused(
        EncodedXdr<TransactionResult> Result, IReadOnlyList<EncodedXdr<DiagnosticEvent>> DiagnosticEvents, uint LatestLedger) : SendOutcome
    {
        /// <summary>Null when this version cannot read the result.</summary>
        public TransactionResultCode? Code => Result.TryDecode(out var result) ? result.Result.Discriminant : null;

        /// <summary>With txINSUFFICIENT_FEE the lowest fee that the node would take, in stroops.</summary>
        public long? FeeCharged => Result.TryDecode(out var result) ? result.FeeCharged : null;

        public override Acceptance Acceptance => !Result.TryDecode(out var result) ? Acceptance.Unknown : result.Result switch
        {
            TransactionResultResult.TxFeeBumpInnerFailed inner => Of(inner.Value.Result.Result.Discriminant),
            var own => Of(own.Discriminant),
        };

        private static Acceptance Of(TransactionResultCode code) => code switch
        {
            // A used sequence number is what the transaction itself leaves behind once it is applied; a lagging node says it too.
            TransactionResultCode.txBAD_SEQ => Acceptance.Unknown,
            // A queue wants seconds to spare, so it says so of a copy while an earlier one can still be included.
            TransactionResultCode.txTOO_LATE => Acceptance.Unknown,
            // No refusal at all: the answer contradicts itself.
            TransactionResultCode.txSUCCESS or TransactionResultCode.txFEE_BUMP_INNER_SUCCESS => Acceptance.Unknown,
            // The node checked it and left it out of its queue.
            TransactionResultCode.txFAILED or TransactionResultCode.txFEE_BUMP_INNER_FAILED or TransactionResultCode.txTOO_EARLY
                or TransactionResultCode.txMISSING_OPERATION or TransactionResultCode.txBAD_AUTH or TransactionResultCode.txINSUFFICIENT_BALANCE
                or TransactionResultCode.txNO_ACCOUNT or TransactionResultCode.txINSUFFICIENT_FEE or TransactionResultCode.txBAD_AUTH_EXTRA
                or TransactionResultCode.txINTERNAL_ERROR or TransactionResultCode.txNOT_SUPPORTED or TransactionResultCode.txBAD_SPONSORSHIP
                or TransactionResultCode.txBAD_MIN_SEQ_AGE_OR_GAP or TransactionResultCode.txMALFORMED or TransactionResultCode.txSOROBAN_INVALID
                or TransactionResultCode.txFROZEN_KEY_ACCESSED => Acceptance.NotAccepted,
            _ => Acceptance.Unknown,
        };
    }

    /// <summary>It surely reached no node: no connection was made, or the request was refused unread.</summary>
    public sealed record NotSent(string Reason) : SendOutcome
    {
        public override Acceptance Acceptance => Acceptance.NotAccepted;
    }

    /// <summary>The reply was lost or made no sense: a node may have it.</summary>
    public sealed record Unknown(string Reason) : SendOutcome
    {
        public override Acceptance Acceptance => Acceptance.Unknown;
    }
}
