using Payouts.Stellar.Xdr;

namespace Payouts.Stellar.Rpc;

/// <summary>
/// What is known after a sendTransaction. None of these means paid and, save the ledger's own word, none means unpaid: a signed envelope stays
/// spendable until its time bound, whoever refused it.
/// </summary>
public abstract record SendOutcome
{
    private SendOutcome()
    {
    }

    /// <summary>PENDING: a node took it into its queue.</summary>
    public sealed record Pending(uint LatestLedger) : SendOutcome;

    /// <summary>DUPLICATE: this node has it in its queue already.</summary>
    public sealed record Duplicate(uint LatestLedger) : SendOutcome;

    /// <summary>TRY_AGAIN_LATER: another transaction of the source is pending, or this one is banned for a while, perhaps because it was applied.</summary>
    public sealed record TryAgainLater(uint LatestLedger) : SendOutcome;

    /// <summary>ERROR: this node refuses it at this moment.</summary>
    public sealed record Refused(
        EncodedXdr<TransactionResult> Result, IReadOnlyList<EncodedXdr<DiagnosticEvent>> DiagnosticEvents, uint LatestLedger) : SendOutcome
    {
        /// <summary>Null when this version cannot read the result.</summary>
        public TransactionResultCode? Code => Result.TryDecode(out var result) ? result.Result.Discriminant : null;

        /// <summary>With txINSUFFICIENT_FEE the lowest fee that the node would take, in stroops.</summary>
        public long? FeeCharged => Result.TryDecode(out var result) ? result.FeeCharged : null;
    }

    /// <summary>It surely reached no node: no connection was made, or the request was refused unread.</summary>
    public sealed record NotSent(string Reason) : SendOutcome;

    /// <summary>The reply was lost or made no sense: a node may have it.</summary>
    public sealed record Unknown(string Reason) : SendOutcome;
}
