using Xunit.Sdk;
using Xunit.v3;

// One installation at a time: its ports are those of docker-compose.yml.
[assembly: Parallelization(Mode = ParallelMode.None)]
