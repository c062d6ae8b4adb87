using Payouts.Stellar;
using Payouts.Stellar.Rpc;
using Payouts.Stellar.Xdr;

namespace Payouts.Builder.Tests.Support;

/// <summary>A node whose questions are counted; a refusal of the test's own may stand in for its simulation.</summary>
internal sealed class WatchedRpc(ISorobanRpcClient node) : ISorobanRpcClient
{
    private readonly TaskCompletionSource _together = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _transactionsNow;
    private int _transactionsMost;

    /// <summary>Keys in each getLedgerEntries.</summary>
    public List<int> KeysAsked { get; } = [];

    /// <summary>So many getTransaction wait for each other before the first of them is answered; 0: none waits.</summary>
    public int TransactionsTogether { get; init; }

    /// <summary>The most getTransaction at the same time.</summary>
    public int TransactionsMost => Volatile.Read(ref _transactionsMost);

    /// <summary>What every simulation says; null: what the node says.</summary>
    public SimulationResult? Simulated { get; init; }

    public Task<LedgerEntries> GetLedgerEntriesAsync(IReadOnlyList<LedgerKey> keys, CancellationToken cancellationToken)
    {
        KeysAsked.Add(keys.Count);
        return node.GetLedgerEntriesAsync(keys, cancellationToken);
    }

    public async Task<TransactionLookup> GetTransactionAsync(TransactionHash hash, CancellationToken cancellationToken)
    {
        var now = Interlocked.Increment(ref _transactionsNow);
        _transactionsMost = Math.Max(_transactionsMost, now);
        if (now >= TransactionsTogether)
            _together.TrySetResult();
        await _together.Task.WaitAsync(cancellationToken);
        Interlocked.Decrement(ref _transactionsNow);
        return await node.GetTransactionAsync(hash, cancellationToken);
    }

    public Task<SimulationResult> SimulateTransactionAsync(TransactionEnvelope envelope, CancellationToken cancellationToken, SimulationOptions? options = null) =>
        Simulated is { } said ? Task.FromResult(said) : node.SimulateTransactionAsync(envelope, cancellationToken, options);

    public Task<EventsPage> GetEventsAsync(EventsRequest request, CancellationToken cancellationToken) => node.GetEventsAsync(request, cancellationToken);

    public Task<Health> GetHealthAsync(CancellationToken cancellationToken) => node.GetHealthAsync(cancellationToken);

    public Task<NetworkInfo> GetNetworkAsync(CancellationToken cancellationToken) => node.GetNetworkAsync(cancellationToken);

    public Task<LatestLedger> GetLatestLedgerAsync(CancellationToken cancellationToken) => node.GetLatestLedgerAsync(cancellationToken);

    public Task<VersionInfo> GetVersionInfoAsync(CancellationToken cancellationToken) => node.GetVersionInfoAsync(cancellationToken);

    public Task<FeeStats> GetFeeStatsAsync(CancellationToken cancellationToken) => node.GetFeeStatsAsync(cancellationToken);

    public Task<SendOutcome> SendTransactionAsync(string signedXdr, TransactionHash hash, CancellationToken cancellationToken) => node.SendTransactionAsync(signedXdr, hash, cancellationToken);

    public Task<TransactionsPage> GetTransactionsAsync(ScanStart start, int limit, CancellationToken cancellationToken) => node.GetTransactionsAsync(start, limit, cancellationToken);
}
