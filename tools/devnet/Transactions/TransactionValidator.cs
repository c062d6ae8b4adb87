using Payouts.Devnet.Ledger;
using Payouts.Devnet.Operations;
using Payouts.Stellar.Xdr;
using static Payouts.Stellar.Xdr.TransactionResultCode;

namespace Payouts.Devnet.Transactions;

/// <summary>How far a transaction got (stellar-core ValidationType): from InvalidUpdateSequence on, applying it consumes its sequence number.</summary>
public enum Validity
{
    Invalid,
    InvalidUpdateSequence,
    InvalidPostAuth,
    MaybeValid,
}

/// <summary>The moment in which validity is judged.</summary>
/// <param name="LedgerSequence">The ledger that would include the transaction.</param>
/// <param name="UpperCloseTimeOffset">Seconds that maxTime must reach beyond the close time; 0 when applying.</param>
/// <param name="Applying">Fees are already taken; signatures of operations are judged separately.</param>
public sealed record ValidityMoment(ILedgerView View, LedgerInfo Ledger, uint LedgerSequence, ulong UpperCloseTimeOffset, bool Applying);

/// <summary>stellar-core commonValid and checkValid, in their order, because the first failure is the answer.</summary>
public static class TransactionValidator
{
    /// <summary>The whole check that the queue makes, fee bump and inner transaction.</summary>
    public static TransactionOutcome CheckValid(TransactionFrame frame, ValidityMoment moment)
    {
        var outcome = new TransactionOutcome(frame, frame.FeeMinimum(moment.Ledger.BaseFee));
        if (frame.BumpSignatures is { } bumpSignatures && !CheckFeeBump(frame, new SignatureChecker(bumpSignatures), moment, outcome))
        {
            return outcome;
        }

        var checker = new SignatureChecker(frame.Signatures);
        if (CheckCommon(frame, checker, moment, outcome, chargeFee: !frame.IsFeeBump) != Validity.MaybeValid)
        {
            return outcome;
        }

        for (var i = 0; i < frame.Tx.Operations.Count; i++)
        {
            if (OperationValidity.Check(frame, frame.Tx.Operations[i], checker, moment) is { } refusal)
            {
                outcome.Operations[i] = refusal;
                return outcome.FailInner(txFAILED);
            }
        }

        return checker.AllUsed ? outcome : outcome.FailInner(txBAD_AUTH_EXTRA);
    }

    /// <summary>The transaction without its operations and without surplus signatures.</summary>
    public static Validity CheckCommon(TransactionFrame frame, SignatureChecker checker, ValidityMoment moment, TransactionOutcome outcome, bool chargeFee)
    {
        if (PreSequenceFailure(frame, moment, chargeFee) is { } early)
        {
            outcome.FailInner(early);
            return Validity.Invalid;
        }

        var account = moment.View.Account(frame.SourceId);
        if (account is null)
        {
            outcome.FailInner(txNO_ACCOUNT);
            return Validity.Invalid;
        }

        if (IsBadSequence(frame, account, moment.LedgerSequence))
        {
            outcome.FailInner(txBAD_SEQ);
            return Validity.Invalid;
        }

        if (IsTooEarlyForAccount(frame, account, moment))
        {
            outcome.FailInner(txBAD_MIN_SEQ_AGE_OR_GAP);
            return Validity.InvalidUpdateSequence;
        }

        if (!checker.Check(account, 1) || !CheckExtraSigners(frame, checker))
        {
            outcome.FailInner(txBAD_AUTH);
            return Validity.InvalidUpdateSequence;
        }

        var feeToPay = moment.Applying ? 0 : frame.FullFee;
        if (chargeFee && Accounts.Available(account, moment.Ledger.BaseReserve) < feeToPay)
        {
            outcome.FailInner(txINSUFFICIENT_BALANCE);
            return Validity.InvalidPostAuth;
        }

        return Validity.MaybeValid;
    }

