// In full: a package of the codec benchmark brings a namespace of the same name.
return await Payouts.Bench.CommandLine.RunAsync(args);
