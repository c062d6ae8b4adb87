using Payouts.Devnet.Ledger;
using Payouts.Devnet.Rpc.Methods;

namespace Payouts.Devnet.Rpc;

/// <summary>Every method served, by name.</summary>
public static class RpcMethods
{
    public static IReadOnlyDictionary<string, RpcMethod> Of(Chain chain, Func<string?> friendbotUrl)
    {
        var network = new NetworkMethods(chain, friendbotUrl);
        var transactions = new TransactionMethods(chain);
        return new Dictionary<string, RpcMethod>(StringComparer.Ordinal)
        {
            ["getHealth"] = network.GetHealth,
            ["getNetwork"] = network.GetNetwork,
            ["getLatestLedger"] = network.GetLatestLedger,
            ["getVersionInfo"] = network.GetVersionInfo,
            ["getFeeStats"] = new FeeStatsMethod(chain).GetFeeStats,
            ["getLedgerEntries"] = new LedgerEntriesMethod(chain).GetLedgerEntries,
            ["getLedgers"] = new LedgersMethod(chain).GetLedgers,
            ["simulateTransaction"] = new SimulateMethod(chain).SimulateTransaction,
            ["sendTransaction"] = new SendMethod(chain).SendTransaction,
            ["getTransaction"] = transactions.GetTransaction,
            ["getTransactions"] = transactions.GetTransactions,
            ["getEvents"] = new EventsMethod(chain).GetEvents,
        };
    }
}
