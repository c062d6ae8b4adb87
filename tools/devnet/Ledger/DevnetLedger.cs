using Payouts.Devnet.Contracts;
using Payouts.Devnet.Faults;
using Payouts.Devnet.Queue;
using Payouts.Devnet.State;
using Payouts.Devnet.Transactions;
using Payouts.Stellar;
using Payouts.Stellar.Xdr;

namespace Payouts.Devnet.Ledger;

/// <summary>The ledger itself, for tests that judge by it and for tools that prepare it. Amounts are stroops.</summary>
public sealed class DevnetLedger(Chain chain)
{
    public ContractId PayoutContract { get; } = Genesis.PayoutContractId(chain.Options);

    public Network Network => chain.Network;

    public FaultScript Faults => chain.Faults;

    public uint LatestLedger => chain.Read(c => c.History.Latest.Sequence);

    /// <summary>Unix seconds.</summary>
    public ulong LatestCloseTime => chain.Read(c => c.History.Latest.CloseTime);

    /// <summary>Transactions waiting in the queue, both kinds.</summary>
    public int PendingTransactions => chain.Read(c => c.Queue.Classic.Count + c.Queue.Soroban.Count);

    /// <summary>Closes so many ledgers now and returns the last one's sequence.</summary>
    public uint CloseLedger(int count = 1)
    {
        var last = 0u;
        for (var i = 0; i < count; i++)
        {
            last = chain.CloseLedger().Sequence;
        }

        return last;
    }

    /// <summary>Writes everything to a file that a later start can take up (DEVNET_STATE_FILE).</summary>
    public void Save(string path) => StateFile.Save(chain, path);

    /// <summary>Hands an envelope to the queue without the RPC in between.</summary>
    /// <exception cref="ArgumentException">An envelope of a kind that no longer exists.</exception>
    public QueueAnswer Submit(TransactionEnvelope envelope) =>
        chain.Submit(TransactionFrame.Of(envelope, chain.Network) ?? throw new ArgumentException("version 0 envelopes are not taken", nameof(envelope)));

    /// <summary>Sequence number that an account used last; null when it does not exist.</summary>
    public long? SequenceNumber(AccountId account) => chain.Read(c => c.State.Account(account.ToXdr())?.SeqNum);

    /// <param name="holder">G... or C...</param>
    /// <param name="asset">"native" or CODE:ISSUER.</param>
    /// <returns>Null when an account, its trustline or a contract's balance does not exist.</returns>
    public Int128? Balance(string holder, string asset = "native")
    {
        var address = Identities.AddressOf(holder);
        var parsed = Assets.Parse(asset);
        return chain.Read(c => address is SCAddress.Account { Value: var account }
            ? parsed is Asset.Native ? c.State.Account(account)?.Balance : c.State.TrustLine(account, parsed.ToTrustLine())?.Balance
            : c.State.Get(EntryKey.ContractData(c.TokenIds.Of(parsed).Address(), TokenBalances.ContractKey(address), ContractDataDurability.PERSISTENT))
                ?.ContractData.Val.Field("amount")?.I128OrNull());
    }

    /// <summary>Every payout that the contract has recorded, ordered by key.</summary>
    public IReadOnlyList<LedgerPayout> Payouts() => chain.Read(c =>
    {
        var contract = PayoutContract.ToScAddress();
        return c.State.All
            .Where(entry => entry.Value.Entry.Data is LedgerEntryData.ContractData { Value: var data } && data.Contract == contract)
            .Select(entry => LedgerPayout.Of(entry.Value.ContractData))
            .OfType<LedgerPayout>()
            .OrderBy(payout => (payout.Context, payout.PoolId, payout.RoundId, payout.Winner))
            .ToList();
    });

    public LedgerCounts Counts() => chain.Read(c => new LedgerCounts(
        c.History.Latest.Sequence, c.History.Oldest.Sequence, c.State.Count, c.History.TransactionCount, c.Queue.Classic.Count, c.Queue.Soroban.Count));

