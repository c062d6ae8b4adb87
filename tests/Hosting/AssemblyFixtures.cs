using Payouts.Tests.Support;

[assembly: AssemblyFixture(typeof(Servers))]
