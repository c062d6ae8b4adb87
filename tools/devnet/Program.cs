using Payouts.Devnet;
using Payouts.Devnet.Options;

DevnetOptions options;
try
{
    options = DevnetOptionsReader.FromEnvironment(args);
}
catch (DevnetOptionsException problem)
{
    await Console.Error.WriteLineAsync(problem.Message);
    return 2;
}

await using var devnet = await DevnetHost.StartAsync(options);
await Console.Out.WriteLineAsync($"devnet ready at {devnet.Address} (friendbot {devnet.FriendbotAddress}, payout contract {devnet.Ledger.PayoutContract})");
await devnet.WaitForShutdownAsync();
return 0;
