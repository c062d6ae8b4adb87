using System.Globalization;
using Payouts.Tests.Faults.Restores;

namespace Payouts.Tests.Faults;

/// <summary>How large a run is: the small one of every day, unless variables ask for more.</summary>
internal static class Chosen
{
    /// <summary>PAYOUTS_TEST_SEED; without it the day of the year, so that every day tries something else and says what.</summary>
    public static int Seed => Number("PAYOUTS_TEST_SEED", TimeProvider.System.GetUtcNow().DayOfYear);

    /// <summary>PAYOUTS_TEST_KILLS_AT: a part of the names of the points to kill at.</summary>
    public static string? KillsAt => Environment.GetEnvironmentVariable("PAYOUTS_TEST_KILLS_AT");

    /// <summary>PAYOUTS_TEST_KILLS: points to kill at; all of them when it says "all".</summary>
    public static int Kills => Environment.GetEnvironmentVariable("PAYOUTS_TEST_KILLS") == "all" ? int.MaxValue : Number("PAYOUTS_TEST_KILLS", 4);

    /// <summary>PAYOUTS_TEST_PAYOUTS: winners in a fault run.</summary>
    public static int Payouts => Number("PAYOUTS_TEST_PAYOUTS", 300);

    /// <summary>PAYOUTS_TEST_FAULTS: faults in a fault run.</summary>
    public static int Faults => Number("PAYOUTS_TEST_FAULTS", 20);

    /// <summary>PAYOUTS_TEST_REPLICAS: processes of each service, and of the external signer, in a fault run.</summary>
    public static int Replicas => Number("PAYOUTS_TEST_REPLICAS", 2);

    /// <summary>PAYOUTS_TEST_RESTORES: "all", or numbers of drills from 1, such as 4,5,6; without it the first.</summary>
    public static IReadOnlyList<Restore> Drills => Environment.GetEnvironmentVariable("PAYOUTS_TEST_RESTORES") switch
    {
        null or "" => [Restore.All[0]],
        "all" => Restore.All,
        var some => [.. some.Split(',').Select(number => Restore.All[(Number("PAYOUTS_TEST_RESTORES", number, 1) - 1) % Restore.All.Count])],
    };

    /// <summary>PAYOUTS_TEST_FORM: what the external signer signs in a fault run, envelope or authorization.</summary>
    public static string Form => Environment.GetEnvironmentVariable("PAYOUTS_TEST_FORM") is { Length: > 0 } form ? form : "envelope";

    /// <summary>True when calls are authorized.</summary>
    public static bool Authorizes => Form == "authorization";

    /// <summary>Tells the one who runs it; a test's own output is shown only when it fails.</summary>
    public static void Tell(string text) => Console.Out.WriteLine(text);

    private static int Number(string variable, int usual) => Number(variable, Environment.GetEnvironmentVariable(variable), usual);

    private static int Number(string variable, string? value, int usual) => value switch
    {
        null or "" => usual,
        var text when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 => number,
        var text => throw new FormatException($"{variable} is \"{text}\"; a whole number from 1 is right"),
    };
}