    /// <summary>Fee and signatures of the outer envelope of a fee bump.</summary>
    private static bool CheckFeeBump(TransactionFrame frame, SignatureChecker checker, ValidityMoment moment, TransactionOutcome outcome)
    {
        if (frame.InclusionFee < (long)moment.Ledger.BaseFee * frame.FeeOperations)
        {
            outcome.Fail(txINSUFFICIENT_FEE);
            return false;
        }

        // The bump's rate must not be below the inner one's: outer/(ops+1) >= inner/ops, compared without division.
        var innerOperations = Math.Max(1, frame.Tx.Operations.Count);
        if (frame.InnerInclusionFee >= 0 && (Int128)frame.InclusionFee * innerOperations < (Int128)frame.InnerInclusionFee * frame.FeeOperations)
        {
            outcome.FeeCharged = (long)(((Int128)frame.InnerInclusionFee * frame.FeeOperations + innerOperations - 1) / innerOperations);
            outcome.Fail(txINSUFFICIENT_FEE);
            return false;
        }

        if (frame.InnerInclusionFee < 0 && !frame.IsSoroban)
        {
            outcome.FailInner(txINSUFFICIENT_FEE);
            return false;
        }

        if (moment.View.Account(frame.FeeSourceId) is not { } account)
        {
            outcome.Fail(txNO_ACCOUNT);
            return false;
        }

        if (!checker.Check(account, 1))
        {
            outcome.Fail(txBAD_AUTH);
            return false;
        }

        if (Accounts.Available(account, moment.Ledger.BaseReserve) < frame.FullFee)
        {
            outcome.Fail(txINSUFFICIENT_BALANCE);
            return false;
        }

        if (!checker.AllUsed)
        {
            outcome.Fail(txBAD_AUTH_EXTRA);
            return false;
        }

        return true;
    }

    private static TransactionResultCode? PreSequenceFailure(TransactionFrame frame, ValidityMoment moment, bool chargeFee)
    {
        if (frame.Preconditions2 is { } v2 && HasBadExtraSigners(v2))
        {
            return txMALFORMED;
        }

        if (frame.Tx.Operations.Count == 0)
        {
            return txMISSING_OPERATION;
        }

        if (frame.IsSoroban ? frame.Tx.Operations.Count != 1 : frame.Tx.Ext is not TransactionExt.V0)
        {
            return txMALFORMED;
        }

        if (frame.IsSoroban && (HasMemoOrMuxedSource(frame)
            || frame.SorobanVerdict.ResourceProblem is not null
            || (chargeFee ? frame.SorobanVerdict.FeeProblem : frame.SorobanVerdict.BumpedFeeProblem) is not null))
        {
            return txSOROBAN_INVALID;
        }

        return TimeFailure(frame, moment) ?? (chargeFee && frame.InclusionFee < (long)moment.Ledger.BaseFee * frame.FeeOperations ? txINSUFFICIENT_FEE : null);
    }

    private static TransactionResultCode? TimeFailure(TransactionFrame frame, ValidityMoment moment)
    {
        var time = frame.TimeBounds;
        var ledgers = frame.Preconditions2?.LedgerBounds;
        if (time is { MinTime: > 0 } && time.MinTime > moment.Ledger.CloseTime || ledgers is not null && ledgers.MinLedger > moment.LedgerSequence)
        {
            return txTOO_EARLY;
        }

        var late = time is { MaxTime: > 0 } && time.MaxTime < moment.Ledger.CloseTime + moment.UpperCloseTimeOffset;
        return late || ledgers is { MaxLedger: > 0 } && ledgers.MaxLedger <= moment.LedgerSequence ? txTOO_LATE : null;
    }

    private static bool IsBadSequence(TransactionFrame frame, AccountEntry account, uint ledger)
    {
        // The first sequence number of a ledger is reserved for accounts that are created in it.
        if (frame.SequenceNumber == (long)ledger << 32)
        {
            return true;
        }

        return frame.Preconditions2?.MinSeqNum is { } min
            ? account.SeqNum < min || account.SeqNum >= frame.SequenceNumber
            : account.SeqNum == long.MaxValue || account.SeqNum + 1 != frame.SequenceNumber;
    }

    private static bool IsTooEarlyForAccount(TransactionFrame frame, AccountEntry account, ValidityMoment moment)
    {
        if (frame.Preconditions2 is not { } conditions)
        {
            return false;
        }

        var (seqLedger, seqTime) = SequenceAge.Of(account);
        return conditions.MinSeqAge > moment.Ledger.CloseTime || moment.Ledger.CloseTime - conditions.MinSeqAge < seqTime
            || conditions.MinSeqLedgerGap > moment.LedgerSequence || moment.LedgerSequence - conditions.MinSeqLedgerGap < seqLedger;
    }

    private static bool CheckExtraSigners(TransactionFrame frame, SignatureChecker checker) =>
        frame.Preconditions2 is not { ExtraSigners: { Count: > 0 } extra } || checker.Check([.. extra.Select(key => new Signer(key, 1))], extra.Count);

    private static bool HasBadExtraSigners(PreconditionsV2 conditions) =>
        conditions.ExtraSigners.Count == 2 && conditions.ExtraSigners[0] == conditions.ExtraSigners[1]
        || conditions.ExtraSigners.Any(key => key is SignerKey.Ed25519SignedPayload { Value.Payload.Length: 0 });

    private static bool HasMemoOrMuxedSource(TransactionFrame frame) =>
        frame.Tx.Memo is not Memo.None || frame.Tx.SourceAccount is MuxedAccount.MuxedEd25519
        || frame.Tx.Operations[0].SourceAccount is MuxedAccount.MuxedEd25519;
}
