using Payouts.Stellar;
using Payouts.Stellar.Rpc;
using Payouts.Stellar.Xdr;

namespace Payouts.Builder.Tests.Restoring;

/// <summary>A node that wants something else restored than is right, and answers the rest.</summary>
internal sealed class PreambleRpc(ISorobanRpcClient node, Func<SorobanTransactionData, SorobanTransactionData> change) : ISorobanRpcClient
{
    public async Task<SimulationResult> SimulateTransactionAsync(TransactionEnvelope envelope, CancellationToken cancellationToken, SimulationOptions? options = null) =>
        await node.SimulateTransactionAsync(envelope, cancellationToken, options) is SimulationResult.Success { Restore: { } restore } success
            ? success with { Restore = restore with { TransactionData = change(restore.TransactionData) } }
            : throw new InvalidOperationException("nothing is archived");

    public Task<Health> GetHealthAsync(CancellationToken cancellationToken) => node.GetHealthAsync(cancellationToken);

    public Task<NetworkInfo> GetNetworkAsync(CancellationToken cancellationToken) => node.GetNetworkAsync(cancellationToken);

    public Task<LatestLedger> GetLatestLedgerAsync(CancellationToken cancellationToken) => node.GetLatestLedgerAsync(cancellationToken);

    public Task<VersionInfo> GetVersionInfoAsync(CancellationToken cancellationToken) => node.GetVersionInfoAsync(cancellationToken);

    public Task<FeeStats> GetFeeStatsAsync(CancellationToken cancellationToken) => node.GetFeeStatsAsync(cancellationToken);

    public Task<LedgerEntries> GetLedgerEntriesAsync(IReadOnlyList<LedgerKey> keys, CancellationToken cancellationToken) => node.GetLedgerEntriesAsync(keys, cancellationToken);

    public Task<SendOutcome> SendTransactionAsync(string signedXdr, TransactionHash hash, CancellationToken cancellationToken) => node.SendTransactionAsync(signedXdr, hash, cancellationToken);

    public Task<TransactionLookup> GetTransactionAsync(TransactionHash hash, CancellationToken cancellationToken) => node.GetTransactionAsync(hash, cancellationToken);

    public Task<TransactionsPage> GetTransactionsAsync(ScanStart start, int limit, CancellationToken cancellationToken) => node.GetTransactionsAsync(start, limit, cancellationToken);

    public Task<EventsPage> GetEventsAsync(EventsRequest request, CancellationToken cancellationToken) => node.GetEventsAsync(request, cancellationToken);
}
