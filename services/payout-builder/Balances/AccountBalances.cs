using Payouts.Hosting.Background;
using Payouts.Stellar;
using Payouts.Stellar.Rpc;
using Payouts.Stellar.Xdr;

namespace Payouts.Builder.Balances;

/// <summary>Shows what the payout source account and its channels have: who runs dry stops paying, and the ledger tells it nobody.</summary>
public sealed class AccountBalances(ISorobanRpcClient rpc, BuilderOptions options, TimeProvider time, ILogger<AccountBalances> logger)
    : BackgroundLoop("reading the accounts' balances", time, logger)
{
    private const int KeysPerCallMax = 200;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    /// <inheritdoc />
    protected override TimeSpan Pause => Interval;

    /// <inheritdoc />
    protected override async Task<bool> StepAsync(CancellationToken cancellationToken)
    {
        // An account that does not exist can pay nothing.
        BuilderMetrics.SourceBalance.Set((await rpc.GetAccountAsync(options.SourceAccount, cancellationToken)).Balance ?? 0);
        var balances = new List<long>();
        foreach (var chunk in options.Channels.Chunk(KeysPerCallMax))
        {
            var keys = chunk.Select(account => (LedgerKey)new LedgerKey.Account(new LedgerKeyAccount(account.ToXdr()))).ToList();
            var answer = await rpc.GetLedgerEntriesAsync(keys, cancellationToken);
            balances.AddRange(answer.Entries.Select(entry => entry.Data).OfType<LedgerEntryData.Account>().Select(account => account.Value.Balance));
        }

        // Channels that do not exist are counted as missing, by channel_accounts.
        if (balances.Count > 0)
            BuilderMetrics.PoorestChannel.Set(balances.Min());
        return false;
    }
}
