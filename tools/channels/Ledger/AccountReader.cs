using Payouts.Stellar;
using Payouts.Stellar.Rpc;
using Payouts.Stellar.Xdr;

namespace Payouts.Channels.Ledger;

/// <summary>Accounts as of one ledger.</summary>
/// <param name="Ledger">That ledger; of several answers the oldest.</param>
/// <param name="Accounts">Those that exist.</param>
public sealed record AccountsAtLedger(uint Ledger, IReadOnlyDictionary<AccountId, AccountEntry> Accounts)
{
    /// <summary>Null: it does not exist.</summary>
    public AccountEntry? Find(AccountId account) => Accounts.GetValueOrDefault(account);
}

/// <summary>Reads many accounts at once.</summary>
public static class AccountReader
{
    /// <summary>Keys in one getLedgerEntries (stellar-rpc); one answer is a consistent snapshot.</summary>
    public const int KeysPerCallMax = 200;

    /// <summary>Up to <see cref="KeysPerCallMax"/> accounts in one consistent answer.</summary>
    /// <exception cref="SorobanRpcException">No endpoint answered.</exception>
    public static async Task<AccountsAtLedger> ReadSnapshotAsync(ISorobanRpcClient rpc, IEnumerable<AccountId> accounts, CancellationToken cancellationToken)
    {
        var keys = accounts.Select(account => (LedgerKey)new LedgerKey.Account(new LedgerKeyAccount(account.ToXdr()))).ToList();
        var answer = await rpc.GetLedgerEntriesAsync(keys, cancellationToken);
        return new AccountsAtLedger(answer.LatestLedger, answer.Entries.Select(x => x.Data).OfType<LedgerEntryData.Account>()
            .ToDictionary(x => AccountId.FromXdr(x.Value.AccountID), x => x.Value));
    }

    /// <summary>Any number of accounts, by several answers.</summary>
    /// <exception cref="SorobanRpcException">No endpoint answered.</exception>
    public static async Task<AccountsAtLedger> ReadAsync(ISorobanRpcClient rpc, IEnumerable<AccountId> accounts, CancellationToken cancellationToken)
    {
        var found = new Dictionary<AccountId, AccountEntry>();
        var ledger = uint.MaxValue;
        foreach (var chunk in accounts.Chunk(KeysPerCallMax))
        {
            var part = await ReadSnapshotAsync(rpc, chunk, cancellationToken);
            ledger = Math.Min(ledger, part.Ledger);
            foreach (var (account, entry) in part.Accounts)
                found[account] = entry;
        }

        return new AccountsAtLedger(ledger, found);
    }

    /// <summary>The reserve for each entry of an account in stroops, as the newest ledger's header says; servers before version 25 do not send it.</summary>
    /// <exception cref="SorobanRpcException">No endpoint answered.</exception>
    public static async Task<long> ReadBaseReserveAsync(ISorobanRpcClient rpc, CancellationToken cancellationToken) =>
        (await rpc.GetLatestLedgerAsync(cancellationToken)).Header is { } encoded && encoded.TryDecode(out var header) ? header.BaseReserve : Reserves.BaseReserveStroops;
}
