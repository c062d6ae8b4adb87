using Payouts.Tests.Faults.Restores;
using Payouts.Tests.Support;

namespace Payouts.Tests.Faults;

/// <summary>How large a run is: the small one of every day, unless variables ask for more.</summary>
internal static class Chosen
{
    /// <summary>What this run draws by.</summary>
    public static int Seed => RunVariables.Seed;

    /// <summary>PAYOUTS_TEST_KILLS_AT: a part of the names of the points to kill at.</summary>
    public static string? KillsAt => Environment.GetEnvironmentVariable("PAYOUTS_TEST_KILLS_AT");

    /// <summary>PAYOUTS_TEST_KILLS: points to kill at; all of them when it says "all".</summary>
    public static int Kills => RunVariables.KillsAll ? int.MaxValue : RunVariables.Number("PAYOUTS_TEST_KILLS", 4);

    /// <summary>PAYOUTS_TEST_PAYOUTS: winners in a fault run.</summary>
    public static int Payouts => RunVariables.Number("PAYOUTS_TEST_PAYOUTS", 300);

    /// <summary>PAYOUTS_TEST_FAULTS: faults in a fault run.</summary>
    public static int Faults => RunVariables.Number("PAYOUTS_TEST_FAULTS", 20);

    /// <summary>PAYOUTS_TEST_REPLICAS: processes of each service, and of the external signer, in a fault run.</summary>
    public static int Replicas => RunVariables.Number("PAYOUTS_TEST_REPLICAS", 2);

    /// <summary>PAYOUTS_TEST_RESTORES: "all", or numbers of drills from 1, such as 4,5,6; without it the first.</summary>
    public static IReadOnlyList<Restore> Drills => Environment.GetEnvironmentVariable("PAYOUTS_TEST_RESTORES") switch
    {
        null or "" => [Restore.All[0]],
        "all" => Restore.All,
        var some => [.. some.Split(',').Select(number => Restore.All[(RunVariables.Number("PAYOUTS_TEST_RESTORES", number, 1) - 1) % Restore.All.Count])],
    };

    /// <summary>PAYOUTS_TEST_BACKUP_AGE_MINUTES: how old a drill's backups are at the least when everything dies; without it as old as two rounds make them.</summary>
    public static TimeSpan BackupAge => TimeSpan.FromMinutes(RunVariables.Number("PAYOUTS_TEST_BACKUP_AGE_MINUTES", 0));

    /// <summary>PAYOUTS_TEST_FORM: what the external signer signs in a fault run, envelope or authorization.</summary>
    public static string Form => Environment.GetEnvironmentVariable("PAYOUTS_TEST_FORM") is { Length: > 0 } form ? form : "envelope";

    /// <summary>True when calls are authorized.</summary>
    public static bool Authorizes => Form == "authorization";

    /// <summary>Tells the one who runs it; a test's own output is shown only when it fails.</summary>
    public static void Tell(string text) => Console.Out.WriteLine(text);
}
