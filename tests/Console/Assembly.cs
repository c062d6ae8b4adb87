using Payouts.Tests.OperatorConsole.Support;
using Xunit.Sdk;
using Xunit.v3;

// The suite is one, and what one test decides another sees.
[assembly: Parallelization(Mode = ParallelMode.None)]
[assembly: AssemblyFixture(typeof(PlayedSuite))]
