using Payouts.Tests.Signers;
using Payouts.Tests.Support;
using Xunit.Sdk;
using Xunit.v3;

// Processes of one test leave no processor for those of another.
[assembly: Parallelization(Mode = ParallelMode.None)]
[assembly: AssemblyFixture(typeof(Servers))]
[assembly: AssemblyFixture(typeof(SoftHsm))]
