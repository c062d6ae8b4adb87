using System.Globalization;
using Payouts.Tests.Support;

namespace Payouts.Tests.EndToEnd;

/// <summary>What a run takes of many scenes that differ in who is killed: some, and others on another day. PAYOUTS_TEST_KILLS=all takes all, PAYOUTS_TEST_SEED draws as another run did.</summary>
internal static class Drawn
{
    public static IReadOnlyList<T> Of<T>(IReadOnlyCollection<T> all, int count)
    {
        if (RunVariables.KillsAll)
            return [.. all];
        var seed = RunVariables.Seed;
        TestContext.Current.TestOutputHelper!.WriteLine(string.Create(CultureInfo.InvariantCulture, $"PAYOUTS_TEST_SEED={seed}"));
        T[] drawn = [.. all];
        new Random(seed).Shuffle(drawn);
        return drawn[..count];
    }
}
