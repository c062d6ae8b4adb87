namespace Payouts.Tests.Support.Tests;

/// <summary>The stand-in service that these tests start.</summary>
internal static class Sample
{
    public static string Assembly => RepositoryRoot.AssemblyOf("tests/Support.Sample", "payouts-support-sample");
}
