using Payouts.Run;

return await CommandLine.RunAsync(args);
