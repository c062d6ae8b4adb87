using Payouts.Stellar;
using Payouts.Stellar.Rpc;
using Payouts.Stellar.Xdr;

namespace Payouts.Builder.Tests.Reconciling;

/// <summary>A node that refuses every question for events with the same words, and answers the rest.</summary>
internal sealed class RefusingRpc(ISorobanRpcClient node, string refusal) : ISorobanRpcClient
{
    public Task<EventsPage> GetEventsAsync(EventsRequest request, CancellationToken cancellationToken) =>
        throw new SorobanRpcException(SorobanRpcErrorKind.RpcError, "getEvents", "the test", refusal, code: -32600);

    public Task<Health> GetHealthAsync(CancellationToken cancellationToken) => node.GetHealthAsync(cancellationToken);

    public Task<NetworkInfo> GetNetworkAsync(CancellationToken cancellationToken) => node.GetNetworkAsync(cancellationToken);

    public Task<LatestLedger> GetLatestLedgerAsync(CancellationToken cancellationToken) => node.GetLatestLedgerAsync(cancellationToken);

    public Task<VersionInfo> GetVersionInfoAsync(CancellationToken cancellationToken) => node.GetVersionInfoAsync(cancellationToken);

    public Task<FeeStats> GetFeeStatsAsync(CancellationToken cancellationToken) => node.GetFeeStatsAsync(cancellationToken);

    public Task<LedgerEntries> GetLedgerEntriesAsync(IReadOnlyList<LedgerKey> keys, CancellationToken cancellationToken) => node.GetLedgerEntriesAsync(keys, cancellationToken);

    public Task<SimulationResult> SimulateTransactionAsync(TransactionEnvelope envelope, CancellationToken cancellationToken, SimulationOptions? options = null) =>
        node.SimulateTransactionAsync(envelope, cancellationToken, options);

    public Task<SendOutcome> SendTransactionAsync(string signedXdr, TransactionHash hash, CancellationToken cancellationToken) => node.SendTransactionAsync(signedXdr, hash, cancellationToken);

    public Task<TransactionLookup> GetTransactionAsync(TransactionHash hash, CancellationToken cancellationToken) => node.GetTransactionAsync(hash, cancellationToken);

    public Task<TransactionsPage> GetTransactionsAsync(ScanStart start, int limit, CancellationToken cancellationToken) => node.GetTransactionsAsync(start, limit, cancellationToken);
}