    /// <summary>Creates an account, or adds to its balance, outside of any transaction: for preparing many at once.</summary>
    public void Grant(AccountId account, long stroops) => chain.Read(c =>
    {
        var id = account.ToXdr();
        var existing = c.State.Account(id);
        var entry = existing is null ? Accounts.New(id, stroops, c.History.Latest.Sequence) : existing with { Balance = existing.Balance + stroops };
        c.State.Set(EntryKey.Account(id), StoredEntry.Of(new LedgerEntryData.Account(entry), c.History.Latest.Sequence));
        return true;
    });

    /// <summary>Gives an asset a token contract, registers it with the payout contract and funds that, as a deployer would.</summary>
    public ContractId RegisterToken(string currency, string asset, Int128 funding) => chain.Read(c =>
    {
        var contract = PayoutContract.ToScAddress();
        var ledger = c.History.Latest.Sequence;
        var token = c.Genesis.DeployToken(c.State, Assets.Parse(asset), ledger);
        var instance = ((SCVal.ContractInstance)c.State.Get(EntryKey.Instance(contract))!.ContractData.Val).Value;
        c.Genesis.PutInstance(c.State, contract, PayoutSettings.Read(instance).WithToken(currency, token).ToInstance(), ledger);
        c.Genesis.Fund(c.State, token, contract, funding, ledger);
        return ContractId.FromXdr(((SCAddress.Contract)token).Value);
    });

    /// <summary>Ends the life of a contract entry now: a persistent one is archived, a temporary one gone.</summary>
    /// <returns>False when no such contract entry exists.</returns>
    public bool Archive(LedgerKey key) => chain.Read(c =>
    {
        var entryKey = EntryKey.Of(key);
        if (c.State.Get(entryKey) is not { LiveUntil: not null } entry)
        {
            return false;
        }

        c.State.Set(entryKey, entry.WithLiveUntil(c.History.Latest.Sequence - 1));
        return true;
    });

    /// <summary>Ends the life of what a contract holds of an asset. Accounts hold in classic entries, which are never archived.</summary>
    public bool ArchiveBalance(ContractId holder, string asset = "native") => Archive(new LedgerKey.ContractData(new LedgerKeyContractData(
        chain.TokenIds.Of(Assets.Parse(asset)).Address(), TokenBalances.ContractKey(holder.ToScAddress()), ContractDataDurability.PERSISTENT)));

    /// <summary>Ends the life of a contract's instance: nobody can call it until it is restored.</summary>
    public bool ArchiveInstance(ContractId contract) => Archive(EntryKey.Instance(contract.ToScAddress()).Decode());

    /// <summary>Takes one payout record away, as an upgrade of the contract that loses its storage would: the contract would pay it again.</summary>
    public void ForgetPayout(string context, uint poolId, uint roundId, string winner) => chain.Read(c =>
    {
        c.State.Set(EntryKey.ContractData(PayoutContract.ToScAddress(), new PayoutStorageKey(context, poolId, roundId, Identities.AddressOf(winner)).Key, ContractDataDurability.PERSISTENT), null);
        return true;
    });

    /// <summary>Ends the life of one payout record.</summary>
    public bool ArchivePayout(string context, uint poolId, uint roundId, string winner) => Archive(new LedgerKey.ContractData(new LedgerKeyContractData(
        PayoutContract.ToScAddress(), new PayoutStorageKey(context, poolId, roundId, Identities.AddressOf(winner)).Key, ContractDataDurability.PERSISTENT)));
}

/// <summary>Sizes that must stay bounded.</summary>
public sealed record LedgerCounts(uint LatestLedger, uint OldestLedger, int Entries, int Transactions, int PendingClassic, int PendingSoroban);

/// <summary>One record of the payout contract.</summary>
public sealed record LedgerPayout(string Context, uint PoolId, uint RoundId, string Winner, Int128 Amount, string Currency)
{
    internal static LedgerPayout? Of(ContractDataEntry data) =>
        PayoutStorageKey.Of(data.Key) is { } key && data.Val.Field("amount")?.I128OrNull() is { } amount && data.Val.Field("currency")?.SymbolOrNull() is { } currency
            ? new LedgerPayout(key.Context, key.PoolId, key.RoundId, key.Winner.Text(), amount, currency)
            : null;
}
