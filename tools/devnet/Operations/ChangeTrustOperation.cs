using Payouts.Devnet.Ledger;
using Payouts.Devnet.Transactions;
using Payouts.Stellar.Xdr;

namespace Payouts.Devnet.Operations;

internal static class ChangeTrustOperation
{
    public static OperationResult Apply(OperationContext context, ChangeTrustOp trust)
    {
        var asset = trust.Line.ToAsset() ?? throw new InvalidOperationException("pool shares were refused as malformed");
        var line = asset.ToTrustLine();
        return context.Ledger.TrustLine(context.Source, line) is { } existing
            ? ResultArms.Tr(new OperationResultTr.ChangeTrust(Change(context, trust, asset, existing)))
            : Create(context, trust, asset, line);
    }

    private static ChangeTrustResult Change(OperationContext context, ChangeTrustOp trust, Asset asset, TrustLineEntry existing)
    {
        if (trust.Limit < existing.Balance)
        {
            return new ChangeTrustResult.InvalidLimit();
        }

        if (trust.Limit == 0)
        {
            var source = context.SourceAccount;
            context.Ledger.Remove(EntryKey.TrustLine(context.Source, existing.Asset));
            context.Save(source with { NumSubEntries = source.NumSubEntries - 1 });
            return new ChangeTrustResult.Success();
        }

        if (context.Ledger.Account(asset.Issuer()!) is null)
        {
            return new ChangeTrustResult.NoIssuer();
        }

        context.Save(existing with { Limit = trust.Limit });
        return new ChangeTrustResult.Success();
    }

    private static OperationResult Create(OperationContext context, ChangeTrustOp trust, Asset asset, TrustLineAsset line)
    {
        if (trust.Limit == 0)
        {
            return ResultArms.Tr(new OperationResultTr.ChangeTrust(new ChangeTrustResult.InvalidLimit()));
        }

        if (context.Ledger.Account(asset.Issuer()!) is not { } issuer)
        {
            return ResultArms.Tr(new OperationResultTr.ChangeTrust(new ChangeTrustResult.NoIssuer()));
        }

        var source = context.SourceAccount;
        if (source.NumSubEntries >= NetworkLimits.SubEntriesMax)
        {
            return new OperationResult.OpTooManySubentries();
        }

        if (source.Balance < Accounts.MinBalance(source, context.Info.BaseReserve) + context.Info.BaseReserve)
        {
            return ResultArms.Tr(new OperationResultTr.ChangeTrust(new ChangeTrustResult.LowReserve()));
        }

        var flags = ((issuer.Flags & Accounts.AuthRequired) == 0 ? Accounts.TrustLineAuthorized : 0)
            | ((issuer.Flags & Accounts.AuthClawbackEnabled) != 0 ? Accounts.TrustLineClawbackEnabled : 0);
        context.Save(source with { NumSubEntries = source.NumSubEntries + 1 });
        context.Save(new TrustLineEntry(context.Source, line, 0, trust.Limit, flags, new TrustLineEntryExt.V0()));
        return ResultArms.Tr(new OperationResultTr.ChangeTrust(new ChangeTrustResult.Success()));
    }
}
