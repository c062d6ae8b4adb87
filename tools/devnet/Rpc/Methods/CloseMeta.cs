using Payouts.Devnet.History;
using Payouts.Stellar.Xdr;

namespace Payouts.Devnet.Rpc.Methods;

/// <summary>LedgerCloseMeta of a ledger: the true header; the transactions themselves are served by getTransactions.</summary>
internal static class CloseMeta
{
    public static LedgerCloseMeta Of(LedgerRecord ledger) => new LedgerCloseMeta.V2(new LedgerCloseMetaV2(
        new LedgerCloseMetaExt.V0(),
        ledger.Header,
        new GeneralizedTransactionSet.V1(new TransactionSetV1(ledger.Header.Header.PreviousLedgerHash, [])),
        [],
        [],
        [],
        0,
        []));
}
