using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Payouts.Devnet.Options;
using Payouts.Stellar;
using Payouts.Stellar.Rpc;
using Payouts.Stellar.Xdr;
using Shouldly;
using Xunit;

namespace Payouts.Devnet.Tests;

/// <summary>A devnet whose ledgers close only when a test says so, on a clock that stands still unless a test moves it.</summary>
public sealed class TestNetwork : IAsyncDisposable
{
    public const string Usdc = "USDC";

    private readonly DevnetHost host;
    private readonly HttpClient http;

    private TestNetwork(DevnetHost host, FakeTimeProvider clock, KeyPair admin, KeyPair issuer)
    {
        this.host = host;
        Clock = clock;
        Admin = admin;
        Issuer = issuer;
        http = new HttpClient { Timeout = TimeSpan.FromSeconds(20) };
        Rpc = new SorobanRpcClient(http, new SorobanRpcOptions { Endpoints = [host.Address], ReadAttemptsMax = 1 }, TimeProvider.System);
    }

    public FakeTimeProvider Clock { get; }

    public KeyPair Admin { get; }

    public KeyPair Issuer { get; }

    public ISorobanRpcClient Rpc { get; }

    public Uri Address => host.Address;

    public Ledger.DevnetLedger Ledger => host.Ledger;

    public Network Network => Ledger.Network;

    public string UsdcAsset => $"{Usdc}:{Issuer.AccountId}";

    public PayoutContractCall Contract => new(Ledger.PayoutContract);

