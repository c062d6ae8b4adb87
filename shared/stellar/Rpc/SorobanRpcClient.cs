using System.Text.Json.Serialization.Metadata;
using Payouts.Stellar.Rpc.Wire;
using Payouts.Stellar.Xdr;
using Polly.Timeout;

namespace Payouts.Stellar.Rpc;

/// <summary>The Soroban RPC over HTTP, with several endpoints. One instance serves the whole process.</summary>
public sealed class SorobanRpcClient : ISorobanRpcClient
{
    private readonly JsonRpcTransport _transport;
    private readonly EndpointRotation _endpoints;
    private readonly RpcPipelines _pipelines;
    private readonly IReadOnlyList<Uri> _all;

    /// <param name="http">Its own Timeout should be infinite: the limits are in <paramref name="options"/>.</param>
    /// <param name="completed">Called after every single request, for metering; it must not throw.</param>
    public SorobanRpcClient(HttpClient http, SorobanRpcOptions options, TimeProvider time, Action<SorobanRpcCall>? completed = null)
    {
        options.Validate();
        _transport = new JsonRpcTransport(http, options.ResponseBytesMax, time, completed ?? (static _ => { }));
        _endpoints = new EndpointRotation(options.Endpoints);
        _pipelines = new RpcPipelines(options, time);
        _all = options.Endpoints;
    }

    public async Task<Health> GetHealthAsync(CancellationToken cancellationToken) =>
        await ReadAsync<KeysParams, HealthWire, Health>(
            RpcMethod.GetHealth, null, null, WireJson.Default.HealthWire, static (wire, reading) => new Health(
                reading.Required(wire.LatestLedger, "latestLedger"),
                WireReading.OptionalTime(wire.LatestLedgerCloseTime),
                reading.Required(wire.OldestLedger, "oldestLedger"),
                WireReading.OptionalTime(wire.OldestLedgerCloseTime),
                reading.Required(wire.LedgerRetentionWindow, "ledgerRetentionWindow")),
            cancellationToken).ConfigureAwait(false);

    public async Task<NetworkInfo> GetNetworkAsync(CancellationToken cancellationToken) =>
        await ReadAsync<KeysParams, NetworkWire, NetworkInfo>(
            RpcMethod.GetNetwork, null, null, WireJson.Default.NetworkWire, ReadNetwork, cancellationToken).ConfigureAwait(false);

    public async Task<LatestLedger> GetLatestLedgerAsync(CancellationToken cancellationToken) =>
        await ReadAsync<KeysParams, LatestLedgerWire, LatestLedger>(
            RpcMethod.GetLatestLedger, null, null, WireJson.Default.LatestLedgerWire, static (wire, reading) => new LatestLedger(
                reading.Required(wire.Id, "id"),
                reading.Required(wire.ProtocolVersion, "protocolVersion"),
                reading.Required(wire.Sequence, "sequence"),
                WireReading.OptionalTime(wire.CloseTime),
                wire.HeaderXdr is { } header ? new EncodedXdr<LedgerHeader>(header) : null,
                wire.MetadataXdr is { } metadata ? new EncodedXdr<LedgerCloseMeta>(metadata) : null),
            cancellationToken).ConfigureAwait(false);

    public async Task<VersionInfo> GetVersionInfoAsync(CancellationToken cancellationToken) =>
        await ReadAsync<KeysParams, VersionInfoWire, VersionInfo>(
            RpcMethod.GetVersionInfo, null, null, WireJson.Default.VersionInfoWire, static (wire, reading) => new VersionInfo(
                reading.Required(wire.Version, "version"),
                wire.CommitHash ?? "",
                wire.BuildTimestamp ?? "",
                wire.CaptiveCoreVersion ?? "",
                reading.Required(wire.ProtocolVersion, "protocolVersion")),
            cancellationToken).ConfigureAwait(false);

    public async Task<FeeStats> GetFeeStatsAsync(CancellationToken cancellationToken) =>
        await ReadAsync<KeysParams, FeeStatsWire, FeeStats>(
            RpcMethod.GetFeeStats, null, null, WireJson.Default.FeeStatsWire, static (wire, reading) => new FeeStats(
                reading.Fees(wire.SorobanInclusionFee, "sorobanInclusionFee"),
                reading.Fees(wire.InclusionFee, "inclusionFee"),
                reading.Required(wire.LatestLedger, "latestLedger")),
            cancellationToken).ConfigureAwait(false);

