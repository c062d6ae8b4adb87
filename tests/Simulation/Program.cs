using Payouts.Tests.Simulation;
using Payouts.Tests.Simulation.Runs;
using Xunit.MicrosoftTestingPlatform;

// "simulate" runs as many seeds as one likes and shows how far it is; everything else is the test runner's, which "dotnet test" asks over a pipe.
return args switch
{
    ["simulate", .. var rest] => await CommandLine.RunAsync(rest),
    _ when args.Contains("--server") => await TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions),
    _ => await Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(args),
};
