using System.Security.Cryptography;
using Microsoft.Extensions.Logging.Abstractions;
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

    private static readonly KeyPair[] ChannelKeys = [.. Enumerable.Range(0, 8).Select(index => KeyDerivation.Derive(ChannelSecretBytes, (uint)index))];

    public LocalNetwork(long seed, Scenario scenario, TimeProvider clock)
    {
        Channels = ChannelKeys[..scenario.Channels];
        var options = new DevnetOptions { Seed = seed, CloseTime = TimeSpan.Zero, Payout = new PayoutContractOptions { Admin = Admin.AccountId.ToString(), Tokens = [] } };
        Debts = new Debts(seed, scenario, new Network(options.NetworkPassphrase), Genesis.PayoutContractId(options));
        var owed = (long)Debts.Owed.Value;
        Chain = new Chain(
            options with
            {
                Accounts =
                [
                    .. Channels.Append(Admin).Select(key => new GenesisAccount(key.AccountId.ToString(), PlentyStroops)),
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

    /// <summary>True once somebody else paid a debt: then the contract rightly refuses it.</summary>
    public bool PaidByOthers { get; set; }

    public PayoutContractCall Contract => new(Ledger.PayoutContract);

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
