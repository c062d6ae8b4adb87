using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Payouts.Builder.Reconciling;
using Payouts.Builder.Saga;
using Payouts.Builder.Tests.Building;
using Payouts.Builder.Tests.Support;
using Payouts.Contracts;
using Payouts.Hosting.Retention;
using Payouts.Stellar;
using Payouts.Stellar.Rpc;
using Payouts.Stellar.Xdr;
using Payouts.Tests.Support;
using PayoutOrder = Payouts.Stellar.PayoutOrder;
using Transaction = Payouts.Stellar.Transaction;

namespace Payouts.Builder.Tests.Reconciling;

/// <summary>The books on a database, beside a devnet on which the admin may do what he likes behind the services' back.</summary>
internal sealed class OpenBooks : IAsyncDisposable
{
    public const uint Pool = 7;
    private const long FundsStroops = 1_000_000_000;
    private readonly TreasuryReader _reader;
    private readonly BookSweep _sweep;

    private OpenBooks(BuildingNetwork network, BuilderStore store)
    {
        (Network, Store) = (network, store);
        Options = new ReconcilingOptions
        {
            Contract = new PayoutContractCall(network.Ledger.PayoutContract),
            Network = network.Ledger.Network,
            Treasury = new Stellar.Address.Contract(network.Ledger.PayoutContract),
            Tokens = new Dictionary<string, ContractId> { ["XLM"] = network.Token("native"), ["USDC"] = network.Token($"USDC:{Sample.Account("issuer")}") },
        };
        Books = new Books(Options, new RetentionOptions(TimeSpan.FromDays(RetentionOptions.DaysDefault)), Log);
        _reader = Reader();
        _sweep = Sweep();
        Reports = new ReportBuilder(Store.Contexts, Books, Store.Clock);
    }

    public BuildingNetwork Network { get; }

    public BuilderStore Store { get; }

    public ReconcilingOptions Options { get; init; }

    public LogLines<Books> Log { get; } = new();

    public Books Books { get; }

    public ReportBuilder Reports { get; }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static async Task<OpenBooks> OpenAsync(Servers servers, string database, int? retentionLedgers = null) =>
        new(await BuildingNetwork.StartAsync(retentionLedgers: retentionLedgers), await BuilderStore.CreateAsync(servers, database));

    public TreasuryReader Reader(ISorobanRpcClient? rpc = null) => new(Store.Units, Store.Contexts, rpc ?? Network.Rpc, Books, Options, Store.Clock, NullLogger<TreasuryReader>.Instance);

    public BookSweep Sweep() => new(Store.Units, Store.Contexts, Books, Options, Store.Clock, NullLogger<BookSweep>.Instance);

    /// <summary>A debt of the round, in a state.</summary>
    public async Task<Payout> OweAsync(string winner, string state, uint round = 1, long stroops = 50_000_000, string currency = "XLM", string? roundId = null)
    {
        var payout = new Payout
        {
            CorrelationId = PayoutId.Derive(Options.Network.Passphrase, Options.Contract.Contract.ToString(), "GAME", Pool, round, Sample.Account(winner)).Value,
            CurrentState = state, RoundId = roundId ?? $"round-{round}", Context = "GAME", PoolId = Pool, RoundNumber = round,
            Winner = Sample.Account(winner), Amount = new Stroops(stroops), Currency = currency,
            PlannedAt = Store.Clock.GetUtcNow(), EnteredStateAt = Store.Clock.GetUtcNow(),
        };
        await Store.AddAsync(payout);
        return payout;
    }

    /// <summary>The admin pays with his own hands.</summary>
    public Task<TransactionRecord> PayAsync(string winner, uint round = 1, long stroops = 50_000_000, string currency = "XLM")
    {
        if (Network.Ledger.SequenceNumber(Sample.Key(winner).AccountId) is null)
            Network.Ledger.Grant(Sample.Key(winner).AccountId, FundsStroops);
        return CallAsync(Options.Contract.Pay(new PayoutOrder(new PayoutKey("GAME", Pool, round, Sample.Key(winner).AccountId), stroops, Currency.Parse(currency))));
    }

