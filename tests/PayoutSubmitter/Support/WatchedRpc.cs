using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Payouts.Stellar;
using Payouts.Stellar.Rpc;
using Payouts.Stellar.Xdr;

namespace Payouts.Submitter.Tests.Support;

/// <summary>A node whose questions are counted, and may be made to wait for each other.</summary>
internal sealed class WatchedRpc(ISorobanRpcClient node) : ISorobanRpcClient
{
    private readonly ConcurrentDictionary<string, int> _now = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int> _most = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int> _calls = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource _together = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Of this method so many calls wait for each other before the first is answered; 0: none waits.</summary>
    public (string Method, int Calls) Together { get; init; } = ("", 0);

    /// <summary>What every simulation says; null: what the node says.</summary>
    public SimulationResult? Simulated { get; init; }

    /// <summary>What every scan of events says; null: what the node says.</summary>
    public Func<EventsRequest, EventsPage>? Events { get; init; }

    /// <summary>Calls so far, of the method or of all.</summary>
    public int Calls(string? method = null) => method is null ? _calls.Values.Sum() : _calls.GetValueOrDefault(method);

    /// <summary>The most calls of the method at the same time.</summary>
    public int Most(string method) => _most.GetValueOrDefault(method);

    public Task<EventsPage> GetEventsAsync(EventsRequest request, CancellationToken cancellationToken) =>
        CountAsync(() => Events is { } events ? Task.FromResult(events(request)) : node.GetEventsAsync(request, cancellationToken), cancellationToken);

    public Task<SendOutcome> SendTransactionAsync(string signedXdr, TransactionHash hash, CancellationToken cancellationToken) =>
        CountAsync(() => node.SendTransactionAsync(signedXdr, hash, cancellationToken), cancellationToken);

    public Task<TransactionLookup> GetTransactionAsync(TransactionHash hash, CancellationToken cancellationToken) =>
        CountAsync(() => node.GetTransactionAsync(hash, cancellationToken), cancellationToken);

    public Task<LedgerEntries> GetLedgerEntriesAsync(IReadOnlyList<LedgerKey> keys, CancellationToken cancellationToken) =>
        CountAsync(() => node.GetLedgerEntriesAsync(keys, cancellationToken), cancellationToken);

    public Task<Health> GetHealthAsync(CancellationToken cancellationToken) => CountAsync(() => node.GetHealthAsync(cancellationToken), cancellationToken);

    public Task<NetworkInfo> GetNetworkAsync(CancellationToken cancellationToken) => CountAsync(() => node.GetNetworkAsync(cancellationToken), cancellationToken);

    public Task<LatestLedger> GetLatestLedgerAsync(CancellationToken cancellationToken) => CountAsync(() => node.GetLatestLedgerAsync(cancellationToken), cancellationToken);

    public Task<VersionInfo> GetVersionInfoAsync(CancellationToken cancellationToken) => CountAsync(() => node.GetVersionInfoAsync(cancellationToken), cancellationToken);

    public Task<FeeStats> GetFeeStatsAsync(CancellationToken cancellationToken) => CountAsync(() => node.GetFeeStatsAsync(cancellationToken), cancellationToken);

    public Task<SimulationResult> SimulateTransactionAsync(TransactionEnvelope envelope, CancellationToken cancellationToken, SimulationOptions? options = null) =>
        CountAsync(() => Simulated is { } said ? Task.FromResult(said) : node.SimulateTransactionAsync(envelope, cancellationToken, options), cancellationToken);

    public Task<TransactionsPage> GetTransactionsAsync(ScanStart start, int limit, CancellationToken cancellationToken) =>
        CountAsync(() => node.GetTransactionsAsync(start, limit, cancellationToken), cancellationToken);

    private async Task<T> CountAsync<T>(Func<Task<T>> ask, CancellationToken cancellationToken, [CallerMemberName] string method = "")
    {
        _calls.AddOrUpdate(method, 1, (_, count) => count + 1);
        var now = _now.AddOrUpdate(method, 1, (_, count) => count + 1);
        _most.AddOrUpdate(method, now, (_, most) => Math.Max(most, now));
        if (method == Together.Method)
        {
            if (now >= Together.Calls)
                _together.TrySetResult();
            await _together.Task.WaitAsync(cancellationToken);
        }

        try
        {
            return await ask();
        }
        finally
        {
            _now.AddOrUpdate(method, 0, (_, count) => count - 1);
        }
    }
}
