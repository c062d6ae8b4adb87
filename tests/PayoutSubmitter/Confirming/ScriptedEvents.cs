using System.Buffers.Binary;
using System.Globalization;
using Payouts.Contracts;
using Payouts.Stellar;
using Payouts.Stellar.Rpc;
using Payouts.Stellar.Xdr;
using Payouts.Submitter.Tests.Judging;

namespace Payouts.Submitter.Tests.Confirming;

/// <summary>An RPC that knows nothing but a list of events, and gives it out page by page as the real one does.</summary>
internal sealed class ScriptedEvents : ISorobanRpcClient
{
    private readonly List<EventRecord> _events = [];
    private int _pages;

    /// <summary>Pages given out so far.</summary>
    public int Pages => Volatile.Read(ref _pages);

    public IReadOnlyList<EventRecord> Events => _events;

    /// <summary>A transaction that pays the order, with its two events.</summary>
    public SubmitPayout Pay(int number)
    {
        var bytes = new byte[32];
        BinaryPrimitives.WriteInt32BigEndian(bytes, number);
        var hash = new TransactionHash(bytes);
        Add(hash, Evidence.Transfer());
        Add(hash, Evidence.Payout());
        return new SubmitPayout
        {
            PayoutId = new PayoutId(Guid.CreateVersion7()),
            Attempt = 1,
            Order = new Contracts.PayoutOrder
            {
                Context = "GAME", PoolId = 7, RoundNumber = (uint)number, Winner = Evidence.Winner.ToString(), Amount = new Stroops(50_000_000), Currency = "XLM",
            },
            Slot = new SequenceSlot { Channel = Evidence.Other.ToString(), SequenceNumber = number },
            TransactionHash = hash.ToString(),
            SignedXdr = "AAAA",
            ValidUntil = DateTimeOffset.UnixEpoch,
            MaxLedger = 99,
        };
    }

    /// <summary>One more event, of a transaction that is nobody's.</summary>
    public void AddForeign() => Add(new TransactionHash(Enumerable.Repeat((byte)255, 32).ToArray()), Evidence.Transfer(to: Evidence.Other));

    public Task<EventsPage> GetEventsAsync(EventsRequest request, CancellationToken cancellationToken)
    {
        var from = request.Start is ScanStart.AfterCursor after ? _events.FindIndex(x => x.Id == after.Cursor) + 1 : 0;
        var page = _events.Skip(from).Take(request.Limit).ToList();
        Interlocked.Increment(ref _pages);
        // A page that is not full goes to the end of the ledger: its cursor is the last event's, or where it began.
        var cursor = page.Count > 0 ? page[^1].Id : (request.Start as ScanStart.AfterCursor)?.Cursor ?? "start";
        return Task.FromResult(new EventsPage(page, cursor, 50, 1));
    }

    public Task<Health> GetHealthAsync(CancellationToken cancellationToken) =>
        Task.FromResult(new Health(50, DateTimeOffset.UnixEpoch.AddSeconds(250), 1, DateTimeOffset.UnixEpoch.AddSeconds(5), 50));

    public Task<NetworkInfo> GetNetworkAsync(CancellationToken cancellationToken) => throw Unasked();

    public Task<LatestLedger> GetLatestLedgerAsync(CancellationToken cancellationToken) => throw Unasked();

    public Task<VersionInfo> GetVersionInfoAsync(CancellationToken cancellationToken) => throw Unasked();

    public Task<FeeStats> GetFeeStatsAsync(CancellationToken cancellationToken) => throw Unasked();

    public Task<LedgerEntries> GetLedgerEntriesAsync(IReadOnlyList<LedgerKey> keys, CancellationToken cancellationToken) => throw Unasked();

    public Task<SimulationResult> SimulateTransactionAsync(TransactionEnvelope envelope, CancellationToken cancellationToken, SimulationOptions? options = null) => throw Unasked();

    public Task<SendOutcome> SendTransactionAsync(string signedXdr, TransactionHash hash, CancellationToken cancellationToken) => throw Unasked();

    public Task<TransactionLookup> GetTransactionAsync(TransactionHash hash, CancellationToken cancellationToken) => throw Unasked();

    public Task<TransactionsPage> GetTransactionsAsync(ScanStart start, int limit, CancellationToken cancellationToken) => throw Unasked();

    private static InvalidOperationException Unasked() => new("the follower asks for events and for the ledger's time only");

    private void Add(TransactionHash hash, ContractEvent contractEvent)
    {
        var body = ((ContractEventBody.V0)contractEvent.Body).Value;
        _events.Add(new EventRecord(
            _events.Count.ToString("D19", CultureInfo.InvariantCulture), ContractEventType.CONTRACT, ContractId.FromXdr(contractEvent.ContractID!), 50,
            DateTimeOffset.UnixEpoch, hash, 0, 1, [.. body.Topics.Select(x => new EncodedXdr<SCVal>(XdrCodec.ToBase64(x)))], new EncodedXdr<SCVal>(XdrCodec.ToBase64(body.Data))));
    }
}
