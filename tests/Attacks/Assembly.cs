using Payouts.Tests.Support;
using Xunit.Sdk;
using Xunit.v3;

// One attack at a time: what rises and what is said meanwhile is its own.
[assembly: Parallelization(Mode = ParallelMode.None)]
[assembly: AssemblyFixture(typeof(Servers))]
