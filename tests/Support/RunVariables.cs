using System.Globalization;

namespace Payouts.Tests.Support;

/// <summary>What a run is asked for by variables.</summary>
public static class RunVariables
{
    /// <summary>PAYOUTS_TEST_SEED; without it the day of the year, so that every day tries something else and says what.</summary>
    public static int Seed => Number("PAYOUTS_TEST_SEED", TimeProvider.System.GetUtcNow().DayOfYear);

    /// <summary>True when PAYOUTS_TEST_KILLS says "all": whoever is killed somewhere is killed there in this run.</summary>
    public static bool KillsAll => Environment.GetEnvironmentVariable("PAYOUTS_TEST_KILLS") == "all";

    /// <summary>A variable that is a number; not set, it is the usual one.</summary>
    /// <exception cref="FormatException">It is no whole number from 1.</exception>
    public static int Number(string variable, int usual) => Number(variable, Environment.GetEnvironmentVariable(variable), usual);

    /// <summary>A variable's value, or a part of it, that is a number.</summary>
    /// <exception cref="FormatException">It is no whole number from 1.</exception>
    public static int Number(string variable, string? value, int usual) => value switch
    {
        null or "" => usual,
        var text when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 => number,
        var text => throw new FormatException($"{variable} is \"{text}\"; a whole number from 1 is right"),
    };
}
