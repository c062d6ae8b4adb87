using Payouts.Devnet.Ledger;
using Payouts.Devnet.Transactions;
using Payouts.Stellar.Xdr;

namespace Payouts.Devnet.Operations;

internal static class CreateAccountOperation
{
    public static OperationResult Apply(OperationContext context, CreateAccountOp create) =>
        ResultArms.Tr(new OperationResultTr.CreateAccount(Create(context, create)));

    private static CreateAccountResult Create(OperationContext context, CreateAccountOp create)
    {
        if (context.Ledger.Account(create.Destination) is not null)
        {
            return new CreateAccountResult.AlreadyExist();
        }

        if (create.StartingBalance < 2L * context.Info.BaseReserve)
        {
            return new CreateAccountResult.LowReserve();
        }

        var source = context.SourceAccount;
        if (Accounts.Available(source, context.Info.BaseReserve) < create.StartingBalance)
        {
            return new CreateAccountResult.Underfunded();
        }

        context.Save(source with { Balance = source.Balance - create.StartingBalance });
        context.Save(Accounts.New(create.Destination, create.StartingBalance, context.Info.Sequence));
        context.Events.Add(context.EventFactory.Transfer(new Asset.Native(), context.Source.Address(), create.Destination.Address(), create.StartingBalance));
        return new CreateAccountResult.Success();
    }
}
