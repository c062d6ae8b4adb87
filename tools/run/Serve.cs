namespace Payouts.Run;

/// <summary>Starts everything and says where it is.</summary>
internal static class Serve
{
    public static async Task<int> RunAsync(EmbeddedOptions options, CancellationToken cancellationToken)
    {
        await using var suite = await EmbeddedSuite.StartAsync(options, cancellationToken);
        Console.WriteLine($"services   {suite.Address} (rounds, payouts, sign-requests, submissions, SERVICE/dead-letters, metrics, health/ready)");
        Console.WriteLine($"devnet     {suite.Devnet.Address} (Soroban JSON-RPC; friendbot at {suite.Devnet.FriendbotAddress})");
        Console.WriteLine($"contract   {suite.Devnet.Ledger.PayoutContract}, {options.Channels} channel accounts, a ledger every {options.CloseTime.TotalMilliseconds:0} ms");
        Console.WriteLine($"signing    {Describe(options.Mode)}");
        Console.WriteLine($"data       {suite.DataFolder} (SQLite files, removed at the end)");
        Console.WriteLine("Ctrl+C ends it. Play a round: ./run.sh play samples/rounds/four-players.json");
        await Task.Delay(Timeout.Infinite, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return 0;
    }

    private static string Describe(SuiteMode mode) => mode switch
    {
        SuiteMode.External => "by the local signer, asked by message as a KMS would be",
        SuiteMode.HotKey => "by payout-signer's own hot key",
        _ => "off: payouts end as Built",
    };
}
