namespace Payouts.Tests.Faults.Steps;

/// <summary>What PAYOUTS_FAULT_STEPS of one process names: where it is told to die, and what it passed.</summary>
internal sealed class StepFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("payouts-steps-");

    public string Path => _folder.FullName;

    /// <summary>Every point that was passed since the suite began, in order; one that several lives of the process passed is named again.</summary>
    public IReadOnlyList<string> Passed()
    {
        var record = System.IO.Path.Combine(Path, "passed");
        return File.Exists(record) ? File.ReadAllLines(record) : [];
    }

    /// <summary>The process dies when it passes the point from now on.</summary>
    public void Arm(string point) => Order(point);

    public void Disarm() => Order("");

    public void Dispose() => _folder.Delete(recursive: true);

    // Renamed, so that the process never reads half an order.
    private void Order(string text)
    {
        var draft = System.IO.Path.Combine(Path, "draft");
        File.WriteAllText(draft, text);
        File.Move(draft, System.IO.Path.Combine(Path, "stop-at"), overwrite: true);
    }
}