    public static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<TestNetwork> StartAsync(Func<DevnetOptions, DevnetOptions>? change = null)
    {
        var admin = Key("admin");
        var issuer = Key("issuer");
        var options = new DevnetOptions
        {
            Port = 0,
            CloseTime = TimeSpan.Zero,
            Accounts = [new GenesisAccount(admin.AccountId.ToString(), 10_000_000_000), new GenesisAccount(issuer.AccountId.ToString(), 10_000_000_000)],
            Payout = new PayoutContractOptions
            {
                Admin = admin.AccountId.ToString(),
                Tokens = [new TokenRegistration("XLM", "native", 1_000_000_000_000), new TokenRegistration(Usdc, $"{Usdc}:{issuer.AccountId}", 1_000_000_000_000)],
            },
        };
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 7, 1, 12, 0, 0, TimeSpan.Zero));
        var host = await DevnetHost.StartAsync(change?.Invoke(options) ?? options, clock, Cancellation);
        return new TestNetwork(host, clock, admin, issuer);
    }

    /// <summary>A key that is the same in every run.</summary>
    public static KeyPair Key(string name) => KeyPair.FromRawSeed(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(name)));

    /// <summary>An account with 100 lumens.</summary>
    public KeyPair Account(string name, long stroops = 1_000_000_000)
    {
        var key = Key(name);
        Ledger.Grant(key.AccountId, stroops);
        return key;
    }

    public long NextSequence(KeyPair key) => Ledger.SequenceNumber(key.AccountId).ShouldNotBeNull() + 1;

    /// <summary>A ledger later by the clock, too.</summary>
    public uint CloseLedger(int seconds = 5)
    {
        Clock.Advance(TimeSpan.FromSeconds(seconds));
        return Ledger.CloseLedger();
    }

    public TransactionBuilder Build(KeyPair source, Operation operation, int validSeconds = 300, long? sequence = null) =>
        new TransactionBuilder(source.AccountId, sequence ?? NextSequence(source)).Add(operation).ValidUntil(Clock.GetUtcNow().AddSeconds(validSeconds));

    public Transaction Signed(KeyPair source, Operation operation, int validSeconds = 300, long? sequence = null, uint inclusionFee = 100) =>
        Build(source, operation, validSeconds, sequence).InclusionFeePerOperation(inclusionFee).Build().Sign(Network, source);

    /// <summary>A classic transaction that changes nothing but the sequence number.</summary>
    public Transaction NoOp(KeyPair source, long? sequence = null, uint inclusionFee = 100, int validSeconds = 300) =>
        Signed(source, new BumpSequenceOperation(0), validSeconds, sequence, inclusionFee);

    public PayoutOrder Order(KeyPair winner, long amount = 50_000_000, uint round = 1, string currency = "XLM") =>
        new(new PayoutKey("GAME", 7, round, winner.AccountId), amount, new Currency.Symbol(currency));

    /// <summary>Simulated and assembled, not yet signed: the channel is the source, the admin the operation's source.</summary>
    public async Task<Transaction> AssembleAsync(KeyPair channel, PayoutOrder order, int validSeconds = 300, long? sequence = null, long inclusionFee = 100)
    {
        var call = Contract.Pay(order) with { Source = channel.AccountId == Admin.AccountId ? null : Admin.AccountId };
        var transaction = Build(channel, call, validSeconds, sequence).Build();
        return await AssembleAsync(transaction, inclusionFee);
    }

    public async Task<Transaction> AssembleAsync(Transaction transaction, long inclusionFee = 100)
    {
        var simulation = (await Rpc.SimulateTransactionAsync(transaction.ToEnvelope(), Cancellation)).ShouldBeOfType<SimulationResult.Success>();
        var limits = new FeeLimits { InclusionFeeMax = 1_000_000, ResourceFeeMax = 100_000_000, TotalFeeMax = 100_000_000, ResourceFeeMarginPercent = 0 };
        return TransactionAssembler.Assemble(transaction, simulation, inclusionFee, limits).ShouldBeOfType<AssemblyResult.Assembled>().Transaction;
    }

    /// <summary>Ready to be sent.</summary>
    public async Task<Transaction> PayoutAsync(KeyPair channel, PayoutOrder order, int validSeconds = 300, long? sequence = null, long inclusionFee = 100)
    {
        var transaction = await AssembleAsync(channel, order, validSeconds, sequence, inclusionFee);
        return channel.AccountId == Admin.AccountId ? transaction.Sign(Network, Admin) : transaction.Sign(Network, channel, Admin);
    }

    public Task<SendOutcome> SendAsync(Transaction transaction) => Rpc.SendTransactionAsync(transaction.ToBase64(), transaction.Hash(Network), Cancellation);

    public Task<SendOutcome> SendAsync(FeeBumpTransaction bump) => Rpc.SendTransactionAsync(bump.ToBase64(), bump.Hash(Network), Cancellation);

    public async Task<TransactionRecord?> FindAsync(TransactionHash hash) =>
        (await Rpc.GetTransactionAsync(hash, Cancellation) as TransactionLookup.Found)?.Transaction;

    /// <summary>Sends, closes a ledger, and returns what the ledger did.</summary>
    public async Task<TransactionRecord> ApplyAsync(Transaction transaction)
    {
        (await SendAsync(transaction)).ShouldBeOfType<SendOutcome.Pending>();
        CloseLedger();
        return (await FindAsync(transaction.Hash(Network))).ShouldNotBeNull();
    }

    public static TransactionResult Result(TransactionRecord record)
    {
        record.Result.TryDecode(out var result).ShouldBeTrue();
        return result!;
    }

    /// <summary>The refusal's code, after checking that it was one.</summary>
    public static TransactionResultCode Refusal(SendOutcome outcome) => outcome.ShouldBeOfType<SendOutcome.Refused>().Code.ShouldNotBeNull();

    /// <summary>One raw JSON-RPC call: the whole answer.</summary>
    public async Task<JsonElement> CallAsync(string method, object? parameters = null)
    {
        using var response = await http.PostAsJsonAsync(host.Address, new { jsonrpc = "2.0", id = 1, method, @params = parameters }, Cancellation);
        return await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
    }

    public async Task<HttpResponseMessage> PostAsync(string body) =>
        await http.PostAsync(host.Address, new StringContent(body, System.Text.Encoding.UTF8, "application/json"), Cancellation);

    public async Task<HttpResponseMessage> GetAsync(string path) => await http.GetAsync(new Uri(host.Address, path), Cancellation);

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await host.DisposeAsync();
        Admin.Dispose();
        Issuer.Dispose();
    }
}
