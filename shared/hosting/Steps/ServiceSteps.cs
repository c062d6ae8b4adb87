using System.Collections.Concurrent;

namespace Payouts.Hosting.Steps;

/// <summary>The step points of one service: puts its name before them.</summary>
internal sealed class ServiceSteps(IStepPoints points, string schema)
{
    private readonly string _service = schema.Replace('_', '-');
    private readonly ConcurrentDictionary<(string, string), IReadOnlyList<string>> _workers = new();

    public bool AreWatched => points.AreWatched;

    /// <summary>The points of a transaction that was begun in this file.</summary>
    public UnitSteps Of(string step, string file) => new(this, points.AreWatched ? _workers.GetOrAdd((step, file), Name) : []);

    public void Pass(string worker, string moment)
    {
        if (points.AreWatched)
            points.Pass($"{_service}/{worker}/{moment}");
    }

    private static IReadOnlyList<string> Name((string Step, string File) begun)
    {
        var name = Path.GetFileNameWithoutExtension(begun.File);
        return [begun.Step.Length == 0 ? name : $"{name}.{begun.Step}"];
    }
}

/// <summary>The step points of one transaction; several workers when several messages share it.</summary>
internal readonly record struct UnitSteps(ServiceSteps Service, IReadOnlyList<string> Workers)
{
    public void Pass(string moment)
    {
        if (!Service.AreWatched)
            return;
        foreach (var worker in Workers)
            Service.Pass(worker, moment);
    }
}
