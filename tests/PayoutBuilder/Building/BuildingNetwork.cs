using Microsoft.Extensions.Time.Testing;
using Payouts.Builder.Building;
using Payouts.Builder.Tests.Support;
using Payouts.Contracts;
using Payouts.Devnet;
using Payouts.Devnet.Options;
using Payouts.Hosting.Rpc;
using Payouts.Stellar;
using Payouts.Stellar.Rpc;
using PayoutOrder = Payouts.Contracts.PayoutOrder;

namespace Payouts.Builder.Tests.Building;

/// <summary>A devnet whose ledgers close when the test says so, and the factory that builds on it.</summary>
internal sealed class BuildingNetwork : IAsyncDisposable
{
    private readonly DevnetHost _devnet;
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(20) };

    private BuildingNetwork(DevnetHost devnet, FakeTimeProvider clock)
    {
        (_devnet, Clock) = (devnet, clock);
        Rpc = Client(devnet.Address);
        Ledger.Grant(Channel.AccountId, 1_000_000_000);
    }

    public FakeTimeProvider Clock { get; }

    public Devnet.Ledger.DevnetLedger Ledger => _devnet.Ledger;

    public ISorobanRpcClient Rpc { get; }

    public KeyPair Channel { get; } = Sample.Key("channel");

    public BuilderOptions Options => Sample.Options() with { Contract = new PayoutContractCall(Ledger.PayoutContract), Network = Ledger.Network };

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static async Task<BuildingNetwork> StartAsync(bool paused = false, int? retentionLedgers = null)
    {
        var admin = Sample.Admin.AccountId.ToString();
        var issuer = Sample.Account("issuer");
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 7, 1, 12, 0, 0, TimeSpan.Zero));
        var devnet = await DevnetHost.StartAsync(new DevnetOptions
        {
            Port = 0,
            CloseTime = TimeSpan.Zero,
            RetentionLedgers = retentionLedgers ?? new DevnetOptions().RetentionLedgers,
            Accounts = [new GenesisAccount(admin, 10_000_000_000), new GenesisAccount(issuer, 10_000_000_000)],
            Payout = new PayoutContractOptions
            {
                Admin = admin,
                Paused = paused,
                Tokens = [new TokenRegistration("XLM", "native", 1_000_000_000_000), new TokenRegistration("USDC", $"USDC:{issuer}", 1_000_000_000_000)],
            },
        }, clock, Cancelled);
        return new BuildingNetwork(devnet, clock);
    }

    /// <summary>On the devnet, or on another endpoint.</summary>
    public TransactionFactory Factory(Func<BuilderOptions, BuilderOptions>? change = null, Uri? endpoint = null)
    {
        var rpc = endpoint is null ? Rpc : Client(endpoint);
        // The service's own clock is years away from the ledger's: it decides nothing.
        return new TransactionFactory(rpc, new LedgerClock(rpc, TimeProvider.System), new InclusionFee(rpc, TimeProvider.System), change?.Invoke(Options) ?? Options);
    }

    public BuildPayout Command(string winner, long stroops = 50_000_000, string currency = "XLM", uint round = 1) => new()
    {
        PayoutId = new PayoutId(Guid.CreateVersion7()),
        Attempt = 2,
        Order = new PayoutOrder { Context = "GAME", PoolId = 7, RoundNumber = round, Winner = Sample.Account(winner), Amount = new Stroops(stroops), Currency = currency },
        Slot = new SequenceSlot { Channel = Channel.AccountId.ToString(), SequenceNumber = Ledger.SequenceNumber(Channel.AccountId).ShouldNotBeNull() + 1 },
    };

    public async Task<PayoutBuilt> BuiltAsync(BuildPayout command, TransactionFactory? factory = null) =>
        (await (factory ?? Factory()).BuildAsync(command, Cancelled)).ShouldBeOfType<BuildOutcome.Built>().Event;

    public async Task<PayoutFailed> NotBuiltAsync(BuildPayout command, TransactionFactory? factory = null) =>
        (await (factory ?? Factory()).BuildAsync(command, Cancelled)).ShouldBeOfType<BuildOutcome.NotBuilt>().Event;

    /// <summary>Signs as signer and channel would, sends, closes a ledger, and returns what the ledger says.</summary>
    public async Task<TransactionRecord> ApplyAsync(PayoutBuilt built)
    {
        var signed = Transaction.FromBase64(built.UnsignedXdr).Sign(Ledger.Network, Channel, Sample.Admin);
        (await Rpc.SendTransactionAsync(signed.ToBase64(), signed.Hash(Ledger.Network), Cancelled)).ShouldBeOfType<SendOutcome.Pending>();
        Clock.Advance(TimeSpan.FromSeconds(5));
        Ledger.CloseLedger();
        return (await Rpc.GetTransactionAsync(signed.Hash(Ledger.Network), Cancelled)).ShouldBeOfType<TransactionLookup.Found>().Transaction;
    }

    /// <summary>A ledger, five seconds later.</summary>
    public void Close(int ledgers = 1)
    {
        for (var i = 0; i < ledgers; i++)
        {
            Clock.Advance(TimeSpan.FromSeconds(5));
            Ledger.CloseLedger();
        }
    }

    /// <summary>The token contract of a classic asset.</summary>
    public ContractId Token(string asset) => ContractId.FromXdr(new Devnet.Contracts.TokenContractIds(Ledger.Network).Of(Devnet.Ledger.Assets.Parse(asset)));

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _devnet.DisposeAsync();
    }

    private SorobanRpcClient Client(Uri endpoint) => new(_http, new SorobanRpcOptions { Endpoints = [endpoint], ReadAttemptsMax = 1 }, TimeProvider.System);
}
