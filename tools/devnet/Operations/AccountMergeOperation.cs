using Payouts.Devnet.Ledger;
using Payouts.Devnet.Transactions;
using Payouts.Stellar.Xdr;

namespace Payouts.Devnet.Operations;

internal static class AccountMergeOperation
{
    /// <summary>stellar-core MergeOpFrame, in its order of checks; nothing here is sponsored.</summary>
    public static OperationResult Apply(OperationContext context, MuxedAccount destination) =>
        ResultArms.Tr(new OperationResultTr.AccountMerge(Merge(context, destination)));

    private static AccountMergeResult Merge(OperationContext context, MuxedAccount destination)
    {
        var to = destination.AccountId();
        if (context.Ledger.Account(to) is not { } receiver)
        {
            return new AccountMergeResult.NoAccount();
        }

        var source = context.SourceAccount;
        if ((source.Flags & Accounts.AuthImmutable) != 0)
        {
            return new AccountMergeResult.ImmutableSet();
        }

        // Signers go with the account, everything else that it owns must be gone.
        if (source.NumSubEntries != source.Signers.Count)
        {
            return new AccountMergeResult.HasSubEntries();
        }

        // Created anew in this ledger, the account would begin at or below a number that it has used.
        if (source.SeqNum >= Accounts.FirstSequenceNumber(context.Info.Sequence))
        {
            return new AccountMergeResult.SeqnumTooFar();
        }

        if (receiver.Balance > long.MaxValue - source.Balance)
        {
            return new AccountMergeResult.DestFull();
        }

        context.Save(receiver with { Balance = receiver.Balance + source.Balance });
        context.Ledger.Remove(EntryKey.Account(context.Source));
        context.Events.Add(context.EventFactory.Transfer(new Asset.Native(), context.Source.Address(), to.Address(), source.Balance, destination.MuxedId()));
        return new AccountMergeResult.Success(source.Balance);
    }
}
