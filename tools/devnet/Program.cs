using Payouts.Devnet;
using Payouts.Devnet.Options;

DevnetOptions options;
try
{
    options = DevnetOptionsReader.FromEnvironment([.. args.Where(argument => argument != HealthProbe.Argument)]);
}
catch (DevnetOptionsException problem)
{
    await Console.Error.WriteLineAsync(problem.Message);
    return 2;
}

if (args.Contains(HealthProbe.Argument))
{
    return await HealthProbe.RunAsync(options);
}

DevnetHost devnet;
try
{
    devnet = await DevnetHost.StartAsync(options);
}
catch (DevnetOptionsException problem)
{
    await Console.Error.WriteLineAsync(problem.Message);
    return 2;
}
catch (IOException problem)
{
    await Console.Error.WriteLineAsync($"DEVNET_PORT {options.Port} cannot be listened on: {problem.Message}");
    return 2;
}

await using var running = devnet;
await Console.Out.WriteLineAsync($"devnet ready at {devnet.Address} (friendbot {devnet.FriendbotAddress}, payout contract {devnet.Ledger.PayoutContract})");
await devnet.WaitForShutdownAsync();
return 0;
