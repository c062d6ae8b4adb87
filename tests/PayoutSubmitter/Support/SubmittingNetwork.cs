using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using Payouts.Contracts;
using Payouts.Devnet;
using Payouts.Devnet.Ledger;
using Payouts.Devnet.Options;
using Payouts.Stellar;
using Payouts.Stellar.Rpc;
using PayoutOrder = Payouts.Contracts.PayoutOrder;
using StellarOrder = Payouts.Stellar.PayoutOrder;

namespace Payouts.Submitter.Tests.Support;

/// <summary>A devnet whose ledgers close when the test says so, and signed payouts for it.</summary>
internal sealed class SubmittingNetwork : IAsyncDisposable
{
    public const int ValidSeconds = 60;
    public const long FeeMax = 2_000_000;

    private readonly DevnetHost _devnet;
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(20) };
    private readonly FakeTimeProvider _clock;
    private readonly KeyPair _admin = Key("admin");

    public KeyPair FeeKey { get; } = Key("fees");

    private SubmittingNetwork(DevnetHost devnet, FakeTimeProvider clock)
    {
        (_devnet, _clock) = (devnet, clock);
        Rpc = new SorobanRpcClient(_http, new SorobanRpcOptions { Endpoints = [devnet.Address], ReadAttemptsMax = 1 }, TimeProvider.System);
    }

    public DevnetLedger Ledger => _devnet.Ledger;

    public ISorobanRpcClient Rpc { get; }

    public SubmitterOptions Options => new()
    {
        Call = new PayoutContractCall(Ledger.PayoutContract),
        Treasury = new Address.Contract(Ledger.PayoutContract),
        Tokens = new Dictionary<string, ContractId> { ["XLM"] = _token },
        PollInterval = TimeSpan.FromMilliseconds(500),
        PollsAfterEndMax = 3,
        FeeMaxStroops = FeeMax,
        BumpAfterLedgers = 5,
    };

    private ContractId _token;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static async Task<SubmittingNetwork> StartAsync(int ledgerScale = 1)
    {
        var admin = Key("admin").AccountId.ToString();
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 7, 1, 12, 0, 0, TimeSpan.Zero));
        var devnet = await DevnetHost.StartAsync(new DevnetOptions
        {
            Port = 0,
            CloseTime = TimeSpan.Zero,
            LedgerScale = ledgerScale,
            Accounts = [new GenesisAccount(admin, 10_000_000_000)],
            Payout = new PayoutContractOptions { Admin = admin, Tokens = [] },
        }, clock, Cancelled);
        var network = new SubmittingNetwork(devnet, clock);
        network._token = network.Ledger.RegisterToken("XLM", "native", 1_000_000_000_000);
        network.Close();
        return network;
    }

    public static KeyPair Key(string name) => KeyPair.FromRawSeed(SHA256.HashData(Encoding.UTF8.GetBytes(name)));

    /// <summary>A ledger, five seconds later.</summary>
    public void Close(int ledgers = 1)
    {
        for (var i = 0; i < ledgers; i++)
        {
            _clock.Advance(TimeSpan.FromSeconds(5));
            Ledger.CloseLedger();
        }
    }

    /// <summary>Ledgers without the time between them.</summary>
    public void CloseAtOnce(int ledgers) => Ledger.CloseLedger(ledgers);

    /// <summary>A payout on the channel's next number, or one <paramref name="behind"/> it in the lane, signed by channel and admin, as payout-signer hands it over.</summary>
    public async Task<SubmitPayout> SignedAsync(string channel, uint round, long stroops = 50_000_000, string currency = "XLM", int ledgersMax = 1000, int behind = 0)
    {
        var (source, winner) = (Key(channel), Key("winner"));
        foreach (var key in new[] { source, winner }.Where(key => Ledger.SequenceNumber(key.AccountId) is null))
            Ledger.Grant(key.AccountId, 1_000_000_000);
        var sequence = Ledger.SequenceNumber(source.AccountId)!.Value + 1 + behind;
        var order = new StellarOrder(new PayoutKey("GAME", 7, round, winner.AccountId), stroops, new Currency.Symbol(currency));
        var validUntil = DateTimeOffset.FromUnixTimeSeconds((long)Ledger.LatestCloseTime + ValidSeconds);
        var maxLedger = Ledger.LatestLedger + (uint)ledgersMax;
        var draft = new TransactionBuilder(source.AccountId, sequence)
            .Add(new PayoutContractCall(Ledger.PayoutContract).Pay(order) with { Source = _admin.AccountId })
            .ValidUntil(validUntil).ValidInLedgers(0, maxLedger).Build();
        var simulation = (await Rpc.SimulateTransactionAsync(draft.ToEnvelope(), Cancelled)).ShouldBeOfType<SimulationResult.Success>();
        var limits = new FeeLimits { InclusionFeeMax = 1_000_000, ResourceFeeMax = 100_000_000, TotalFeeMax = 100_000_000 };
        var signed = TransactionAssembler.Assemble(draft, simulation, 100, limits).ShouldBeOfType<AssemblyResult.Assembled>().Transaction.Sign(Ledger.Network, source, _admin);
        return new SubmitPayout
        {
            PayoutId = new PayoutId(Guid.CreateVersion7()),
            Attempt = 1,
            Order = new PayoutOrder { Context = "GAME", PoolId = 7, RoundNumber = round, Winner = winner.AccountId.ToString(), Amount = new Stroops(stroops), Currency = currency },
            Slot = new SequenceSlot { Channel = source.AccountId.ToString(), SequenceNumber = sequence },
            TransactionHash = signed.Hash(Ledger.Network).ToString(),
            SignedXdr = signed.ToBase64(),
            ValidUntil = validUntil,
            MaxLedger = maxLedger,
        };
    }

    /// <summary>Options of an installation whose fee account exists and has a balance.</summary>
    public SubmitterOptions BumpingOptions()
    {
        Ledger.Grant(FeeKey.AccountId, 10_000_000_000);
        return Options with { FeeAccount = FeeKey.AccountId };
    }

    /// <summary>What payout-signer answers.</summary>
    public FeeBumped Bumped(BumpFee asked)
    {
        var bump = FeeBumpTransaction.Wrap(Transaction.FromBase64(asked.SignedXdr), FeeKey.AccountId, asked.FeeStroops).Sign(Ledger.Network, FeeKey);
        return new FeeBumped
        {
            PayoutId = asked.PayoutId,
            Attempt = asked.Attempt,
            TransactionHash = asked.TransactionHash,
            BumpHash = bump.Hash(Ledger.Network).ToString(),
            SignedXdr = bump.ToBase64(),
            FeeStroops = asked.FeeStroops,
        };
    }

    /// <summary>Sends without the service, as a process did that was killed afterwards.</summary>
    public async Task SendAsync(SubmitPayout command) =>
        (await Rpc.SendTransactionAsync(command.SignedXdr, TransactionHash.Parse(command.TransactionHash), Cancelled)).ShouldBeOfType<SendOutcome.Pending>();

    /// <summary>The burn of a payment's slot, as payout-signer hands it over.</summary>
    public SubmitBurn BurnOf(string channel, SubmitPayout payment, uint feeStroops = 10_000)
    {
        var key = Key(channel);
        var burn = new TransactionBuilder(key.AccountId, payment.Slot.SequenceNumber).Add(new BumpSequenceOperation(0))
            .InclusionFeePerOperation(feeStroops).ValidUntil(payment.ValidUntil).Build().Sign(Ledger.Network, key);
        return BurnOf(payment, burn);
    }

    /// <summary>The transaction that takes a payment's slot to restore what is archived, with <paramref name="lessStroops"/> less for resources than the network asks for.</summary>
    public async Task<SubmitBurn> RestoreOfAsync(string channel, SubmitPayout payment, long lessStroops = 0)
    {
        var key = Key(channel);
        var call = Transaction.FromBase64(payment.SignedXdr).WithoutSignatures();
        var preamble = (await Rpc.SimulateTransactionAsync(call.ToEnvelope(), Cancelled)).ShouldBeOfType<SimulationResult.Success>().Restore.ShouldNotBeNull("the devnet plays a server that wants it");
        var restore = new TransactionBuilder(key.AccountId, payment.Slot.SequenceNumber).Add(new RestoreFootprintOperation())
            .SorobanData(preamble.TransactionData with { ResourceFee = preamble.MinResourceFee - lessStroops })
            .InclusionFeePerOperation(10_000).ValidUntil(payment.ValidUntil).Build().Sign(Ledger.Network, key);
        return BurnOf(payment, restore);
    }

    private SubmitBurn BurnOf(SubmitPayout payment, Transaction burn) => new()
    {
        PayoutId = payment.PayoutId,
        Attempt = payment.Attempt,
        Order = payment.Order,
        Slot = payment.Slot,
        Envelopes = [payment.TransactionHash],
        TransactionHash = burn.Hash(Ledger.Network).ToString(),
        SignedXdr = burn.ToBase64(),
        ValidUntil = payment.ValidUntil,
    };

    /// <summary>Somebody else uses the channel's number.</summary>
    public async Task BurnAsync(string channel, SubmitPayout command)
    {
        var key = Key(channel);
        var burn = new TransactionBuilder(key.AccountId, command.Slot.SequenceNumber).Add(new BumpSequenceOperation(0))
            .ValidUntil(command.ValidUntil).Build().Sign(Ledger.Network, key);
        (await Rpc.SendTransactionAsync(burn.ToBase64(), burn.Hash(Ledger.Network), Cancelled)).ShouldBeOfType<SendOutcome.Pending>();
        Close();
        Ledger.SequenceNumber(key.AccountId).ShouldBe(command.Slot.SequenceNumber);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _devnet.DisposeAsync();
        _admin.Dispose();
    }
}
