using Payouts.Tests.Simulation.Runs;

// "simulate" runs as many seeds as one likes and shows how far it is; everything else is the test runner's.
return args is ["simulate", .. var rest]
    ? await CommandLine.RunAsync(rest)
    : await Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(args);
