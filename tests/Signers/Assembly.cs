using Xunit.Sdk;
using Xunit.v3;

// SoftHSM2 is one library with one state for the whole process, and some tests take it away.
[assembly: Parallelization(Mode = ParallelMode.None)]
[assembly: AssemblyFixture(typeof(SoftHsm))]
