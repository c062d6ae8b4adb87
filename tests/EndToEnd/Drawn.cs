using System.Globalization;

namespace Payouts.Tests.EndToEnd;

/// <summary>What a run takes of many scenes that differ in who is killed: some, and others on another day. PAYOUTS_TEST_KILLS=all takes all, PAYOUTS_TEST_SEED draws as another run did.</summary>
internal static class Drawn
{
    public static IReadOnlyList<T> Of<T>(IReadOnlyCollection<T> all, int count)
    {
        if (Environment.GetEnvironmentVariable("PAYOUTS_TEST_KILLS") == "all")
            return [.. all];
        var seed = int.TryParse(Environment.GetEnvironmentVariable("PAYOUTS_TEST_SEED"), CultureInfo.InvariantCulture, out var given) ? given : TimeProvider.System.GetUtcNow().DayOfYear;
        TestContext.Current.TestOutputHelper!.WriteLine(string.Create(CultureInfo.InvariantCulture, $"PAYOUTS_TEST_SEED={seed}"));
        T[] drawn = [.. all];
        new Random(seed).Shuffle(drawn);
        return drawn[..count];
    }
}
