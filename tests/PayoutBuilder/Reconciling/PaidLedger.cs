using System.Buffers.Binary;
using System.Globalization;
using Payouts.Builder.Reconciling;
using Payouts.Builder.Saga;
using Payouts.Builder.Tests.Support;
using Payouts.Contracts;
using Payouts.Stellar;
using Payouts.Stellar.Rpc;
using Payouts.Stellar.Xdr;
using Address = Payouts.Stellar.Address;
using PayoutOrder = Payouts.Stellar.PayoutOrder;
using TransactionRecord = Payouts.Stellar.Rpc.TransactionRecord;

namespace Payouts.Builder.Tests.Reconciling;

/// <summary>An RPC that shows thousands of payments of one round, and gives them out page by page as the real one does.</summary>
internal sealed class PaidLedger(ReconcilingOptions options, int payments) : ISorobanRpcClient
{
    private const int PaymentsPerLedger = 200;
    private static readonly DateTimeOffset Start = new(2026, 7, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly Address _winner = Sample.Key("winner").AccountId;

    /// <summary>Pages given out.</summary>
    public int Pages { get; private set; }

    /// <summary>The page that breaks off; 0: none.</summary>
    public int BreaksAtPage { get; set; }

    private uint Latest => LedgerOf(payments - 1);

    /// <summary>The debts that the ledger pays.</summary>
    public IEnumerable<Payout> Debts() => Enumerable.Range(0, payments).Select(number => new Payout
    {
        CorrelationId = PayoutId.Derive(options.Network.Passphrase, options.Contract.Contract.ToString(), "GAME", 7, (uint)number, _winner.ToString()!).Value,
        CurrentState = "Confirmed", RoundId = "round-1", Context = "GAME", PoolId = 7, RoundNumber = (uint)number,
        Winner = string.Create(CultureInfo.InvariantCulture, $"{_winner}{number:D6}"), Amount = Amount(number), Currency = "XLM",
        PlannedAt = Start, EnteredStateAt = Start, TransactionHash = Hash(number).ToString(), Ledger = LedgerOf(number),
    });

    public static Stroops Amount(int number) => new(50_000_000 + number);

    public Task<EventsPage> GetEventsAsync(EventsRequest request, CancellationToken cancellationToken)
    {
        if (++Pages == BreaksAtPage)
            throw new SorobanRpcException(SorobanRpcErrorKind.ConnectionLost, "getEvents", "the test", "the connection broke");
        var from = request.Start is ScanStart.AfterCursor { Cursor: var cursor } ? (int)(long.Parse(cursor.AsSpan(cursor.IndexOf('-') + 1), CultureInfo.InvariantCulture) + 1) : 0;
        var events = Enumerable.Range(from, Math.Min(request.Limit, (2 * payments) - from)).Select(Event).ToList();
        return Task.FromResult(new EventsPage(events, events.Count > 0 ? events[^1].Id : ((ScanStart.AfterCursor)request.Start).Cursor, Latest, 1));
    }

    public Task<TransactionLookup> GetTransactionAsync(TransactionHash hash, CancellationToken cancellationToken)
    {
        var number = BinaryPrimitives.ReadInt32BigEndian(Convert.FromHexString(hash.ToString()));
        var order = new PayoutOrder(new PayoutKey("GAME", 7, (uint)number, _winner), Amount(number).Value, Currency.Parse("XLM"));
        var envelope = new TransactionBuilder(Sample.Admin.AccountId, number + 1).Add(options.Contract.Pay(order)).ValidUntil(Start.AddYears(1)).Build().ToEnvelope();
        var window = new LedgerWindow(Latest, Start, 1, Start);
        return Task.FromResult<TransactionLookup>(new TransactionLookup.Found(
            new TransactionRecord(hash, TransactionStatus.SUCCESS, LedgerOf(number), 1, false, Start, new EncodedXdr<TransactionEnvelope>(XdrCodec.ToBase64(envelope)), default, default, [], [], []), window));
    }

    public Task<Health> GetHealthAsync(CancellationToken cancellationToken) => Task.FromResult(new Health(Latest, Start, 1, Start, 100));

    public Task<NetworkInfo> GetNetworkAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<LatestLedger> GetLatestLedgerAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<VersionInfo> GetVersionInfoAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<FeeStats> GetFeeStatsAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<LedgerEntries> GetLedgerEntriesAsync(IReadOnlyList<LedgerKey> keys, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<SimulationResult> SimulateTransactionAsync(TransactionEnvelope envelope, CancellationToken cancellationToken, SimulationOptions? simulationOptions = null) => throw new NotSupportedException();

    public Task<SendOutcome> SendTransactionAsync(string signedXdr, TransactionHash hash, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<TransactionsPage> GetTransactionsAsync(ScanStart start, int limit, CancellationToken cancellationToken) => throw new NotSupportedException();

    private static uint LedgerOf(int number) => (uint)(1 + (number / PaymentsPerLedger));

    private static TransactionHash Hash(int number)
    {
        var bytes = new byte[32];
        BinaryPrimitives.WriteInt32BigEndian(bytes, number);
        return new TransactionHash(bytes);
    }

    /// <summary>Each payment has two: the token's transfer, then the contract's own.</summary>
    private EventRecord Event(int index)
    {
        var number = index / 2;
        var (contract, topics, data) = index % 2 == 0
            ? (options.Tokens["XLM"], new[] { ScVal.Symbol("transfer"), ScVal.Address(options.Treasury), ScVal.Address(_winner), ScVal.String("native") }, ScVal.I128(Amount(number).Value))
            : (options.Contract.Contract, [ScVal.Symbol("PAYOUT")], ScVal.Vec(ScVal.Address(_winner), ScVal.I128(Amount(number).Value), ScVal.Symbol("XLM")));
        return new EventRecord(
            string.Create(CultureInfo.InvariantCulture, $"{(long)LedgerOf(number) << 32:D19}-{index:D10}"), ContractEventType.CONTRACT, contract, LedgerOf(number), Start.AddSeconds(5 * LedgerOf(number)),
            Hash(number), 0, 1, [.. topics.Select(x => new EncodedXdr<SCVal>(XdrCodec.ToBase64(x)))], new EncodedXdr<SCVal>(XdrCodec.ToBase64(data)));
    }
}
