using Payouts.Devnet.Faults;
using Payouts.Devnet.Ledger;
using Payouts.Devnet.Transactions;
using Payouts.Stellar.Xdr;
using static Payouts.Stellar.Xdr.TransactionResultCode;

namespace Payouts.Devnet.Queue;

/// <summary>stellar-core TransactionQueue for one kind (classic or Soroban). The order of the checks is the meaning of the answers.</summary>
public sealed class KindQueue(LedgerResources ledgerLimits, FaultScript faults)
{
    private readonly Dictionary<EntryKey, AccountState> accounts = [];
    private readonly BannedHashes banned = new(NetworkLimits.BanLedgers);
    private readonly QueueLimiter limiter = new(ledgerLimits.Times(NetworkLimits.QueueSizeMultiplier));

    /// <summary>What one ledger takes of this kind.</summary>
    public LedgerResources LedgerLimits => ledgerLimits;

    public int Count => limiter.Count;

    public IEnumerable<TransactionFrame> DearestFirst => limiter.DearestFirst;

    /// <summary>Whether an account has a transaction here, or pays the fee of one.</summary>
    public bool IsPending(EntryKey account) => accounts.ContainsKey(account);

    public QueueAnswer TryAdd(TransactionFrame frame, ValidityMoment moment)
    {
        if (!HasValidFeeFields(frame))
        {
            return QueueAnswer.Refuse(frame, txMALFORMED);
        }

        if (banned.Contains(frame.Hash))
        {
            return new QueueAnswer.TryAgainLater();
        }

        if (faults.Strike(FaultKind.Filtered) is not null)
        {
            return new QueueAnswer.Filtered();
        }

        if (frame.FullFee < 0 || frame.InclusionFee < 0)
        {
            return QueueAnswer.Refuse(frame, txMALFORMED);
        }

        var replaced = accounts.GetValueOrDefault(frame.SourceKey)?.Transaction;
        if (replaced is not null && AgainstPending(frame, replaced) is { } conflict)
        {
            return conflict;
        }

        var victims = new List<TransactionFrame>();
        if (NoRoom(frame, replaced, victims) is { } full)
        {
            return full;
        }

        var outcome = TransactionValidator.CheckValid(frame, moment);
        if (!outcome.IsSuccess)
        {
            return new QueueAnswer.Error(outcome.ToXdr(), SorobanDiagnostics.Of(frame, outcome));
        }

        if (!CanPayFee(frame, replaced, moment))
        {
            return QueueAnswer.Refuse(frame, txINSUFFICIENT_BALANCE);
        }

        Add(frame, replaced, victims);
        return new QueueAnswer.Pending();
    }

    /// <summary>After a ledger: applied ones leave and are banned, the rest grow older, the too old and the invalid are banned.</summary>
    public void OnLedgerClosed(IEnumerable<TransactionFrame> applied, Func<TransactionFrame, bool> isStillValid)
    {
        foreach (var frame in applied)
        {
            // The sequence number decides, not the hash: whatever else this account had at or below it can never be applied.
            if (accounts.GetValueOrDefault(frame.SourceKey) is { Transaction: { } pending } state && pending.SequenceNumber <= frame.SequenceNumber)
            {
                Drop(state);
            }

            banned.Add(frame.Hash);
        }

        banned.Shift();
        limiter.ForgetEvicted();
        foreach (var state in accounts.Values.Where(state => state.Transaction is not null).ToList())
        {
            if (++state.Age == NetworkLimits.PendingLedgers || !isStillValid(state.Transaction!))
            {
                banned.Add(state.Transaction!.Hash);
                Drop(state);
            }
        }
    }

    /// <summary>Bans one that turned out invalid while the ledger was being built.</summary>
    public void Ban(TransactionFrame frame)
    {
        banned.Add(frame.Hash);
        if (accounts.GetValueOrDefault(frame.SourceKey) is { Transaction: { } pending } state && pending.Hash == frame.Hash)
        {
            Drop(state);
        }
    }

