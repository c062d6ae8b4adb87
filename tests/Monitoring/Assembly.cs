using Payouts.Tests.Support;
using Xunit.Sdk;
using Xunit.v3;

// The whole suite and its monitoring run in one test: nothing else should run beside it.
[assembly: Parallelization(Mode = ParallelMode.None)]
[assembly: AssemblyFixture(typeof(Servers))]
