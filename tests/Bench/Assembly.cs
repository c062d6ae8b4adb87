using Xunit.Sdk;
using Xunit.v3;

// Two benches at once measure each other.
[assembly: Parallelization(Mode = ParallelMode.None)]
