using Payouts.Tests.Support;

namespace Payouts.Tests.Faults.Steps;

/// <summary>One line of the committed list: a point, and the scene that passes it.</summary>
internal sealed record Step(string Scene, string Point)
{
    /// <summary>The process that passes it.</summary>
    public string Service => Point[..Point.IndexOf('/', StringComparison.Ordinal)];

    public override string ToString() => $"{Scene} {Point}";
}

/// <summary>tests/Faults/step-points.txt: every point that the scenes pass. What differs from it fails a test.</summary>
internal static class StepList
{
    /// <summary>Points that only a race passes: listed by hand, neither demanded nor killed.</summary>
    public const string Seldom = "seldom";

    private static string FilePath => RepositoryRoot.PathOf("tests/Faults/step-points.txt");

    public static IReadOnlyList<Step> Read() =>
        [.. File.ReadAllLines(FilePath).Where(line => line.Length > 0 && line[0] != '#').Select(line => line.Split(' ')).Select(part => new Step(part[0], part[1]))];

    public static void Write(IEnumerable<Step> steps) => File.WriteAllLines(FilePath,
    [
        "# Every step point, after the scene that passes it first; 'seldom' are those that only a race passes. Written by",
        "# PAYOUTS_TEST_UPDATE=1 dotnet run --project tests/Faults -c Release -- -class '*When_steps_are_listed'",
        .. steps.Select(step => step.ToString()),
    ]);
}