    /// <summary>The winner takes USDC.</summary>
    public async Task TrustAsync(string winner)
    {
        var key = Sample.Key(winner);
        Network.Ledger.Grant(key.AccountId, FundsStroops);
        var trust = new TransactionBuilder(key.AccountId, Network.Ledger.SequenceNumber(key.AccountId)!.Value + 1)
            .Add(new ChangeTrustOperation(Stellar.Asset.Issue("USDC", Sample.Key("issuer").AccountId)))
            .ValidUntil(DateTimeOffset.FromUnixTimeSeconds((long)Network.Ledger.LatestCloseTime + 300)).Build().Sign(Network.Ledger.Network, key);
        (await Network.Rpc.SendTransactionAsync(trust.ToBase64(), trust.Hash(Network.Ledger.Network), Cancelled)).ShouldBeOfType<SendOutcome.Pending>();
        Network.Close();
    }

    /// <summary>The admin calls the contract, and a ledger closes.</summary>
    public async Task<TransactionRecord> CallAsync(Stellar.Operation call)
    {
        var draft = new TransactionBuilder(Sample.Admin.AccountId, Network.Ledger.SequenceNumber(Sample.Admin.AccountId)!.Value + 1)
            .Add(call).ValidUntil(DateTimeOffset.FromUnixTimeSeconds((long)Network.Ledger.LatestCloseTime + 300)).Build();
        var simulation = (await Network.Rpc.SimulateTransactionAsync(draft.ToEnvelope(), Cancelled)).ShouldBeOfType<SimulationResult.Success>();
        var limits = new FeeLimits { InclusionFeeMax = 1_000_000, ResourceFeeMax = 100_000_000, TotalFeeMax = 100_000_000 };
        Transaction signed = TransactionAssembler.Assemble(draft, simulation, 1000, limits).ShouldBeOfType<AssemblyResult.Assembled>().Transaction.Sign(Network.Ledger.Network, Sample.Admin);
        (await Network.Rpc.SendTransactionAsync(signed.ToBase64(), signed.Hash(Network.Ledger.Network), Cancelled)).ShouldBeOfType<SendOutcome.Pending>();
        Network.Close();
        return (await Network.Rpc.GetTransactionAsync(signed.Hash(Network.Ledger.Network), Cancelled)).ShouldBeOfType<TransactionLookup.Found>().Transaction;
    }

    /// <summary>What the services would have stored.</summary>
    public Task ConfirmAsync(Payout payout, TransactionRecord paid) => Store.SqlAsync(
        $"update payouts set current_state = 'Confirmed', transaction_hash = '{paid.Hash}', ledger = {paid.Ledger} where winner = '{payout.Winner}' and round_number = {payout.RoundNumber}");

    /// <summary>Reads what there is, and compares everything once.</summary>
    public async Task BalanceAsync()
    {
        while (await _reader.TakeInPageAsync(Cancelled))
        {
            // There is more behind this page.
        }

        await BalanceSweepAsync();
    }

    /// <summary>Compares everything once.</summary>
    public async Task BalanceSweepAsync()
    {
        while (!await _sweep.SweepPageAsync(Cancelled))
        {
            // The sweep has more pages.
        }
    }

    /// <summary>The findings that are so now.</summary>
    public Task<List<ReconciliationFinding>> FindingsAsync() =>
        Store.ReadAsync((db, token) => db.Set<ReconciliationFinding>().AsNoTracking().Where(x => x.ResolvedAt == null).OrderBy(x => x.Kind).ToListAsync(token));

    public async Task<IReadOnlyList<FindingKind>> KindsAsync() => [.. (await FindingsAsync()).Select(x => x.Kind)];

    public async Task<ReconciliationReport> RoundAsync(uint round = 1) => (await Reports.RoundAsync($"round-{round}", Cancelled)).ShouldNotBeNull();

    /// <summary>The report of the ledger's day.</summary>
    public Task<ReconciliationReport> TodayAsync() => Reports.DayAsync(DateOnly.FromDateTime(Store.Clock.GetUtcNow().UtcDateTime), Cancelled);

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        await Network.DisposeAsync();
    }
}
