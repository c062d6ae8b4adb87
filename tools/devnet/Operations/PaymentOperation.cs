using Payouts.Devnet.Ledger;
using Payouts.Devnet.Transactions;
using Payouts.Stellar.Xdr;

namespace Payouts.Devnet.Operations;

internal static class PaymentOperation
{
    public static OperationResult Apply(OperationContext context, PaymentOp payment) =>
        ResultArms.Tr(new OperationResultTr.Payment(payment.Asset is Asset.Native ? PayNative(context, payment) : PayIssued(context, payment)));

    private static PaymentResult PayNative(OperationContext context, PaymentOp payment)
    {
        var to = payment.Destination.AccountId();
        if (context.Ledger.Account(to) is not { } destination)
        {
            return new PaymentResult.NoDestination();
        }

        if (to != context.Source)
        {
            if (destination.Balance > long.MaxValue - payment.Amount)
            {
                return new PaymentResult.LineFull();
            }

            var source = context.SourceAccount;
            if (Accounts.Available(source, context.Info.BaseReserve) < payment.Amount)
            {
                return new PaymentResult.Underfunded();
            }

            context.Save(source with { Balance = source.Balance - payment.Amount });
            context.Save(destination with { Balance = destination.Balance + payment.Amount });
        }

        return Done(context, payment);
    }

    private static PaymentResult PayIssued(OperationContext context, PaymentOp payment)
    {
        var to = payment.Destination.AccountId();
        var issuer = payment.Asset.Issuer();
        var line = payment.Asset.ToTrustLine();

        // As the path payment that stellar-core runs a payment through: the receiving side first, then the sending side.
        if (to != issuer)
        {
            if (context.Ledger.Account(to) is null)
            {
                return new PaymentResult.NoDestination();
            }

            if (context.Ledger.TrustLine(to, line) is not { } receiving)
            {
                return new PaymentResult.NoTrust();
            }

            if (!Accounts.IsAuthorized(receiving))
            {
                return new PaymentResult.NotAuthorized();
            }

            if (receiving.Limit - receiving.Balance < payment.Amount)
            {
                return new PaymentResult.LineFull();
            }

            context.Save(receiving with { Balance = receiving.Balance + payment.Amount });
        }

        if (context.Source != issuer)
        {
            if (context.Ledger.TrustLine(context.Source, line) is not { } sending)
            {
                return new PaymentResult.SrcNoTrust();
            }

            if (!Accounts.IsAuthorized(sending))
            {
                return new PaymentResult.SrcNotAuthorized();
            }

            if (sending.Balance < payment.Amount)
            {
                return new PaymentResult.Underfunded();
            }

            context.Save(sending with { Balance = sending.Balance - payment.Amount });
        }

        return Done(context, payment);
    }

    private static PaymentResult Done(OperationContext context, PaymentOp payment)
    {
        context.Events.Add(context.EventFactory.Transfer(
            payment.Asset, context.Source.Address(), payment.Destination.AccountId().Address(), payment.Amount, payment.Destination.MuxedId()));
        return new PaymentResult.Success();
    }
}
