using Xunit.Sdk;
using Xunit.v3;

// Each test runs the whole suite in a process: one at a time.
[assembly: Parallelization(Mode = ParallelMode.None)]
