using Payouts.Bench;

return await CommandLine.RunAsync(args);