    private static QueueAnswer? AgainstPending(TransactionFrame frame, TransactionFrame pending)
    {
        if (frame.IsFeeBump == pending.IsFeeBump ? pending.Hash == frame.Hash : pending.IsFeeBump && pending.InnerHash == frame.Hash)
        {
            return new QueueAnswer.Duplicate();
        }

        if (frame.SequenceNumber < pending.SequenceNumber)
        {
            return QueueAnswer.Refuse(frame, txBAD_SEQ);
        }

        if (frame.IsSoroban && frame.SorobanVerdict.ResourceProblem is { } problem)
        {
            return new QueueAnswer.Error(new TransactionOutcome(frame, 0).Fail(txSOROBAN_INVALID).ToXdr(), [SorobanDiagnostics.Problem(problem)]);
        }

        if (!frame.IsFeeBump || frame.SequenceNumber != pending.SequenceNumber)
        {
            return new QueueAnswer.TryAgainLater();
        }

        // new/newOps >= 10 x old/oldOps, without division.
        var needed = (Int128)pending.InclusionFee * frame.FeeOperations * NetworkLimits.ReplaceByFeeMultiplier;
        if ((Int128)frame.InclusionFee * pending.FeeOperations >= needed)
        {
            return null;
        }

        var minimum = (long)((needed + pending.FeeOperations - 1) / pending.FeeOperations) + frame.FullFee - frame.InclusionFee;
        return QueueAnswer.Refuse(frame, txINSUFFICIENT_FEE, minimum);
    }

    private QueueAnswer? NoRoom(TransactionFrame frame, TransactionFrame? replaced, List<TransactionFrame> victims)
    {
        long? fee = faults.Strike(FaultKind.QueueFull) is { } full
            ? full.FeeStroops == 0 ? 0 : (full.FeeStroops * frame.FeeOperations) + frame.FullFee - frame.InclusionFee
            : limiter.CannotFit(frame, replaced, victims);
        if (fee is null)
        {
            return null;
        }

        banned.Add(frame.Hash);
        return fee > 0 ? QueueAnswer.Refuse(frame, txINSUFFICIENT_FEE, fee.Value) : new QueueAnswer.TryAgainLater();
    }

    private bool CanPayFee(TransactionFrame frame, TransactionFrame? replaced, ValidityMoment moment)
    {
        var fee = frame.FullFee - (replaced is not null && replaced.FeeSourceKey.Equals(frame.FeeSourceKey) ? replaced.FullFee : 0);
        var pending = accounts.GetValueOrDefault(frame.FeeSourceKey)?.FeesPending ?? 0;
        return Accounts.Available(moment.View.Account(frame.FeeSourceId)!, moment.Ledger.BaseReserve) - fee >= pending;
    }

    private void Add(TransactionFrame frame, TransactionFrame? replaced, List<TransactionFrame> victims)
    {
        // A replacement inherits the age: bumping the fee does not buy more ledgers in the queue.
        var age = 0;
        if (replaced is not null)
        {
            age = State(frame.SourceKey).Age;
            Drop(State(frame.SourceKey));
        }

        State(frame.SourceKey).Transaction = frame;
        State(frame.SourceKey).Age = age;
        State(frame.FeeSourceKey).FeesPending += frame.FullFee;
        foreach (var victim in victims)
        {
            limiter.NoteEvicted(victim);
            Ban(victim);
        }

        limiter.Add(frame);
    }

    private void Drop(AccountState state)
    {
        var frame = state.Transaction!;
        limiter.Remove(frame);
        state.Transaction = null;
        state.Age = 0;
        var payer = State(frame.FeeSourceKey);
        payer.FeesPending -= frame.FullFee;
        Forget(frame.FeeSourceKey, payer);
        Forget(frame.SourceKey, state);
    }

    private void Forget(EntryKey key, AccountState state)
    {
        if (state is { Transaction: null, FeesPending: 0 })
        {
            accounts.Remove(key);
        }
    }

    private AccountState State(EntryKey key)
    {
        if (!accounts.TryGetValue(key, out var state))
        {
            accounts[key] = state = new AccountState();
        }

        return state;
    }

    /// <summary>stellar-core XDRProvidesValidFee.</summary>
    private static bool HasValidFeeFields(TransactionFrame frame) =>
        frame.FullFee >= 0 && (!frame.IsSoroban || frame.SorobanData is { ResourceFee: >= 0 and <= 1L << 50 });

    private sealed class AccountState
    {
        public TransactionFrame? Transaction { get; set; }

        /// <summary>Ledgers that the transaction has waited.</summary>
        public int Age { get; set; }

        /// <summary>Full fees of all pending transactions that this account pays, its own and bumped ones.</summary>
        public long FeesPending { get; set; }
    }
}
