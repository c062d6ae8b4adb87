using System.Security.Cryptography;
using Microsoft.Extensions.Logging.Abstractions;
using Payouts.Contracts;
using Payouts.Devnet.Contracts;
using Payouts.Devnet.Faults;
using Payouts.Devnet.Ledger;
using Payouts.Devnet.Options;
using Payouts.Devnet.Rpc;
using Payouts.Stellar;
using Payouts.Tests.Simulation.Chance;

namespace Payouts.Tests.Simulation.Parties;

/// <summary>The devnet itself, without a server around it: its ledger is the judge of every run. Ledgers close when the scheduler says so.</summary>
internal sealed class LocalNetwork
{
    private const long PlentyStroops = 100_000_000_000;
    private const long WinnerStroops = 50_000_000;

    private static readonly byte[] ChannelSecretBytes = SHA256.HashData("channels of the simulation"u8);

    public static readonly string ChannelSecret = Convert.ToHexStringLower(ChannelSecretBytes);

    /// <summary>The contract's admin: what the external signer holds.</summary>
    public static readonly KeyPair Admin = KeyPair.FromRawSeed(SHA256.HashData("admin of the simulation"u8));

    /// <summary>Pays for fee bumps; payout-signer derives the same.</summary>
    public static readonly KeyPair FeeAccount = KeyDerivation.Derive(ChannelSecretBytes, 1000);

    private static readonly KeyPair[] ChannelKeys = [.. Enumerable.Range(0, 32).Select(index => KeyDerivation.Derive(ChannelSecretBytes, (uint)index))];

    public LocalNetwork(long seed, Scenario scenario, TimeProvider clock)
    {
        Channels = ChannelKeys[..scenario.Channels];
        Shape = scenario.Shape;
        var options = new DevnetOptions { Seed = seed, CloseTime = TimeSpan.Zero, Payout = new PayoutContractOptions { Admin = Admin.AccountId.ToString(), Tokens = [] } };
        Debts = new Debts(seed, scenario, new Network(options.NetworkPassphrase), Genesis.PayoutContractId(options));
        var owed = (long)Debts.Owed.Value;
        Chain = new Chain(
            options with
            {
                Accounts =
                [
                    .. Channels.Append(Admin).Append(FeeAccount).Select(key => new GenesisAccount(key.AccountId.ToString(), PlentyStroops)),
                    .. Debts.All.Where(x => !x.IsHomeless).Select(x => new GenesisAccount(x.Winner, WinnerStroops)),
                ],
                Payout = options.Payout with { Tokens = [new TokenRegistration(Debts.Currency, "native", scenario.PoorTreasury ? owed / 2 : owed * 2)] },
            },
            new FaultScript(seed), clock);
        Ledger = new DevnetLedger(Chain);
        Dispatcher = new JsonRpcDispatcher(RpcMethods.Of(Chain, () => null), NullLogger<JsonRpcDispatcher>.Instance);
        Endpoint = new JsonRpcEndpoint(Dispatcher, Chain.Faults, clock);
        Token = ContractId.FromXdr(Chain.TokenIds.Of(new Stellar.Xdr.Asset.Native()));
    }

    public Chain Chain { get; }

    public DevnetLedger Ledger { get; }

    public JsonRpcDispatcher Dispatcher { get; }

    /// <summary>With the devnet's faults.</summary>
    public JsonRpcEndpoint Endpoint { get; }

    public Debts Debts { get; }

    public IReadOnlyList<KeyPair> Channels { get; }

    /// <summary>The native asset's contract.</summary>
    public ContractId Token { get; }

    /// <summary>What the rounds' events name as their currency.</summary>
    public string Currency => Shape == PayoutShape.Prize ? Token.ToString() : Debts.Currency;

    /// <summary>Debts that the contract's admin sent a payment for, without the suite: the contract may rightly refuse them.</summary>
    public HashSet<PayoutId> PaidByHand { get; } = [];

    /// <summary>Debts whose authorization somebody else brought to the ledger: of two that try to pay with it the contract, or the nonce, rightly refuses one.</summary>
    public HashSet<PayoutId> Brought { get; } = [];

    public PayoutShape Shape { get; }

    /// <summary>The contract as this run's settings call it.</summary>
    public PayoutContractCall Contract => new(Ledger.PayoutContract, MethodOf(Shape), PayoutArgumentLayout.Parse(LayoutOf(Shape)));

    public static string MethodOf(PayoutShape shape) => shape switch
    {
        PayoutShape.Single => PayoutContractCall.DefaultMethod,
        PayoutShape.List => "distribute_batch",
        PayoutShape.Prize => "distribute_prize",
        _ => throw new ArgumentOutOfRangeException(nameof(shape), shape, "no such shape"),
    };

    public static string LayoutOf(PayoutShape shape) => shape switch
    {
        PayoutShape.Single => PayoutArgumentLayout.DefaultText,
        PayoutShape.List => "ctx:symbol, pool_id:u32, round_id:u32, payouts:list, currency:symbol",
        PayoutShape.Prize => "game_id:u32, total_prize:i128, winners:list, currency:address",
        _ => throw new ArgumentOutOfRangeException(nameof(shape), shape, "no such shape"),
    };

    /// <summary>What a winner got so far.</summary>
    public Int128 PaidTo(Debt debt) => (Ledger.Balance(debt.Winner) ?? 0) - (debt.IsHomeless ? 0 : WinnerStroops);

    /// <summary>Closes a ledger unless a stall is in force; false then.</summary>
    public bool TryClose()
    {
        if (Chain.Faults.Strike(FaultKind.LedgerStall) is not null)
            return false;
        Chain.CloseLedger();
        return true;
    }
}
