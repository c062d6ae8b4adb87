using Payouts.OperatorConsole;
using Payouts.OperatorConsole.Output;

var surroundings = new Surroundings(Terminal.OfThisProcess(), Environment.GetEnvironmentVariable, TimeProvider.System);
return await CommandLine.RunAsync(args, surroundings, CancellationToken.None);
