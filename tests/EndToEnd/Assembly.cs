using Payouts.Tests.Support;

// Processes of one test leave no processor for those of another.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
[assembly: AssemblyFixture(typeof(Servers))]
