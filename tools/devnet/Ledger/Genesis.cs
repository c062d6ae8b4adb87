using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Payouts.Devnet.Contracts;
using Payouts.Devnet.Options;
using Payouts.Stellar;
using Payouts.Stellar.Xdr;

namespace Payouts.Devnet.Ledger;

/// <summary>The first ledger: accounts, friendbot's purses, the payout contract and its tokens.</summary>
public sealed class Genesis(DevnetOptions options, TokenContractIds tokens)
{
    /// <summary>Each friendbot purse holds a billion lumens, so that no test exhausts it.</summary>
    private const long PurseStroops = 10_000_000_000_000_000;

    private const uint Ledger = 1;

    /// <summary>Given, or derived from the seed.</summary>
    public static ContractId PayoutContractId(DevnetOptions options) => options.Payout.ContractId is { } given
        ? ContractId.Parse(given)
        : new ContractId(SeedHash(options, "payout contract"));

    /// <summary>Key of one of friendbot's purses. Play money: the seed is public.</summary>
    public static KeyPair FriendbotKey(DevnetOptions options, int index) =>
        KeyPair.FromRawSeed(SeedHash(options, string.Create(CultureInfo.InvariantCulture, $"friendbot {index}")));

    public void Fill(LedgerState state, int friendbotPurses)
    {
        foreach (var account in options.Accounts)
        {
            PutAccount(state, Identities.Account(account.PublicKey), account.BalanceStroops);
        }

        for (var i = 0; i < friendbotPurses; i++)
        {
            using var key = FriendbotKey(options, i);
            PutAccount(state, key.AccountId.ToXdr(), PurseStroops);
        }

        PutCode(state);
        var contract = PayoutContractId(options).ToScAddress();
        var settings = PayoutSettings.Empty with
        {
            Admin = options.Payout.Admin is { } admin ? Identities.AddressOf(admin) : null,
            Treasury = options.Payout.Treasury is { } treasury ? Identities.AddressOf(treasury) : null,
            Paused = options.Payout.Paused,
        };
        DeployToken(state, new Asset.Native(), Ledger);
        foreach (var token in options.Payout.Tokens)
        {
            var asset = Assets.Parse(token.Asset);
            var address = DeployToken(state, asset, Ledger);
            settings = settings.WithToken(token.Currency, address);
            Fund(state, address, contract, token.FundingStroops, Ledger);
        }

        PutInstance(state, contract, settings.ToInstance(), Ledger);
    }

    /// <summary>Gives an asset its token contract. Its issuer is created when missing: without one nothing could be trusted.</summary>
    public SCAddress DeployToken(LedgerState state, Asset asset, uint ledger)
    {
        if (asset.Issuer() is { } issuer && state.Account(issuer) is null)
        {
            PutAccount(state, issuer, 100_000_000_000);
        }

        var address = tokens.Of(asset).Address();
        PutInstance(state, address, TokenInstance.For(asset), ledger);
        return address;
    }

    /// <summary>Puts tokens into a contract's balance out of nowhere, as a deployer would before play starts.</summary>
    public void Fund(LedgerState state, SCAddress token, SCAddress holder, Int128 amount, uint ledger)
    {
        var key = TokenBalances.ContractKey(holder);
        var entryKey = EntryKey.ContractData(token, key, ContractDataDurability.PERSISTENT);
        var current = state.Get(entryKey)?.ContractData.Val.Field("amount")?.I128OrNull() ?? 0;
        PutData(state, token, key, TokenBalances.ContractValue(current + amount, true, false), ledger);
    }

    public void PutInstance(LedgerState state, SCAddress contract, SCContractInstance instance, uint ledger) =>
        PutData(state, contract, new SCVal.LedgerKeyContractInstance(), new SCVal.ContractInstance(instance), ledger);

    public static void PutAccount(LedgerState state, AccountID account, long balance) =>
        state.Set(EntryKey.Account(account), StoredEntry.Of(new LedgerEntryData.Account(Accounts.New(account, balance, Ledger)), Ledger));

    private static void PutCode(LedgerState state) => state.Set(
        EntryKey.Code(PayoutContract.WasmHash),
        StoredEntry.Of(
            new LedgerEntryData.ContractCode(new ContractCodeEntry(new ContractCodeEntryExt.V0(), PayoutContract.WasmHash, PayoutContract.Code)),
            Ledger,
            Ledger + NetworkLimits.MaxEntryTtlLedgers - 1));

    private static void PutData(LedgerState state, SCAddress contract, SCVal key, SCVal value, uint ledger)
    {
        var data = new ContractDataEntry(new ExtensionPoint.V0(), contract, key, ContractDataDurability.PERSISTENT, value);
        state.Set(
            EntryKey.ContractData(contract, key, ContractDataDurability.PERSISTENT),
            StoredEntry.Of(new LedgerEntryData.ContractData(data), ledger, ledger + NetworkLimits.MaxEntryTtlLedgers - 1));
    }

    private static byte[] SeedHash(DevnetOptions options, string purpose) =>
        SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"devnet {options.Seed} {purpose}")));
}