    public async Task<LedgerEntries> GetLedgerEntriesAsync(IReadOnlyList<LedgerKey> keys, CancellationToken cancellationToken) =>
        await ReadAsync(
            RpcMethod.GetLedgerEntries,
            new KeysParams([.. keys.Select(XdrCodec.ToBase64)]),
            WireJson.Default.KeysParams,
            WireJson.Default.LedgerEntriesWire,
            static (wire, reading) => new LedgerEntries(
                [.. (wire.Entries ?? []).Select(e => new LedgerEntryRecord(
                    reading.Decode<LedgerKey>(e.Key, "key"),
                    reading.Decode<LedgerEntryData>(e.Xdr, "xdr"),
                    reading.Required(e.LastModifiedLedgerSeq, "lastModifiedLedgerSeq"),
                    e.LiveUntilLedgerSeq))],
                reading.Required(wire.LatestLedger, "latestLedger")),
            cancellationToken).ConfigureAwait(false);

    public async Task<SimulationResult> SimulateTransactionAsync(
        TransactionEnvelope envelope, CancellationToken cancellationToken, SimulationOptions? options = null)
    {
        var mode = options?.AuthMode switch
        {
            SimulationAuthMode.Enforce => "enforce",
            SimulationAuthMode.Record => "record",
            SimulationAuthMode.RecordAllowNonRoot => "record_allow_nonroot",
            _ => null,
        };
        return await ReadAsync(
            RpcMethod.SimulateTransaction,
            new SimulateParams(
                XdrCodec.ToBase64(envelope), mode, options?.InstructionLeeway is { } leeway ? new ResourceConfigParams(leeway) : null, options?.UseUpgradedAuth),
            WireJson.Default.SimulateParams,
            WireJson.Default.SimulationWire,
            static (wire, reading) => reading.Simulation(wire),
            cancellationToken).ConfigureAwait(false);
    }

    public async Task<SendOutcome> SendTransactionAsync(string signedXdr, TransactionHash hash, CancellationToken cancellationToken)
    {
        var parameters = new TransactionParams(signedXdr);
        return await TransactionSending.SendAsync(
            _endpoints,
            (endpoint, token) => CallAsync(
                endpoint, RpcMethod.SendTransaction, parameters, WireJson.Default.TransactionParams, WireJson.Default.SendWire,
                (wire, reading) => TransactionSending.Read(wire, hash, reading), token),
            cancellationToken).ConfigureAwait(false);
    }

    public async Task<TransactionLookup> GetTransactionAsync(TransactionHash hash, CancellationToken cancellationToken) =>
        await ReadAsync<HashParams, TransactionWire, TransactionLookup>(
            RpcMethod.GetTransaction,
            new HashParams(hash.ToString()),
            WireJson.Default.HashParams,
            WireJson.Default.TransactionWire,
            (wire, reading) =>
            {
                if (reading.Hash(wire.TxHash, "txHash") != hash)
                {
                    throw reading.Invalid("the answer is about another transaction");
                }

                var window = reading.Window(wire.LatestLedger, wire.LatestLedgerCloseTime, wire.OldestLedger, wire.OldestLedgerCloseTime);
                return wire.Status == "NOT_FOUND"
                    ? new TransactionLookup.NotFound(window)
                    : new TransactionLookup.Found(reading.Transaction(wire), window);
            },
            cancellationToken).ConfigureAwait(false);

    public async Task<TransactionsPage> GetTransactionsAsync(ScanStart start, int limit, CancellationToken cancellationToken) =>
        await ReadAsync(
            RpcMethod.GetTransactions,
            new TransactionsParams((start as ScanStart.AtLedger)?.Ledger, new PaginationParams((start as ScanStart.AfterCursor)?.Cursor, limit)),
            WireJson.Default.TransactionsParams,
            WireJson.Default.TransactionsWire,
            static (wire, reading) => new TransactionsPage(
                [.. (wire.Transactions ?? []).Select(reading.Transaction)],
                reading.Required(wire.Cursor, "cursor"),
                reading.Window(wire.LatestLedger, wire.LatestLedgerCloseTimestamp, wire.OldestLedger, wire.OldestLedgerCloseTimestamp)),
            cancellationToken).ConfigureAwait(false);

