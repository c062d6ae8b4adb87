using Payouts.Builder.Lanes;
using Payouts.Hosting.Background;
using Payouts.Stellar;
using Payouts.Stellar.Rpc;
using Payouts.Stellar.Xdr;

namespace Payouts.Builder.Balances;

/// <summary>Shows what the payout source account and its channels have: who runs dry stops paying, and the ledger tells it nobody.</summary>
public sealed class AccountBalances(ISorobanRpcClient rpc, BuilderOptions options, TimeProvider time, ILogger<AccountBalances> logger)
    : MeasuringLoop("reading the accounts' balances", time, logger)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    /// <inheritdoc />
    protected override TimeSpan Pause => Interval;

    /// <inheritdoc />
    protected override async Task MeasureAsync(CancellationToken cancellationToken)
    {
        var (source, poorest) = await ReadAsync(cancellationToken);
        BuilderMetrics.SourceBalance.Set(source);
        // Where no channel exists there is no poorest one: channel_accounts counts the missing.
        if (poorest is { } stroops)
            BuilderMetrics.PoorestChannel.Set(stroops);
    }

    /// <summary>Native balances in stroops, of the payout source account and of the poorest channel that exists.</summary>
    public async Task<(long Source, long? PoorestChannel)> ReadAsync(CancellationToken cancellationToken)
    {
        // An account that does not exist can pay nothing.
        var source = (await rpc.GetAccountAsync(options.SourceAccount, cancellationToken)).Balance ?? 0;
        long? poorest = null;
        foreach (var chunk in options.Channels.Chunk(ChannelPool.KeysPerCallMax))
        {
            var keys = chunk.Select(account => (LedgerKey)new LedgerKey.Account(new LedgerKeyAccount(account.ToXdr()))).ToList();
            var answer = await rpc.GetLedgerEntriesAsync(keys, cancellationToken);
            foreach (var account in answer.Entries.Select(entry => entry.Data).OfType<LedgerEntryData.Account>())
                poorest = Math.Min(poorest ?? long.MaxValue, account.Value.Balance);
        }

        return (source, poorest);
    }
}
