namespace Payouts.Stellar.Rpc;

/// <summary>The methods' names on the wire.</summary>
internal static class RpcMethod
{
    public const string GetHealth = "getHealth";
    public const string GetNetwork = "getNetwork";
    public const string GetLatestLedger = "getLatestLedger";
    public const string GetVersionInfo = "getVersionInfo";
    public const string GetFeeStats = "getFeeStats";
    public const string GetLedgerEntries = "getLedgerEntries";
    public const string SimulateTransaction = "simulateTransaction";
    public const string SendTransaction = "sendTransaction";
    public const string GetTransaction = "getTransaction";
    public const string GetTransactions = "getTransactions";
    public const string GetEvents = "getEvents";
}
