using Payouts.Tests.Support;
using Xunit;

[assembly: AssemblyFixture(typeof(Servers))]
