using Payouts.Tests.Support;
using Xunit.Sdk;
using Xunit.v3;

// Programs of one test leave no processor for those of another.
[assembly: Parallelization(Mode = ParallelMode.None)]
[assembly: AssemblyFixture(typeof(Servers))]