    public async Task<EventsPage> GetEventsAsync(EventsRequest request, CancellationToken cancellationToken)
    {
        var filters = request.Filters.Select(f => new EventFilterParams(
            "contract", [.. f.Contracts.Select(c => c.ToString())], f.Topics.Count == 0 ? null : [.. f.Topics.Select(t => t.Segments)]));
        return await ReadAsync(
            RpcMethod.GetEvents,
            new EventsParams(
                (request.Start as ScanStart.AtLedger)?.Ledger,
                request.EndLedger,
                [.. filters],
                new PaginationParams((request.Start as ScanStart.AfterCursor)?.Cursor, request.Limit)),
            WireJson.Default.EventsParams,
            WireJson.Default.EventsWire,
            static (wire, reading) => new EventsPage(
                [.. (wire.Events ?? []).Select(reading.Event)],
                reading.Required(wire.Cursor, "cursor"),
                reading.Required(wire.LatestLedger, "latestLedger"),
                wire.OldestLedger),
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Asks every endpoint for its network, so that one on another network is found at the start and not by a payout.</summary>
    public async Task<IReadOnlyList<EndpointCheck>> CheckEndpointsAsync(Network expected, CancellationToken cancellationToken)
    {
        var checks = new List<EndpointCheck>();
        foreach (var endpoint in _all)
        {
            var label = JsonRpcTransport.Label(endpoint);
            try
            {
                var network = await CallAsync<KeysParams, NetworkWire, NetworkInfo>(
                    endpoint, RpcMethod.GetNetwork, null, null, WireJson.Default.NetworkWire, ReadNetwork, cancellationToken).ConfigureAwait(false);
                checks.Add(network.Passphrase == expected.Passphrase
                    ? new EndpointCheck.Right(label, network)
                    : new EndpointCheck.WrongNetwork(label, network.Passphrase));
            }
            catch (SorobanRpcException exception)
            {
                checks.Add(new EndpointCheck.NoAnswer(label, exception.Detail));
            }
        }

        return checks;
    }

    private static NetworkInfo ReadNetwork(NetworkWire wire, WireReading reading) => new(
        reading.Required(wire.Passphrase, "passphrase"), reading.Required(wire.ProtocolVersion, "protocolVersion"), wire.FriendbotUrl);

    // A read: tried at the current endpoint, and at the next one when it failed for a reason that another may not share.
    private async Task<T> ReadAsync<TParams, TWire, T>(
        string method, TParams? parameters, JsonTypeInfo<TParams>? parametersType, JsonTypeInfo<TWire> wireType, Func<TWire, WireReading, T> read,
        CancellationToken cancellationToken)
        where TParams : class
        where TWire : class
    {
        var endpoint = _endpoints.Current.Endpoint;
        try
        {
            return await _pipelines.For(method).ExecuteAsync(
                async attempt =>
                {
                    (var index, endpoint) = _endpoints.Current;
                    try
                    {
                        return await AttemptAsync(endpoint, method, parameters, parametersType, wireType, read, attempt, cancellationToken).ConfigureAwait(false);
                    }
                    catch (Exception exception) when (
                        exception is SorobanRpcException { IsTransient: true } or OperationCanceledException && !cancellationToken.IsCancellationRequested)
                    {
                        _endpoints.Failed(index);
                        throw;
                    }
                },
                cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutRejectedException exception)
        {
            throw TimedOut(method, endpoint, exception);
        }
    }

    // One try at one endpoint, within the method's time limit.
    private async Task<T> CallAsync<TParams, TWire, T>(
        Uri endpoint, string method, TParams? parameters, JsonTypeInfo<TParams>? parametersType, JsonTypeInfo<TWire> wireType,
        Func<TWire, WireReading, T> read, CancellationToken cancellationToken)
        where TParams : class
        where TWire : class
    {
        try
        {
            return await _pipelines.For(method).ExecuteAsync(
                async attempt => await AttemptAsync(
                    endpoint, method, parameters, parametersType, wireType, read, attempt, cancellationToken).ConfigureAwait(false),
                cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutRejectedException exception)
        {
            throw TimedOut(method, endpoint, exception);
        }
    }

    private async Task<T> AttemptAsync<TParams, TWire, T>(
        Uri endpoint, string method, TParams? parameters, JsonTypeInfo<TParams>? parametersType, JsonTypeInfo<TWire> wireType,
        Func<TWire, WireReading, T> read, CancellationToken attempt, CancellationToken caller)
        where TParams : class
        where TWire : class
    {
        var wire = await _transport.CallAsync(
            endpoint, method, parameters, parametersType, wireType, () => !caller.IsCancellationRequested, attempt).ConfigureAwait(false);
        return read(wire, new WireReading(method, JsonRpcTransport.Label(endpoint)));
    }

    private static SorobanRpcException TimedOut(string method, Uri endpoint, TimeoutRejectedException exception) => new(
        SorobanRpcErrorKind.Timeout, method, JsonRpcTransport.Label(endpoint), $"no answer within {exception.Timeout.TotalSeconds} s", inner: exception);
}
