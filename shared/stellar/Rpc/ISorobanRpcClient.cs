using Payouts.Stellar.Xdr;

namespace Payouts.Stellar.Rpc;

/// <summary>
/// The Soroban RPC. Reads throw <see cref="SorobanRpcException"/> when no endpoint answered; a send never throws for what the network did, it
/// tells what is known. Cancellation throws <see cref="OperationCanceledException"/>, and a cancelled send may still have arrived.
/// </summary>
public interface ISorobanRpcClient
{
    Task<Health> GetHealthAsync(CancellationToken cancellationToken);

    Task<NetworkInfo> GetNetworkAsync(CancellationToken cancellationToken);

    Task<LatestLedger> GetLatestLedgerAsync(CancellationToken cancellationToken);

    Task<VersionInfo> GetVersionInfoAsync(CancellationToken cancellationToken);

    Task<FeeStats> GetFeeStatsAsync(CancellationToken cancellationToken);

    /// <param name="keys">At most 200.</param>
    Task<LedgerEntries> GetLedgerEntriesAsync(IReadOnlyList<LedgerKey> keys, CancellationToken cancellationToken);

    /// <summary>Simulates one Soroban operation; also the way to make a read-only call.</summary>
    Task<SimulationResult> SimulateTransactionAsync(
        TransactionEnvelope envelope, CancellationToken cancellationToken, SimulationOptions? options = null);

    /// <summary>Sends a signed envelope, the same bytes to each endpoint in turn until one answers.</summary>
    /// <param name="signedXdr">Base64, sent as it is.</param>
    /// <param name="hash">Its hash; an answer about another one counts as no answer.</param>
    Task<SendOutcome> SendTransactionAsync(string signedXdr, TransactionHash hash, CancellationToken cancellationToken);

    Task<TransactionLookup> GetTransactionAsync(TransactionHash hash, CancellationToken cancellationToken);

    /// <param name="limit">Transactions in one page, 1 to 200.</param>
    Task<TransactionsPage> GetTransactionsAsync(ScanStart start, int limit, CancellationToken cancellationToken);

    Task<EventsPage> GetEventsAsync(EventsRequest request, CancellationToken cancellationToken);
}

/// <summary>Questions that are asked often, on top of the methods of the RPC.</summary>
public static class SorobanRpcClientExtensions
{
    /// <summary>An account and the ledger at which it was so, in one consistent answer.</summary>
    public static async Task<AccountSnapshot> GetAccountAsync(this ISorobanRpcClient client, AccountId account, CancellationToken cancellationToken)
    {
        var key = new LedgerKey.Account(new LedgerKeyAccount(account.ToXdr()));
        var answer = await client.GetLedgerEntriesAsync([key], cancellationToken).ConfigureAwait(false);
        var entry = answer.Entries.FirstOrDefault(e => e.Key == key)?.Data as LedgerEntryData.Account;
        return new AccountSnapshot(entry?.Value, answer.LatestLedger);
    }
}
