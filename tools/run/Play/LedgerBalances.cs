using Payouts.Stellar;
using Payouts.Stellar.Rpc;
using Payouts.Stellar.Xdr;

namespace Payouts.Run.Play;

/// <summary>What accounts hold according to the ledger itself, in stroops of the native asset.</summary>
internal sealed class LedgerBalances(ISorobanRpcClient rpc)
{
    private const int KeysPerCallMax = 200;

    /// <summary>The sum over the accounts; one that does not exist holds nothing.</summary>
    public async Task<Int128> SumAsync(IEnumerable<string> accounts, CancellationToken cancellationToken)
    {
        Int128 sum = 0;
        foreach (var chunk in accounts.Chunk(KeysPerCallMax))
        {
            var keys = chunk.Select(account => (LedgerKey)new LedgerKey.Account(new LedgerKeyAccount(AccountId.Parse(account).ToXdr()))).ToList();
            var entries = await rpc.GetLedgerEntriesAsync(keys, cancellationToken);
            foreach (var entry in entries.Entries.Select(x => x.Data).OfType<LedgerEntryData.Account>())
                sum += entry.Value.Balance;
        }

        return sum;
    }
}
