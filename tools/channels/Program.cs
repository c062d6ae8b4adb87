using Microsoft.Extensions.Configuration;
using Payouts.Channels;

var settings = new ConfigurationBuilder().AddEnvironmentVariables().Build();
var console = new Terminal(Console.Out, Console.Error, IsInteractive: !Console.IsErrorRedirected);
return await CommandLine.RunAsync(args, settings, console, TimeProvider.System, CancellationToken.None);
